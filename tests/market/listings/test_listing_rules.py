"""Which words of a listing are its seller's own, and which finds are the same ones."""

import hashlib

from core.goods.cards import get_card
from market.listings.away.listing_rules import found_at, mark_of, texts_of


def test_what_is_written_freely_is_looked_at_and_what_is_chosen_is_not():
    phone = get_card("phone")
    told = {"brand": "小米", "model": "13", "colour": "黑", "storage_gb": "256", "year": "2023"}
    asked = {one.code: "yes" for one in phone.disclosures if one.kind != "text"} | {"known_faults": "边框有划痕"}
    details = {f"{one.code}_detail": "换过电池" for one in phone.disclosures if one.detail is not None}
    texts = texts_of("小米 13", "  ", phone, told, asked | details)
    assert texts["title"] == "小米 13" and "description" not in texts, "an empty text is none"
    assert texts["a_model"] == "13" and texts["d_known_faults"] == "边框有划痕"
    assert {"a_storage_gb", "a_year"}.isdisjoint(texts) and not any(text == "yes" for text in texts.values())
    assert {place for place, text in texts.items() if text == "换过电池"} == {f"e_{one.code}" for one in phone.disclosures if one.detail is not None}
    assert texts_of("小米", "自用", None, told, asked) == {"title": "小米", "description": "自用"}, "a kind that is no more has no questions"


def test_places_are_told_in_order_and_the_house_is_no_find():
    texts = {"title": "加我微信 lijie2020", "description": "https://xunshi.example/x 线下付", "a_model": "X1"}
    assert [(place, one.kind) for place, one in found_at(texts, frozenset({"xunshi.example"}))] == [("title", "account"), ("description", "elsewhere")]
    assert [one.kind for _, one in found_at(texts)] == ["account", "link", "elsewhere"]


def test_the_same_words_bear_one_mark_wherever_and_however_they_stand():
    def mark(*texts):
        return mark_of(found_at({f"a_{n}": text for n, text in enumerate(texts)}))

    one = mark("加我微信 lijie2020")
    assert one == mark("有意 加我微信  LIJIE2020 谢谢") == mark("x", "加我微信 lijie2020") == mark("加我微信 lijie2020", "加我微信 lijie2020")
    assert mark("打我 13812345678", "线下付") == mark("线下付", "打我 13812345678")
    assert len({one, mark("加我微信 lijie2021"), mark("打我 13812345678"), mark("线下付"), mark("打我 13812345678", "线下付")}) == 5
    assert mark("可自提") == "" and len(one) == 16 and set(one) <= set("0123456789abcdef")


def test_what_was_not_answered_is_no_text():
    phone = get_card("phone")
    assert texts_of("小米 13", "自用", phone, {"brand": "小米"}, {}) == {"title": "小米 13", "description": "自用", "a_brand": "小米"}
    assert "a_brand" not in texts_of("小米 13", "自用", phone, {}, {"known_faults": "无"})


def test_the_mark_stays_the_same_for_ever_since_flags_are_kept_by_it():
    """SHA-256 over kind, NUL and the words without spaces and case, one a line, in order; the first 16 hexadecimal signs."""
    found = found_at({"title": "加我微信 LIJIE2020", "description": "线 下 付"})
    told = "\n".join(["account\0加我微信lijie2020", "elsewhere\0线下付"])
    assert mark_of(found) == hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]
