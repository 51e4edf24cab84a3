"""The closed list of a seller's own words, and what in a title sounds like an appraiser's grade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.listings.condition_rules import CONDITIONS, WRONG, claimed_grade, condition_shown

ZH = {"new": "全新", "nearly_new": "几乎全新", "light_use": "轻微使用痕迹", "clear_use": "明显使用痕迹", "flawed": "有瑕疵", "faulty": "故障机"}


def test_the_list_is_closed_and_bears_its_mark_in_both_languages():
    assert {code: condition_shown(code, "zh") for code in CONDITIONS} == {code: f"卖家自述：{word}" for code, word in ZH.items()}
    assert condition_shown("nearly_new", "en") == "Seller's own words: Nearly new"
    assert condition_shown("", "zh") == condition_shown("A", "zh") == ""


def test_what_says_that_something_is_wrong_is_of_the_list():
    assert [ZH[code] for code in WRONG] == ["有瑕疵", "故障机"]


@pytest.mark.parametrize(("title", "claim"), [
    ("iPhone 13 A级 国行", "A级"), ("iPhone 13 S 级", "S 级"), ("Ａ+级 ThinkPad", "Ａ+级"), ("ThinkPad 99新", "99新"), ("大衣 九五新", "九五新"),
    ("大衣 9成新", "9成新"), ("大衣 九成新 M", "九成新"), ("相机 9.5 成新", "9.5 成新"), ("ThinkPad grade B", "grade B"), ("B-grade laptop", "B-grade"),
    ("a级 手机", "a级"), ("95 新 MacBook", "95 新"),
])  # fmt: skip
def test_what_sounds_like_a_grade_is_seen(title, claim):
    assert claimed_grade(title) == claim


@pytest.mark.parametrize("title", [
    "iPhone 13 128G", "2022新款大衣", "95新款羽绒服", "新华字典", "五年级上册", "高级西装", "三级跳", "USB 级联", "Xbox Series S",
    "A4 打印机", "一成不变", "grader 工具", "几乎全新", "L 码 175/92A", "GB/T 级别说明", "六年级下册 99 页",
])  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(title):
    assert claimed_grade(title) == ""


@given(st.text(max_size=80))
def test_any_title_is_read_and_what_is_seen_stands_there(title):
    assert claimed_grade(title) in title
