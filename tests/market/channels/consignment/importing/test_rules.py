"""Reading a file of things: what RFC 4180 says and what spreadsheets make of it; never a traceback, never half a line."""

import csv
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files import BadFile, text_of
from core.goods.cards import all_cards, get_card
from core.i18n import LANGUAGES, compile_catalogue
from market.channels.consignment.importing.columns import (
    all_columns,
    chosen,
    column_label,
    column_names,
    folded,
    hint_of,
    property_of,
)
from market.channels.consignment.importing.looking import open_table
from market.channels.consignment.importing.rules import Asked, read_line
from market.channels.consignment.importing.table_rules import MOST_BYTES, MOST_LINES, Line, read_header, read_table, tidy_cell
from market.channels.consignment.importing.template import template
from tests.import_stories import a_file, a_laptop, a_line, rows_of

compile_catalogue()
ASKED = Asked(year=2026, places={"a-1": "P1"})
HEAD = "category,name,condition,price,how they came by it"


def read(**also):
    """One line of a table, a coat's with cells changed."""
    header = read_header(text_of(a_file(a_line(**also)), MOST_BYTES))
    (line,) = read_table(text_of(a_file(a_line(**also)), MOST_BYTES), header)
    return read_line(header, line, ASKED)


def told(found):
    return [(one.field, one.code) for one in found.wrong]


