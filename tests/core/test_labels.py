"""Labels and codes: what a scanner reads is what was meant, and the pages' policy lets them through."""

import io
import re
from xml.etree import ElementTree

import pytest
import segno
import zxingcpp
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.ids import READABLE
from core.labels import TooLong, code128_svg, qr_png, qr_svg
from core.paper import code128_runs

pytestmark = pytest.mark.slow  # seconds a test; `make quick` leaves it out, CI runs it

ADDRESS = "https://xunshi.example/i/XS-2026-000123-X"


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


def scanned(text):
    """What another program reads off the bars of `text`."""
    runs, width = code128_runs(text)
    picture = Image.new("L", (2 * width, 60), 255)
    for start, long in runs:
        ImageDraw.Draw(picture).rectangle((2 * start, 0, 2 * (start + long) - 1, 59), fill=0)
    return [(one.text, one.position.top_left.x > 0) for one in zxingcpp.read_barcodes(picture)]


@given(st.one_of(st.text(READABLE, min_size=8, max_size=8), st.from_regex(r"[ -~]{2,20}", fullmatch=True)))
@example("99B3YAQ6")  # began with the pair that python-barcode took for a switch of sets, and was printed as B3YAQ6
@example("9999STF7")
@example("98B3YAQ6")
@example("999")
@example("9A")
@example("A99999")
def test_a_scanner_reads_what_was_to_be_printed(text):
    assert scanned(text) == [(text, True)]


@pytest.mark.parametrize("text", ["", "\u7269", "a\n", "x" * 49, "\x00"])
def test_what_code_128_cannot_say(text):
    with pytest.raises(TooLong):
        code128_svg(text)


def test_a_qr_code_has_its_limit():
    assert qr_svg("x" * 2000)
    with pytest.raises(TooLong):
        qr_svg("x" * 3000)
