"""A small shop's machine with no Chinese font and no way to get one still prints its papers; the reader's program brings the letters."""

import re
import shutil
import subprocess
import sys
import zlib
from base64 import a85decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segno

from core import font_setup, fonts, paper, pdf
from core.fonts import NoFont
from core.label_faces import paper_label
from core.label_formats import DEVICE
from core.label_sheets import labels_pdf
from tests.harness import pdf_text

JUNE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
ADDRESS = "https://xunshi.example/c/1"
CHINESE = "\u4fe1\u606f\u6e05\u9664\u8bc1\u660e"


@pytest.fixture(autouse=True)
def no_font_here(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "_KNOWN", ((tmp_path / "x.ttc", 0),))
    monkeypatch.setattr(fonts, "IN_ENVIRONMENT", tmp_path / "y.ttf")
    monkeypatch.delenv("XUNSHI_FONT", raising=False)


def certificate(**changes):
    values = {
        "title": f"{CHINESE} Wipe certificate",
        "number": "XS-2026-000123-X",
        "created": JUNE,
        "blocks": [
            pdf.Facts([("型号 Model", "Example Phone 13 Pro"), ("价格", "￥1,299.50 (100%) \\ \u2022 é €")]),
            pdf.Paragraph("第一段。\nSecond paragraph."),
            pdf.Table(["项目", "Blocks"], [["全部读取", "4096"]], shares=[3, 1], right=frozenset({1})),
            pdf.Qr(ADDRESS, "扫码验证"),
        ],
    }
    return pdf.Document(**(values | changes))


def pages(data):
    return len(re.findall(rb"/Type /Page\b(?!s)", data))


def test_a_certificate_says_every_word_and_embeds_no_font():
    data = pdf.render(certificate())
    found = pdf_text.lines_by_reader(data)
    assert found[:2] == [f"{CHINESE} Wipe certificate", "XS-2026-000123-X"]
    for words in ("型号 Model", "Example Phone 13 Pro", "￥1,299.50 (100%) \\ \u2022 é €", "第一段。", "项目", "4096", "扫码验证"):
        assert words in found, words
    assert found[-2:] == ["XS-2026-000123-X", "1 / 1"] and pages(data) == 1
    assert b"/BaseFont /STSong-Light" in data and b"/FontFile" not in data


