"""Labels on paper: what a printer would print is decoded by another program, and stands where the sheet has its labels."""

import re
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from core import fonts, ids
from core.label_calibration import calibration_pdf
from core.label_faces import life_label, paper_label, price_tag
from core.label_formats import A4, EDGE, FORMATS
from core.label_sheets import label_pictures, labels_pdf
from core.paper import DOT, TooLong
from tests.harness import pdf_text

pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)"),
]  # fmt: skip
JUNE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
DPI = (203, 300, 600)
SHEETS = [code for code, one in FORMATS.items() if one.places > 1]
WITH_BARS = [code for code, one in FORMATS.items() if one.bars]


def address(code):
    return f"https://xunshi.example/i/{code}"


def life(code, **changed):
    told = {"title": "联想 ThinkPad X1 Carbon 第七代 14 英寸 银色 带原装充电器", "marks": ["旧货", "待信息清除"], "lines": ["西湖旧货行", "RK-2026-000123-K"]}
    return life_label(code=code, address=address(code), **{**told, **changed})


def tag(code, **changed):
    told = {"title": "波司登羽绒服", "price": "￥1,299.00", "before": "￥1,599.00", "marks": ["旧货", "等级 A"], "lines": ["A-03"]}
    return price_tag(code=code, address=address(code), **{**told, **changed})


def codes(count):
    return [ids.new_checked_code() for _ in range(count)]


def printed(data, dpi):
    """Each page as that printer's dots."""
    return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(data)]


def read(picture):
    """(kind, text, left, top, right, bottom in pixels) of every code another program finds."""
    found = []
    for one in zxingcpp.read_barcodes(picture):
        corners = [one.position.top_left, one.position.top_right, one.position.bottom_left, one.position.bottom_right]
        xs, ys = [c.x for c in corners], [c.y for c in corners]
        kind = "qr" if "qr" in str(one.format).lower() else "bars"
        found.append((kind, one.text, min(xs), min(ys), max(xs), max(ys)))
    return found


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda one: one.code)
@pytest.mark.parametrize("face", [life, tag])
def test_every_label_is_decoded_as_every_printer_prints_it(form, dpi, face):
    some = codes(min(form.places, 4) if form.places > 1 else 2)
    pages = printed(labels_pdf([face(code) for code in some], form, JUNE), dpi)
    found = [one for page in pages for one in read(page)]
    assert sorted(text for kind, text, *_ in found if kind == "qr") == sorted(map(address, some))
    assert sorted(text for kind, text, *_ in found if kind == "bars") == (sorted(some) if form.bars else [])


def test_a_code_is_read_without_its_colours_and_upside_down():
    (code,) = codes(1)
    (picture,) = printed(labels_pdf([life(code)], FORMATS["roll-58"], JUNE), 203)
    for seen in (picture.rotate(180), picture.point(lambda v: 255 if v > 128 else 0)):
        assert {text for _kind, text, *_ in read(seen)} == {code, address(code)}


@pytest.mark.parametrize("code", SHEETS)
def test_a_whole_sheet_stands_where_its_labels_are(code):
    """Every code lies inside its own label, and labels of one column repeat by the sheet's step to 0.2 mm."""
    form, some = FORMATS[code], codes(FORMATS[code].places)
    (picture,) = printed(labels_pdf([life(one) for one in some], form, JUNE), 600)
    mm, seen = 25.4 / 600, {(kind, text): box for kind, text, *box in read(picture)}
    assert len(seen) == 2 * form.places
    for place, one in enumerate(some):
        frame = form.frame(place)
        for kind, text in (("qr", address(one)), ("bars", one)):
            left, top, right, bottom = (edge * mm for edge in seen[kind, text])
            assert frame.x < left and right < frame.x + frame.width and frame.y < top and bottom < frame.y + frame.height
            assert left >= EDGE - 0.2 and right <= A4[0] - EDGE + 0.2
        above = place - form.across
        if above >= form.across:  # not from the first row, whose labels may begin further in
            a, b = seen["qr", address(some[above])], seen["qr", address(one)]
            assert (b[1] - a[1]) * mm == pytest.approx(form.step[1], abs=0.2)
            assert (b[0] - a[0]) * mm == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize(("code", "across", "down", "width", "height", "first", "last"), [
    ("a4-24", 3, 8, 70, 36, (0, 4.5), (140, 256.5)), ("a4-21", 3, 7, 63.5, 38.1, (7.21, 15.15), (139.29, 243.75)),
    ("a4-40", 4, 10, 48.5, 25.4, (8, 21.5), (153.5, 250.1)),
])  # fmt: skip
def test_the_sheets_are_those_of_the_shop_around_the_corner(code, across, down, width, height, first, last):
    form = FORMATS[code]
    assert (form.across, form.down, form.size, form.page) == (across, down, (width, height), A4)
    for place, corner in ((0, first), (form.places - 1, last)):
        assert (form.frame(place).x, form.frame(place).y) == pytest.approx(corner, abs=0.001)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda one: one.code)