def test_a_line_is_what_a_clerk_would_write_down():
    found = read(描述="三成新的纽扣", 店内编号="W-7", 货位="a-1", 来历凭证="发票", 旧货标识="翻新", 数量="1")
    one = found.given
    assert (one.card.code, one.title, one.condition, one.wanted, one.reserve, one.came_by) == ("clothing", "波司登羽绒服", "light_use", 19_900, 15_000, "bought")
    assert one.attributes == {"kind": "coat", "size": "L", "brand": "波司登"} and (found.own_number, found.number) == ("W-7", 2)
    assert (one.words, one.place_id, one.proof, one.used, one.identifiers, one.smart) == ("三成新的纽扣", "P1", "发票", "refurbished", {}, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_however_a_spreadsheet_saves_it_the_same_things_are_read(encoding, delimiter):
    table = open_table(a_file(a_line(描述="好；很好, \"真的\"\n第二行"), a_laptop("PF2XK9A7"), encoding=encoding, delimiter=delimiter))
    coat, laptop = (read_line(table.header, line, ASKED) for line in table.lines)
    assert coat.given.words == '好；很好, "真的"\n第二行' and laptop.given.identifiers == {"serial": ["PF2XK9A7"]}
    assert (coat.number, laptop.number) == (2, 3), "rows as a spreadsheet counts them, whatever lines stand in a cell"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_end_and_cells_are_quoted_as_they_like(end, quoting, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows_of([a_line(), a_line()]))
    assert len(open_table(out.getvalue().encode()).lines) == 2


@pytest.mark.parametrize(("rfc", "cells"), [
    ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["zzz", "yyy", "xxx"]]), ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["zzz", "yyy", "xxx"]]),
    ('"aaa","b \r\nbb","ccc"\r\nzzz,yyy,xxx', [["aaa", "b \r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]),
    ('"aaa","b""bb","ccc"', [["aaa", 'b"bb', "ccc"]]), ("aaa, bbb ,ccc", [["aaa", " bbb ", "ccc"]]),
])  # fmt: skip
def test_the_rules_of_rfc_4180(rfc, cells):
    """Section 2: line ends (1, 2), a header (3), blanks that belong to a field (4), quotes (5, 6), doubled quotes (7)."""
    text = HEAD + "\r\n" + (rfc.split("\r\n", 1)[1] if rfc.startswith("aaa,bbb") else rfc)
    lines = read_table(text, read_header(text))
    assert [list(one.cells) for one in lines] == cells


@pytest.mark.parametrize("wrong", ['a,"b,c\n', 'a,"b"c,d\n', '"a\nb,c\n'])
def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line(wrong):
    text = f"{HEAD}\nx,y,z,1,2\n{wrong}"
    with pytest.raises(BadFile) as no:
        read_table(text, read_header(text))
    assert no.value.values == {"line": 3}


def test_empty_lines_and_empty_cells_at_the_end_are_nothing():
    text = f"{HEAD},,\n\n,,,\nbook,a,new,1,bought,,,\n  \nbook,b,new,1,bought\n"
    assert [line.number for line in read_table(text, read_header(text))] == [4, 6]


def test_a_line_longer_than_the_names_is_told_and_one_of_the_same_length_is_read():
    assert told(_line("clothing,a,new,1,bought,surplus"))[0] == ("", "cells_many")
    assert ("", "cells_many") not in told(_line("clothing,a,new,1,bought"))


def _line(text):
    header = read_header(f"{HEAD}\n{text}\n")
    return read_line(header, Line(2, tuple(text.split(","))), ASKED)


def test_at_most_so_many_lines():
    header = read_header(HEAD)
    body = "book,a,new,1,bought\n" * MOST_LINES
    assert len(read_table(f"{HEAD}\n{body}", header)) == MOST_LINES
    with pytest.raises(BadFile, match="20000"):
        read_table(f"{HEAD}\n{body}book,a,new,1,bought\n", header)


@pytest.mark.parametrize(("also", "expected"), [
    ({"类别": "飞船"}, ("category", "category_unknown")), ({"类别": ""}, ("category", "category_unknown")),
    ({"价格": ""}, ("price", "amount_empty")), ({"价格": "1.999"}, ("price", "amount_too_fine")), ({"底价": "-5"}, ("reserve", "amount_negative")),
    ({"成色": "八成"}, ("condition", "condition_unknown")), ({"来历": ""}, ("came_by", "came_by_missing")), ({"来历": "捡的"}, ("came_by", "came_by_unknown")),
    ({"旧货标识": "x"}, ("used", "used_unknown")), ({"货位": "B-2"}, ("place", "place_unknown")), ({"数量": "2"}, ("quantity", "quantity")),
    ({"类型": "火箭"}, ("clothing.a_kind", "attribute_choice")), ({"尺码": ""}, ("clothing.a_size", "attribute_missing")),
    ({"处理器": "i5"}, (folded("处理器"), "property_foreign")), ({"序列号": "3.56E+14"}, ("serial", "number_shortened")),
    ({"描述": "好" * 4001}, ("description", "description_long")), ({"店内编号": "1" * 41}, ("own_number", "own_number_long")),
    ({"类别": "家具", "类型": "", "尺码": "", "能否存数据或联网": ""}, ("smart", "smart_missing")),
])  # fmt: skip
def test_what_is_wrong_is_told_at_its_column_and_without_it_the_line_is_right(also, expected):
    found = read(**also)
    assert expected in told(found) and found.given is None
    assert read().given is not None


@pytest.mark.parametrize(("typed", "fen"), [("199", 19900), ("¥1,299.50", 129950), ("１９９元", 19900), (" 199.5 ", 19950)])
def test_a_price_is_read_as_people_write_it(typed, fen):
    assert read(价格=typed, 底价="").given.wanted == fen


@pytest.mark.parametrize(("cell", "plain"), [
    ('="0012"', "0012"), ('="a""b"', 'a"b'), ("'=1+1", "=1+1"), ("'-5", "-5"), ("'tis", "'tis"), ("\t0012", "0012"), ("\ufeffa", "a"), ("=1", "=1"), ("'  ＋1", "＋1"),
])  # fmt: skip
def test_what_spreadsheets_put_around_a_text_comes_off(cell, plain):
    assert tidy_cell(cell) == plain


@pytest.mark.parametrize("typed", ["能", "是", "YES", "yes", "不清楚", "Don't know"])
def test_smart_furniture_is_a_device_and_plain_furniture_is_none(typed):
    sofa = {"类别": "furniture", "类型": "沙发", "尺码": "", "能否存数据或联网": typed}
    assert read(**sofa).given.smart in ("yes", "unknown") and read(**{**sofa, "能否存数据或联网": "否"}).given.smart == "no"


def test_a_phone_has_two_imeis_and_a_books_own_title_is_its_name():
    phone = a_line(类别="手机", 类型="", 尺码="", 型号="P40", 存储容量="128", 版本="国行", 串号="490154203237518", 第二个串号="356938035643809")
    assert read(**phone).given.identifiers == {"imei": ["490154203237518", "356938035643809"]}
    assert read(类别="图书", 名称="活着", 类型="", 尺码="", 品牌="").given.attributes == {"title": "活着"}
    assert read(类别="图书", 名称="旧书", 书名="活着", 类型="", 尺码="", 品牌="").given.attributes == {"title": "活着"}


def test_columns_in_english_in_any_order_and_what_is_not_known_is_told():
    text = "Price (yuan),CATEGORY,my remark,a_kind,Condition,Size,Name,How they came by it\n5,clothing,x,coat,New; never used,L,Coat,Bought new\n"
    header = read_header(text)
    assert header.unknown == ["my remark"] and header.delimiter == ","
    (line,) = read_table(text, header)
    assert read_line(header, line, ASKED).given.attributes == {"kind": "coat", "size": "L"}


@pytest.mark.parametrize("code", ["category", "title", "condition", "price", "came_by"])
def test_a_column_that_is_needed_is_missed_by_name(code):
    names = HEAD.split(",")
    at = ["category", "title", "condition", "price", "came_by"].index(code)
    with pytest.raises(BadFile) as no:
        read_header(",".join(names[:at] + names[at + 1 :]))
    assert no.value.values == {"column": code}
    assert read_header(HEAD) and read_header(",".join(names[:4]), came_by="gift"), "said once for all lines"


def test_no_name_of_a_column_means_two_things():
    ours = [name for one in all_columns().columns for name in {folded(name) for name in (one.code, one.name.zh, one.name.en, *one.also)}]
    assert len(ours) == len(set(ours)) and set(ours) <= set(column_names())
    hidden = {(str(card.code), one.code) for card in all_cards() for one in card.attributes for name in (one.name.zh, one.name.en) if folded(name) in column_names()}
    assert hidden <= {("book", "title")}, "the name of a property that a column of ours hides: only by a_ and its code"
    assert property_of("clothing", "a_kind") == property_of("clothing", folded("类型")) == get_card("clothing").find_attribute("kind")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_its_words(language):
    for one in all_columns().columns:
        assert column_label(one.code, language) and "{" not in hint_of(one, language)
    assert column_label("clothing.a_size", language) in ("尺码", "Size") and column_label("", language) == ""
    assert chosen("condition", "几乎全新") == "nearly_new" and chosen("came_by", "其他") == "other" and chosen("used", "?") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card", all_cards(), ids=lambda card: card.code)
def test_the_example_of_the_template_is_read_by_our_own_reader(card, language):
    raw = "".join(template([card], language)).encode()
    table = open_table(raw)
    (line,) = table.lines
    found = read_line(table.header, line, ASKED)
    assert table.header.unknown == [] and told(found) == [] and found.given.card == card
    assert found.given.wanted == 19900


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_all_categories_has_a_line_of_each(language):
    table = open_table("".join(template(all_cards(), language)).encode())
    reads = [read_line(table.header, line, ASKED) for line in table.lines]
    assert [one.given.card for one in reads] == list(all_cards()), [told(one) for one in reads]


ANY = st.text(st.characters(exclude_categories=["Cs"], include_characters='",;\t\r\n\ufeff='), max_size=30)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: (HEAD + "\n" + text).encode()),
                 st.text(string.printable, max_size=100).map(lambda text: (HEAD + "\n" + text).encode("utf-16"))))  # fmt: skip
def test_whatever_is_sent_is_read_or_refused_in_words(raw):
    try:
        table = open_table(raw)
    except BadFile as no:
        assert no.sentence
        return
    for line in table.lines:
        found = read_line(table.header, line, ASKED)
        assert (found.given is None) == bool(found.wrong)


@given(st.lists(ANY, min_size=8, max_size=8), st.sampled_from(all_cards()))
def test_a_line_of_anything_is_a_thing_or_says_why_not(cells, card):
    header = read_header("name,condition,price,how they came by it,floor,serial number,quantity,description,category")
    found = read_line(header, Line(2, (*cells, str(card.code))), ASKED)
    assert (found.given is None) == bool(found.wrong) and all(one.sentence for one in found.wrong)


@given(st.lists(st.lists(ANY, min_size=5, max_size=5), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_what_a_spreadsheet_writes_is_read_back_cell_by_cell(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEAD.split(","), *rows])
    text = out.getvalue()
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    try:
        lines = read_table(text, read_header(text))
    except BadFile:
        assert not kept
        return
    assert [list(line.cells) for line in lines] == kept