def test_another_reader_finds_the_words_too(tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "c.pdf").write_bytes(pdf.render(certificate()))
    text = subprocess.run(["pdftotext", tmp_path / "c.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Example Phone 13 Pro" in text and "4096" in text
    if not (Path("/usr/share/poppler/cMap/Adobe-GB1")).exists():
        pytest.skip("poppler-data is not installed: pdftotext can't read Chinese that isn't embedded")
    assert CHINESE in text and "￥1,299.50 (100%)" in text


def test_the_qr_code_has_the_modules_of_its_address():
    data = pdf.render(certificate())
    stream = re.search(rb"stream\r?\n(.*?)endstream", data, re.S)[1]
    drawn = zlib.decompress(a85decode(stream.strip().removesuffix(b"~>")))
    boxes = [tuple(map(float, box)) for box in re.findall(rb"n ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", drawn)]
    dot, left, top = min(box[3] for box in boxes), min(box[0] for box in boxes), max(box[1] for box in boxes)
    dark = {
        (round((top - y) / dot), round((x - left) / dot) + place)
        for x, y, width, _ in boxes
        for place in range(round(width / dot))
    }
    matrix = segno.make_qr(ADDRESS, error="m").matrix
    assert dark == {(down, right) for down, row in enumerate(matrix) for right, module in enumerate(row) if module}


def test_a_long_table_goes_over_pages_with_the_number_and_their_count_on_each():
    table = pdf.Table(["项目", "结果"], [[f"第{n}项", "通过"] for n in range(120)])
    data = pdf.render(certificate(blocks=[table]))
    found = pdf_text.lines_by_reader(data)
    assert pages(data) == found.count("项目") == 4
    assert [line for line in found if line.startswith("第")] == [f"第{n}项" for n in range(120)]
    assert [line for line in found if line.endswith(" / 4")] == [f"{n} / 4" for n in (1, 2, 3, 4)]


def test_lines_stay_inside_their_column():
    page = paper.Paper((210, 297), "", title="t", created=JUNE, language="zh")
    text = "混合 mixed 文本 with 12,345.67 元和 GB/T 39786-2021，以及 https://xunshi.example/a。" * 3
    lines = page.lines(text, 10, 60)
    assert len(lines) > 5 and all(page.ink.width(line, 10) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_only_what_is_bold_is_drawn_bold():
    stream = re.search(rb"stream\r?\n(.*?)endstream", pdf.render(certificate()), re.S)[1]
    drawn = zlib.decompress(a85decode(stream.strip().removesuffix(b"~>"))).decode("latin-1")
    thick, asked = False, []
    for step in re.findall(r"\b[qQ]\b|2 Tr|\((?:\\.|[^\\)])*\) Tj", drawn):
        if step in "qQ":
            thick = False
        elif step == "2 Tr":
            thick = True
        else:
            asked.append(thick)
    assert asked[0] and not asked[-1] and 3 <= sum(asked) < len(asked) / 2


def test_a_character_the_face_may_not_have_is_shown_as_missing():
    data = pdf.render(certificate(title="\U00020bb7记旧货 \U0001f4f1"))
    assert pdf_text.lines_by_reader(data)[0] == "\u3013记旧货 \u3013"


def test_hostile_text_is_only_text():
    nasty = "a\x00b\x07c\ud800d\u202ee\r\nf) Tj ET (\\ \x1b[31m {nb}"
    found = pdf_text.lines_by_reader(pdf.render(certificate(blocks=[pdf.Paragraph(nasty)])))
    assert "abcde" in found and "f) Tj ET (\\ [31m {nb}" in found


def test_two_prints_are_the_same_bytes_and_the_date_is_the_papers():
    data = pdf.render(certificate(language="en"))
    assert data == pdf.render(certificate(language="en"))
    assert data != pdf.render(certificate(language="en", created=JUNE + timedelta(seconds=1)))
    assert b"D:20260601040000" in data and b"/Lang (en)" in data
    with pytest.raises(ValueError, match="zone"):
        pdf.render(certificate(created=JUNE.replace(tzinfo=None)))


def test_a_label_is_printed_too():
    data = labels_pdf([paper_label("XS-2026-000123-X", ADDRESS, ["手机 128 GB"])], DEVICE, JUNE)
    assert pdf_text.lines_by_reader(data) == ["XS-2026-000123-X", "手机 128 GB"] and pages(data) == 1
    assert b"/PrintScaling /None" in data


def test_the_start_up_message_names_the_readers_face_and_what_would_be_better(monkeypatch, capsys):
    status = fonts.font_status({})
    assert not status.ok and "STSong-Light" in status.message
    assert "fonts-wqy-microhei" in status.message and "XUNSHI_FONT" in status.message
    monkeypatch.setattr(font_setup, "from_debian", lambda: None)
    monkeypatch.setattr(font_setup, "from_npm", lambda: None)
    font_setup.main()
    assert "STSong-Light" in capsys.readouterr().out


def test_without_either_the_program_says_what_to_install(monkeypatch):
    monkeypatch.setattr(paper, "has_reader_face", lambda: False)
    monkeypatch.setattr(fonts, "has_reader_face", lambda: False)
    assert fonts.font_status({}).message == NoFont().sentence
    with pytest.raises(NoFont) as refused:
        pdf.render(certificate())
    assert refused.value.status == 503


@pytest.mark.slow
def test_the_second_maker_is_loaded_only_where_it_is_needed():
    code = "import sys, app; print([name for name in sys.modules if name.split('.')[0] in ('reportlab', 'fpdf')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert said.stdout.strip() == "[]"