def test_nothing_is_planned_outside_a_label_or_nearer_to_the_edge_than_printers_reach(form):
    for place in range(form.places):
        frame, inside = form.frame(place), form.inside(place)
        assert frame.x <= inside.x and inside.x + inside.width <= frame.x + frame.width + 1e-9
        assert frame.y <= inside.y and inside.y + inside.height <= frame.y + frame.height + 1e-9
        if form.places > 1:
            assert inside.x >= EDGE and inside.y >= EDGE and inside.x + inside.width <= A4[0] - EDGE + 1e-9
            assert inside.y + inside.height <= A4[1] - EDGE + 1e-9
    assert FORMATS["roll-58"].inside(0).width == 48 and FORMATS["roll-80"].inside(0).width == 72


def test_a_half_used_sheet_goes_on_where_it_was_left():
    form, some = FORMATS["a4-24"], codes(3)
    pages = printed(labels_pdf([life(one) for one in some], form, JUNE, first=23), 300)
    assert len(pages) == 2
    mm = 25.4 / 300
    where = [{text: (x * mm, y * mm) for kind, text, x, y, *_ in read(page) if kind == "bars"} for page in pages]
    assert where[0].keys() == set(some[:2]) and where[1].keys() == {some[2]}
    for place, code in ((22, some[0]), (23, some[1])):
        frame, (x, y) = form.frame(place), where[0][code]
        assert frame.x < x < frame.x + 70 and frame.y < y < frame.y + 36
    for first in (0, 25, -1):
        with pytest.raises(ValueError, match="1 to 24"):
            labels_pdf([life(some[0])], form, JUNE, first=first)


def test_a_life_label_says_what_stays_true():
    (code,) = codes(1)
    words = pdf_text.lines(labels_pdf([life(code, title="羽绒服")], FORMATS["a4-24"], JUNE))
    assert words == [ids.grouped(code), "羽绒服", "旧货", "待信息清除", "西湖旧货行", "RK-2026-000123-K"]
    assert "待信息清除" not in pdf_text.lines(labels_pdf([life(code, marks=["旧货", ""])], FORMATS["a4-24"], JUNE))


def test_a_price_tag_says_the_price_and_strikes_the_old_one():
    (code,) = codes(1)
    words = pdf_text.lines(labels_pdf([tag(code)], FORMATS["a4-24"], JUNE))
    assert words == ["￥1,299.00", "￥1,599.00", "波司登羽绒服", "旧货", "等级 A", ids.grouped(code), "A-03"]
    struck, plain = (label_pictures([tag(code, before=one)], FORMATS["a4-24"], JUNE)[0] for one in ("￥1,599.00", ""))
    assert struck.count("<polyline") == plain.count("<polyline") + 1


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda one: one.code)
def test_where_little_fits_the_code_the_price_and_the_marks_stay(form):
    (code,) = codes(1)
    long = "一个非常非常长的名称" * 8
    told = pdf_text.lines(labels_pdf([tag(code, title=long, marks=["Remanufactured", "Grade A"])], form, JUNE, language="en"))
    assert {"￥1,299.00", "Remanufactured", "Grade A", ids.grouped(code)} <= set(told)
    told = pdf_text.lines(labels_pdf([life(code, title=long)], form, JUNE))
    assert {ids.grouped(code), "旧货", "待信息清除"} <= set(told)


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from(sorted(FORMATS)))
def test_whatever_a_thing_is_called_its_label_is_drawn_and_read(title, line, paper):
    (code,) = codes(1)
    (page,) = printed(labels_pdf([life(code, title=title, lines=[line])], FORMATS[paper], JUNE), 300)
    assert address(code) in {text for _kind, text, *_ in read(page)}


