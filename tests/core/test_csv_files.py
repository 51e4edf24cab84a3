"""Lists and tables that people bring as text: in which encodings, of which size, and whose they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files import MOST_SOURCE, BadFile, rows_of, source_of, text_of

MOST = 1000
WORDS = "型号,价格\n手机,300\n"


@pytest.mark.parametrize("raw", [WORDS.encode(), b"\xef\xbb\xbf" + WORDS.encode(), WORDS.encode("gb18030"), WORDS.encode("gbk"),
                                 WORDS.encode("utf-16"), b"\xfe\xff" + WORDS.encode("utf-16-be")])  # fmt: skip
def test_either_encoding_is_read_with_or_without_a_mark(raw):
    assert text_of(raw, MOST) == WORDS
    assert list(rows_of(text_of(raw, len(raw)))) == [["型号", "价格"], ["手机", "300"]]


@pytest.mark.parametrize(("raw", "said"), [
    (b"", "empty"), (b" \r\n\t", "empty"), (b"a\0b", "not text"), (WORDS.encode("utf-16-le"), "not text"), (b"a,\xff\xff\n", "neither UTF-8"),
    (b"\xff\xfe", "empty"), (b"\xff\xfea\0b", "not text"), (b"\xff\xfe" + "a\0b".encode("utf-16-le"), "not text"),
    (b"x" * (MOST + 1), "larger than 1000"),
])  # fmt: skip
def test_what_is_no_text_is_refused_with_its_reason(raw, said):
    with pytest.raises(BadFile, match=said):
        text_of(raw, MOST)


def test_a_row_that_is_none_is_told_by_its_line_and_not_by_what_it_holds():
    rows = rows_of('a,b\n1,"secret' + "x" * 200_000)
    assert next(rows) == ["a", "b"]
    with pytest.raises(BadFile, match="Line 2") as no:
        list(rows)
    assert "secret" not in str(no.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_end_as_each_system_ends_them(end, delimiter):
    text = end.join([delimiter.join(("a", "b")), delimiter.join(('"1\n2"', "3")), ""])
    assert list(rows_of(text, delimiter)) == [["a", "b"], ["1\n2", "3"]]


@pytest.mark.parametrize("typed", ["", "  ", "x" * (MOST_SOURCE + 1), "a\x07b", "a\u202eb"])
def test_a_source_has_a_name_that_can_be_shown(typed):
    with pytest.raises(BadFile, match="Name the source"):
        source_of(typed)


def test_spaces_in_a_source_dont_make_it_another():
    assert source_of("  西湖分局 \t 2026 ") == "西湖分局 2026" and source_of("x" * MOST_SOURCE) == "x" * MOST_SOURCE


@given(st.text(max_size=60))
def test_a_sentence_with_a_percent_sign_is_said_as_it_is(words):
    assert str(BadFile(words)) == words


@pytest.mark.parametrize(("text", "line"), [('a,b\n1,"x\ny\n', 2), ('a,b\n1,2\n"x"y,2\n', 3), ('a,b\n"1\n2",3\n"x', 4)])
def test_read_strictly_a_quotation_mark_that_is_not_closed_is_told_where_its_row_begins(text, line):
    with pytest.raises(BadFile) as no:
        list(rows_of(text, strict=True))
    assert no.value.values == {"line": line}
    assert list(rows_of(text)), "not strictly it is guessed at, as spreadsheets do"
