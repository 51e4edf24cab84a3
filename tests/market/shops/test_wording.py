"""A shop writes its rules: versions stay, void phrases aren't saved, and everybody can take the text along."""

from html import unescape

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from market.shops import wording
from market.shops.models import ShopRules


def test_each_saving_is_a_version_and_earlier_ones_stay(manager, licensed, anonymous, session):
    client = manager.client()
    for body in ("七日内可以退换。", "七日内可以退换，运费由本店承担。", "七日内可以退换，运费由本店承担。\r\n"):
        assert client.post(f"/shops/{licensed}/rules/edit", data={"body": body, "body_en": "Returns within seven days."}).status_code == 303
    session.rollback()
    assert [row.version for row in session.scalars(select(ShopRules).order_by(ShopRules.version))] == [1, 2], "the same text is no new version"
    shown = unescape(anonymous.get(f"/shops/{licensed}/rules").text)
    assert "运费由本店承担" in shown and "七日内可以退换。" in shown
    first = anonymous.get(f"/shops/{licensed}/rules/1.txt")
    assert first.mimetype == "text/plain" and "attachment" in first.headers["Content-Disposition"]
    assert "七日内可以退换。" in first.text and "Returns within seven days." in first.text and "西湖旧货行" in first.text
    assert anonymous.get(f"/shops/{licensed}/rules/3.txt").status_code == 404


def test_a_void_phrase_is_named_with_reason_and_source_and_nothing_is_saved_or_lost(manager, licensed, session):
    typed = "本店拥有最 终 解 释 权。商品一经售出，概不退换。欢迎光临。"
    answer = manager.client().post(f"/shops/{licensed}/rules/edit", data={"body": typed, "body_en": ""})
    shown = unescape(answer.text)
    assert answer.status_code == 422 and typed in shown
    assert "“本店拥有最 终 解 释 权”" in shown and "Interpretation No. 8 of 2022" in shown and "Consumer Protection Law" in shown
    session.rollback()
    assert session.scalars(select(ShopRules)).all() == []


def test_english_is_looked_at_too_and_its_honest_twin_passes(manager, licensed):
    client, path = manager.client(), f"/shops/{licensed}/rules/edit"
    assert client.post(path, data={"body": "七日内可以退换。", "body_en": "All sales final."}).status_code == 422
    assert client.post(path, data={"body": "七日内可以退换。", "body_en": "All sales come with a receipt."}).status_code == 303
    assert client.post(path, data={"body": " ", "body_en": "x"}).status_code == 422
    assert "All sales come with a receipt." in client.get(path).text


def test_no_version_is_ever_changed(doing, manager, licensed, session):
    with doing(manager) as w:
        wording.publish_rules(w, licensed, "七日内可以退换。")
    with pytest.raises(IntegrityError):
        session.execute(update(ShopRules).values(body="概不退换"))
    session.rollback()


def test_a_shop_without_rules_says_so(licensed, anonymous, opened):
    opened()
    assert "本店没有另行制定规则" in anonymous.get(f"/shops/{licensed}/rules").text