def test_an_address_that_no_small_code_can_hold_is_refused():
    face = life_label(code="ABCD2345", address="https://" + "x" * 200, title="", marks=[])
    with pytest.raises(TooLong):
        labels_pdf([face], FORMATS["tag-68x10"], JUNE)


def test_modules_are_two_dots_of_the_coarsest_printer_at_least():
    picture = label_pictures([life("ABCD2345")], FORMATS["a4-40"], JUNE)[0]
    widths = [float(one) for shape in re.findall(r'<path fill="#000" d="([^"]+)"', picture) for one in re.findall(r"h(\d[\d.]*)v", shape)]
    assert min(widths) >= 2 * DOT - 0.001 and 0.124 < DOT < 0.126


def test_programs_are_asked_to_print_it_in_its_own_size():
    form = FORMATS["a4-21"]
    for data in (labels_pdf([life("ABCD2345")], form, JUNE), calibration_pdf(form, JUNE)):
        assert re.search(rb"/ViewerPreferences\s*<<[^>]*/PrintScaling /None", data)
    assert labels_pdf([life("ABCD2345")], form, JUNE) == labels_pdf([life("ABCD2345")], form, JUNE)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda one: one.code)
def test_the_measuring_page_is_as_long_as_it_says(form):
    """The ruler's ends and the first label's frame, measured in the picture, to 0.2 mm."""
    data = calibration_pdf(form, JUNE, "en")
    picture = pypdfium2.PdfDocument(data)[0].render(scale=600 / 72, grayscale=True).to_pil().point(lambda v: 255 * (v < 190))
    mm = 25.4 / 600
    assert (picture.width * mm, picture.height * mm) == pytest.approx(form.page, abs=0.1)
    frame, inside = form.frame(0), form.inside(0)
    begin, at, most = (10, 10, int(form.page[0] - 20) // 10 * 10) if form.places > 1 else (
        inside.x + 2, inside.y + 0.4, int(inside.width - 4) // 10 * 10)  # fmt: skip
    row = picture.crop((0, round((at + 3.2) / mm), picture.width, round((at + 3.2) / mm) + 1))  # only the ticks of tens are so long
    dark = [x * mm for x in range(row.width) if row.getpixel((x, 0))]
    for tens in range(0, most + 1, 10):
        assert min(abs(x - begin - tens) for x in dark) < 0.2
    if form.places > 1:
        edge = picture.crop((0, round((frame.y + frame.height / 2) / mm), picture.width, round((frame.y + frame.height / 2) / mm) + 1))
        lines = [x * mm for x in range(edge.width) if edge.getpixel((x, 0))]
        assert min(abs(x - frame.x - frame.width) for x in lines) < 0.2
        assert str(form.places) in pdf_text.lines(data)
    assert form.code == "tag-68x10" or any("100 %" in line for line in pdf_text.lines(data))


def test_a_look_shows_what_the_paper_will_have():
    some = codes(2)
    pictures = label_pictures([life(one) for one in some], FORMATS["a4-24"], JUNE)
    assert len(pictures) == 2 and all(ids.grouped(code) in one for code, one in zip(some, pictures, strict=True))
    assert all("style=" not in one and 'viewBox="0 0 70 36"' in one for one in pictures)
    (nasty,) = label_pictures([life(some[0], title='<script>"&')], FORMATS["a4-24"], JUNE)
    assert "<script>" not in nasty and "&lt;script&gt;" in nasty
    assert label_pictures([], FORMATS["a4-24"], JUNE) == []


def test_a_papers_label_carries_its_number_and_four_lines():
    lines = ["信息清除证明", "Example Phone 13 Pro", "2026-06-01", "四"]
    data = labels_pdf([paper_label("XS-2026-000123-X", "https://xunshi.example/certificates/XS-2026-000123-X", [*lines, "five"])], FORMATS["roll-62x29"], JUNE)
    assert pdf_text.lines(data) == ["XS-2026-000123-X", *lines]
    (page,) = printed(data, 203)
    assert [(kind, text) for kind, text, *_ in read(page)] == [("qr", "https://xunshi.example/certificates/XS-2026-000123-X")]
