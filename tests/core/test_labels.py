"""Labels and codes: what a scanner reads is what was meant, and the pages' policy lets them through."""

import io
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import segno
from PIL import Image

from core import fonts, labels
from core.labels import Label, TooLong, code128_svg, label_pdf, qr_png, qr_svg
from tests.harness import pdf_text

pytestmark = pytest.mark.slow  # seconds a test; `make quick` leaves it out, CI runs it

JUNE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
ADDRESS = "https://xunshi.example/i/XS-2026-000123-X"
NEED_FONT = pytest.mark.skipif(
    not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)"
)


def modules_of(svg):
    """Paint the SVG path of a QR code into rows of booleans."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    rows = [[False] * side for _ in range(side)]
    x = y = 0.0
    for kind, a, b in re.findall(
        r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.search(r'stroke="#000"[^>]* d="([^"]*)"', svg)[1]
    ):
        if kind == "h":
            for column in range(int(x), int(x) + int(a)):
                rows[int(y)][column] = True
            x += float(a)
        else:
            x, y = (float(a), float(b)) if kind == "M" else (x + float(a), y + float(b))
    return rows


def test_the_svg_shows_the_modules_of_the_code():
    expected = [
        [bool(module) for module in row] for row in segno.make_qr(ADDRESS, error="m").matrix_iter(border=4)
    ]
    assert modules_of(qr_svg(ADDRESS)) == expected


@pytest.mark.parametrize(
    "svg",
    [qr_svg(ADDRESS), qr_svg(ADDRESS, 'a"><script>'), code128_svg("XS-2026-000123-X"), code128_svg("<&\"'>")],
)
def test_the_pages_policy_has_nothing_against_them(svg):
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img" and root.attrib["aria-label"]
    assert not [
        each for each in root.iter() if "style" in each.attrib or each.tag.endswith(("style", "script"))
    ]
    assert "width" not in root.attrib and "viewBox" in root.attrib


def test_the_png_is_black_on_white_with_a_quiet_zone():
    picture = Image.open(io.BytesIO(qr_png(ADDRESS, scale=3))).convert("L")
    matrix = [list(row) for row in segno.make_qr(ADDRESS, error="m").matrix_iter(border=4)]
    assert picture.size == (3 * len(matrix), 3 * len(matrix))
    assert all(
        (picture.getpixel((3 * x + 1, 3 * y + 1)) == 0) == bool(module)
        for y, row in enumerate(matrix)
        for x, module in enumerate(row)
    )


def test_code_128_of_the_standard():
    # "AB" in set B: start 104, values 33 and 34, check (104 + 33 + 2 * 34) % 103 = 102, stop; standard widths
    widths = "211214" + "111323" + "131123" + "411131" + "2331112"
    runs = [(int(x) - 10, int(w)) for x, w in re.findall(r"M(\d+) 4h(\d+)v40", code128_svg("AB"))]
    expected, at = [], 0
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            expected.append((at, width))
        at += width
    assert runs == expected
    assert f'viewBox="0 0 {at + 20} 60"' in code128_svg("AB")
    assert ">AB</text>" in code128_svg("AB")


@pytest.mark.parametrize("text", ["", "\u7269", "a\n", "x" * 49, "\x00"])
def test_what_code_128_cannot_say(text):
    with pytest.raises(TooLong):
        code128_svg(text)


def test_a_qr_code_has_its_limit():
    assert qr_svg("x" * 2000)
    with pytest.raises(TooLong):
        qr_svg("x" * 3000)


@NEED_FONT
def test_a_device_label_carries_number_and_lines():
    lines = ["手机 128 GB", "Example Phone 13 Pro", "成色 A", "寄卖点：文星里3号"]
    data = label_pdf([Label("XS-2026-000123-X", ADDRESS, [*lines, "a fifth line"])], JUNE)
    assert pdf_text.lines(data) == ["XS-2026-000123-X", *lines]
    width, height = (
        float(n) / 72 * 25.4 for n in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data).groups()
    )
    assert (round(width), round(height)) == (62, 29)
    assert data == label_pdf([Label("XS-2026-000123-X", ADDRESS, lines)], JUNE)


@NEED_FONT
def test_a_long_line_is_cut_with_an_ellipsis():
    data = label_pdf([Label("1", "x", ["深空灰色" * 10, "short"])], JUNE)
    long = pdf_text.lines(data)[1]
    assert long.startswith("深空灰色") and long.endswith("\u2026") and len(long) < 20


@NEED_FONT
def test_one_page_a_label_or_thirty_on_a_sheet():
    many = [Label(f"N{n}", f"https://xunshi.example/{n}") for n in range(31)]
    for sheet, pages in ((False, 31), (True, 2)):
        data = label_pdf(many, JUNE, sheet=sheet)
        assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == pages
        assert pdf_text.lines(data) == [each.number for each in many]


@NEED_FONT
def test_the_labels_qr_code_has_the_right_modules():
    data = label_pdf([Label("1", ADDRESS)], JUNE)
    content = next(
        s
        for s in map(pdf_text._plain, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S))
        if b" re" in s
    )
    boxes = [
        tuple(map(float, box)) for box in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", content)
    ]
    dark = sum(sum(row) for row in segno.make_qr(ADDRESS, error="m").matrix)
    dot = min(height for *_, height in boxes)
    assert round(sum(width for _, _, width, _ in boxes) / dot) == pytest.approx(dark, abs=2)
    assert labels.WIDTH == 62
