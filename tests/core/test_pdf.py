"""Papers that people keep: both languages can be read, searched and printed, and two prints are alike."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest
from PIL import Image

from core import fonts, paper, pdf
from core.fonts import Font
from tests.harness import pdf_text

JUNE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
NEED_FONT = pytest.mark.skipif(
    not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)"
)
pytestmark = [NEED_FONT, pytest.mark.slow]
CHINESE = "信息清除证明"


def certificate(**changes):
    values = {
        "title": f"{CHINESE} Wipe certificate",
        "number": "XS-2026-000123-X",
        "created": JUNE,
        "blocks": [
            pdf.Heading("设备 Device"),
            pdf.Facts([("型号 Model", "Example Phone 13 Pro"), ("价格", "￥1,299.50 (100%) \\ \u2022 é €")]),
            pdf.Paragraph("第一段。\nSecond paragraph."),
            pdf.Table(
                ["项目", "Blocks"], [["全部读取", "4096"], ["未知", "0"]], shares=[3, 1], right=frozenset({1})
            ),
            pdf.Qr("https://xunshi.example/c/1", "扫码验证"),
            pdf.SmallPrint("本文件由系统生成。"),
        ],
    }
    return pdf.Document(**(values | changes))


def pages(data):
    return len(re.findall(rb"/Type /Page\b(?!s)", data))


def test_every_word_can_be_found_in_the_file():
    found = pdf_text.lines(pdf.render(certificate()))
    for words in (
        f"{CHINESE} Wipe certificate",
        "XS-2026-000123-X",
        "设备 Device",
        "型号 Model",
        "Example Phone 13 Pro",
        "￥1,299.50 (100%) \\ \u2022 é €",
        "第一段。",
        "Second paragraph.",
        "项目",
        "全部读取",
        "4096",
        "扫码验证",
        "本文件由系统生成。",
    ):
        assert words in found, words


def test_another_reader_finds_the_words_too(tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "c.pdf"
    path.write_bytes(pdf.render(certificate()))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert CHINESE in text and "Example Phone 13 Pro" in text and "￥1,299.50 (100%)" in text


def test_the_print_has_ink_where_the_chinese_stands(tmp_path):
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    empty = pdf.render(certificate(title=" ", blocks=[]))
    for data, expected in ((pdf.render(certificate(title=CHINESE, blocks=[])), True), (empty, False)):
        (tmp_path / "c.pdf").write_bytes(data)
        run = subprocess.run(
            ["pdftoppm", "-r", "50", "-gray", tmp_path / "c.pdf"], capture_output=True, check=True
        )
        title = Image.open(io.BytesIO(run.stdout)).crop((100, 38, 310, 60))
        assert (title.getextrema()[0] < 100) is expected


def test_two_prints_are_the_same_bytes():
    assert pdf.render(certificate()) == pdf.render(certificate())
    assert pdf.render(certificate(created=JUNE + timedelta(seconds=1))) != pdf.render(certificate())
    shanghai = JUNE.astimezone(timezone(timedelta(hours=8)))
    assert pdf.render(certificate(created=shanghai)) == pdf.render(certificate())


def test_the_file_knows_title_number_date_and_language():
    data = pdf.render(certificate(title="Wipe certificate", language="en"))
    assert b"Wipe certificate" in data and b"XS-2026-000123-X" in data and b"D:20260601040000" in data
    assert b"/Lang (en)" in data
    assert b"/Lang (zh-CN)" in pdf.render(certificate())
    assert b"/JavaScript" not in data


def test_a_date_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        pdf.render(certificate(created=JUNE.replace(tzinfo=None)))


def test_a_long_table_goes_over_pages_with_its_head_and_the_number_on_each():
    table = pdf.Table(["项目", "结果"], [[f"第{n}项", "通过"] for n in range(120)])
    data = pdf.render(certificate(blocks=[table]))
    found = pdf_text.lines(data)
    assert pages(data) == found.count("项目") == 4
    assert found.count("XS-2026-000123-X") == 1 + 4  # under the title and in each footer
    assert [line for line in found if line.startswith("第")] == [f"第{n}项" for n in range(120)]


@pytest.mark.parametrize(
    "block",
    [
        pdf.Paragraph("很长" * 1500),
        pdf.Facts([("说明", "word " * 1200)]),
        pdf.SmallPrint("a" * 9000),
        pdf.Heading("题" * 1500),
    ],
)
def test_a_block_longer_than_a_page_flows_on(block):
    data = pdf.render(certificate(blocks=[block, pdf.Paragraph("end")]))
    assert pages(data) > 1
    assert "end" in pdf_text.lines(data)[-4:]  # only the footer follows


def test_empty_blocks_are_fine():
    empty = [pdf.Paragraph(""), pdf.Facts([]), pdf.Facts([("", "")]), pdf.SmallPrint(""), pdf.Qr("x")]
    tables = [pdf.Table([], []), pdf.Table(["a"], []), pdf.Table([], [["b", "c"]])]
    found = pdf_text.lines(pdf.render(certificate(blocks=[*empty, *tables])))
    assert [line for line in found if line in "abc"] == ["a", "b", "c"]


def test_hostile_text_is_only_text():
    nasty = "a\x00b\x07c\ud800d\u202ee\r\nf) Tj ET (\\ \x1b[31m {nb}"
    assert "abcde" in pdf_text.text(pdf.render(certificate(blocks=[pdf.Paragraph(nasty)])))
    found = pdf_text.lines(pdf.render(certificate(blocks=[pdf.Paragraph("<b>**bold**</b> __x__ )")])))
    assert "<b>**bold**</b> __x__ )" in found


@cache
def sheet(letters="循市"):
    return paper.Paper((210, 297), letters, title="t", created=JUNE, language="zh")


@pytest.mark.parametrize(
    "text",
    [
        "本证明依据“信息清除记录”出具，仅说明在所列时间、以所列方法进行了清除；由另一人核验（见下）。" * 3,
        "The certificate names the profile (and version) it was judged by, and ends with custody. " * 3,
        "混合 mixed 文本 with 12,345.67 元和 GB/T 39786-2021，以及 https://xunshi.example/a。" * 3,
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60" * 3,
    ],
)
@pytest.mark.parametrize("width", [20, 60, 170])
def test_lines_fit_lose_nothing_and_break_where_readers_expect(text, width):
    page = sheet(text)
    lines = page.lines(text, 10, width)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(page.ink.width(line, 10) <= width for line in lines)
    if width > 20:
        assert not [line for line in lines if line[0] in "，。、；：”）" or line[-1] in "“（"]
        words = {word for word in re.findall("[A-Za-z]+", text) if len(word) < 12}
        assert words <= {word for line in lines for word in re.findall("[A-Za-z]+", line)}


def test_new_lines_in_a_text_stay():
    assert sheet().lines("一\n\n二\r\n三", 10, 100) == ["一", "", "二", "三"]


def test_a_rare_name_takes_the_font_that_has_it():
    rare = [font for font in fonts.fonts() if 0x20BB7 in fonts.covered(font)]
    if not rare:
        pytest.skip("no font with rare characters on this machine")
    assert fonts.font_for("\U00020bb7") == rare[0]
    assert "\U00020bb7记旧货" in pdf_text.lines(pdf.render(certificate(title="\U00020bb7记旧货")))


def test_nothing_in_a_text_stands_for_the_number_of_pages():
    found = pdf_text.lines(pdf.render(certificate(blocks=[pdf.Paragraph("{nb} of {nb}")])))
    assert "{nb} of {nb}" in found and "1 / 1" in found


def test_an_emoji_in_a_title_does_not_stop_the_printer():
    assert pages(pdf.render(certificate(title="手机\U0001f4f1"))) == 1


def test_the_operators_own_font_comes_first(tmp_path, monkeypatch):
    known = fonts.fonts({})[0]
    own = tmp_path / "Own-Regular.ttc"
    own.symlink_to(known.path)
    (tmp_path / "A-broken.ttf").write_bytes(b"no font at all")
    for wish in (tmp_path, own):
        assert fonts.fonts({"XUNSHI_FONT": str(wish)})[0] == Font(own)
        assert fonts.font_status({"XUNSHI_FONT": str(wish)}).ok
    for useless in (tmp_path / "A-broken.ttf", tmp_path / "missing", "/usr/share/fonts/truetype/dejavu"):
        status = fonts.font_status({"XUNSHI_FONT": str(useless)})
        assert not status.ok and str(useless) in status.message and str(known.path) in status.message
        assert fonts.fonts({"XUNSHI_FONT": str(useless)})[0] == known


def test_the_extract_is_made_once_and_done_without_where_it_cannot_be_kept(tmp_path, monkeypatch):
    fonts._extract.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_bytes(b"")
    assert fonts.font_for(CHINESE) == fonts.fonts()[0]
    fonts._extract.cache_clear()
