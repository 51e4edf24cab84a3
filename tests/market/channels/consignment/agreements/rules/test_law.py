"""What terms may not say: each refusal with its source, and beside it terms that differ in the point alone and pass."""

import copy

import pytest

from market.channels.consignment.agreements.law_rules import problems
from market.channels.consignment.agreements.reading import read_lawful, read_terms
from market.channels.consignment.agreements.shape import terms_data, terms_digest
from market.ledger.fees.strict import Unreadable
from market.shops.void_rules import check
from tests.agreement_stories import custom


def changed(**paths):
    """Local custom with these changed; a double underscore goes one deeper, a number is a place in a list."""
    data = custom()
    for path, value in paths.items():
        at, (*way, last) = data, path.split("__")
        for key in way:
            at = at[int(key)] if key.isdigit() else at[key]
        at[int(last) if last.isdigit() else last] = value
    return data


POLICY = "remuneration__policy"
NET = {"remuneration__kind": "net", f"{POLICY}__rules": [], "remuneration__span": None}
RETURN = {"way": "return", "notice_days": 0}
# what is wrong, the nearest that is right, code, place, source
CASES = [
    ({"price__floor": "none"}, {"price__floor": "reserve"}, "below_reserve", "price.floor", "955"),
    ({"price__percent": 0}, {"price__percent": 99}, "lower_percent", "price.percent", "955"),
    ({"price__after_days": 61, "markdown": []}, {"price__after_days": 60, "markdown": []}, "lower_late", "price.after_days", "contradict"),
    ({f"{POLICY}__rules__0__percent": "100.01", "remuneration__span": None},
     {f"{POLICY}__rules__0__percent": "100", "remuneration__span": None}, "over_100", "remuneration.policy.rules[0].percent", "497"),
    ({f"{POLICY}__rules": [{"name": "commission", "kind": "steps", "steps": [{"from": 0, "percent": "101"}]}], "remuneration__span": None},
     {f"{POLICY}__rules": [{"name": "commission", "kind": "steps", "steps": [{"from": 0, "percent": "40"}]}], "remuneration__span": None},
     "over_100", "remuneration.policy.rules[0].percent", "497"),
    ({f"{POLICY}__negative_payout": "allow"}, {f"{POLICY}__negative_payout": "clamp"}, "may_owe", "remuneration.policy.negative_payout", "497"),
    ({f"{POLICY}__lost_items": "not_paid"}, {f"{POLICY}__lost_items": "paid"}, "no_liability", "remuneration.policy.lost_items", "506"),
    ({f"{POLICY}__currency": "EUR"}, {f"{POLICY}__currency": "CNY"}, "currency", "remuneration.policy.currency", ""),
    ({f"{POLICY}__rules__0__name": "storage", "remuneration__span": None}, {"remuneration__span": None}, "name_taken",
     "remuneration.policy.rules[0].name", ""),
    ({**NET, f"{POLICY}__discount_absorbed_by": "seller"}, NET, "net_discount", "remuneration.policy.discount_absorbed_by", "955"),
    ({"remuneration__kind": "net"}, NET, "net_and_commission", "remuneration.kind", "contradict"),
    ({"remuneration__span": {"least": "31", "most": "40"}}, {"remuneration__span": {"least": "30", "most": "40"}}, "span",
     "remuneration.span.least", "contradict"),
    ({"remuneration__span": {"least": "20", "most": "101"}}, {"remuneration__span": {"least": "20", "most": "100"}}, "over_100",
     "remuneration.span.most", "497"),
    ({"term__days": 0, "term__least": 0, "markdown": [], "price": {"authority": "ask"}},
     {"term__days": 1, "term__least": 1, "markdown": [], "price": {"authority": "ask"}}, "term", "term.days", "custom"),
    ({"term__most": 731}, {"term__most": 730}, "term", "term.most", "custom"),
    ({"term__least": 61}, {"term__least": 60}, "term_span", "term.least", "contradict"),
    ({"term__grace_days": 181}, {"term__grace_days": 180}, "too_long", "term.grace_days", "497"),
    ({"notice_days": 91}, {"notice_days": 90}, "too_long", "notice_days", "497"),
    ({"markdown__1__percent": 10}, {"markdown__1__percent": 11}, "not_rising", "markdown[1].percent", ""),
    ({"markdown__1__day": 20}, {"markdown__1__day": 21}, "not_rising", "markdown[1].percent", ""),
    ({"markdown": [{"day": 20, "percent": 101}], "price": {"authority": "reserve"}},
     {"markdown": [{"day": 20, "percent": 99}], "price": {"authority": "reserve"}}, "over_100", "markdown[0].percent", ""),
    ({"markdown": [{"day": 20, "percent": 0}]}, {"markdown": [{"day": 20, "percent": 1}]}, "no_markdown", "markdown[0].percent", ""),
    ({"markdown__1__day": 75}, {"markdown__1__day": 74}, "day_outside", "markdown[1].day", "contradict"),
    ({"markdown__1__percent": 31}, {"markdown__1__percent": 30}, "beyond_limit", "markdown[1].percent", "955"),
    ({"markdown__0__day": 19}, {"markdown__0__day": 20}, "beyond_limit", "markdown[0].percent", "955"),
    ({"price": {"authority": "fixed"}}, {"price": {"authority": "fixed"}, "markdown": []}, "plan_unasked", "markdown[0].day", "955"),
    ({"price": {"authority": "ask"}}, {"price": {"authority": "reserve"}}, "plan_unasked", "markdown[0].day", "955"),
    ({"unsold__3__notice_days": 0}, {"unsold__3__notice_days": 1}, "deposit_unannounced", "unsold[3].notice_days", "957"),
    ({"unsold__2__notice_days": 6}, {"unsold__2__notice_days": 7}, "given_away_unannounced", "unsold[2].notice_days", "497"),
    ({"unsold__3__notice_days": 91}, {"unsold__3__notice_days": 90}, "too_long", "unsold[3].notice_days", "497"),
    ({"unsold": [{"way": "donate", "notice_days": 7}]}, {"unsold": [RETURN, {"way": "donate", "notice_days": 7}]}, "no_return", "unsold", "240"),
    ({"unsold": [RETURN, RETURN]}, {"unsold": [RETURN]}, "way_twice", "unsold[1].way", ""),
    ({"unsold": [RETURN, {"way": "renew", "notice_days": 0}]}, {"unsold": [{"way": "renew", "notice_days": 0}, RETURN]}, "ways_order",
     "unsold[0].way", "957"),
    ({"unsold": [{"way": "deposit", "notice_days": 30}, RETURN]}, {"unsold": [RETURN, {"way": "deposit", "notice_days": 30}]}, "ways_order",
     "unsold[0].way", "957"),
    ({"charges__cleaning": 100_001}, {"charges__cleaning": 100_000}, "too_dear", "charges.cleaning", "497"),
    ({"charges__storage_cap": 99}, {"charges__storage_cap": 100}, "no_cap", "charges.storage_cap", "497"),
    ({"charges__storage_day": 1, "charges__storage_cap": 0}, {"charges__storage_day": 0, "charges__storage_cap": 0}, "no_cap",
     "charges.storage_cap", "497"),
    ({"loss": "none"}, {"loss": "market"}, "no_liability", "loss", "506"),
    ({"payment__hold_days": 61}, {"payment__hold_days": 60}, "too_long", "payment.hold_days", "497"),
    ({"payment__within_days": 61}, {"payment__within_days": 60}, "too_long", "payment.within_days", "497"),
    ({"payment__least": 50_001}, {"payment__least": 50_000}, "too_dear", "payment.least", "497"),
    ({"remarks": {"zh": "寄卖期间丢失概不负责。"}}, {"remarks": {"zh": "寄卖期间丢失照价赔偿。"}}, "no_liability", "remarks.zh", "2022"),
    ({"remarks": {"zh": "好", "en": "The shop has the final interpretation."}}, {"remarks": {"zh": "好", "en": "Questions? Ask the shop."}},
     "last_word", "remarks.en", "2022"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "right", "code", "place", "source"), CASES)
def test_what_is_forbidden_is_told_with_its_source_and_its_twin_passes(wrong, right, code, place, source):
    found = [one for one in problems(read_terms(changed(**wrong))) if one.place == place]
    assert [one.code for one in found] == [code] and source in found[0].source
    with pytest.raises(Unreadable):
        read_lawful(changed(**wrong))
    assert problems(read_terms(changed(**right))) == []


def test_rules_for_certain_days_or_people_are_no_terms():
    for match in ({"from": "2027-01-01"}, {"seller": "alice"}):
        data = changed(remuneration__span=None, remuneration__policy__rules__0__match=match)
        assert [one.code for one in problems(read_terms(data))] == ["not_in_terms"]
    data = changed(remuneration__span=None, remuneration__policy__rules__0__match={"category": "book"})
    assert problems(read_terms(data)) == []


def test_reading_and_writing_give_the_same_terms():
    terms = read_lawful(changed(remarks={"zh": "贵重物品另附照片。"}, **{}))
    again = read_terms(copy.deepcopy(terms_data(terms)))
    assert again == terms and terms_digest(again) == terms_digest(terms) and terms.remarks.en == "贵重物品另附照片。"


@pytest.mark.parametrize(("path", "value", "place"), [
    ("kind", "other", "kind"), ("format", 2, "format"), ("term__days", "60", "term.days"), ("term__days", 60.0, "term.days"),
    ("markdown__0__percent", True, "markdown[0].percent"), ("surprise", 1, "surprise"), ("charges__surprise", 1, "charges.surprise"),
    ("remuneration__policy__rules__0__percent", 30, "remuneration.policy.rules[0].percent"), ("lien", "yes", "lien"),
    ("price", {"authority": "fixed", "percent": 10}, "price.percent"), ("charges__cleaning", -1, "charges.cleaning"),
    ("unsold__0__way", "burn", "unsold[0].way"), ("dispute__place", {"zh": "法院"}, "dispute.place.en"),
])  # fmt: skip
def test_what_cant_be_read_is_named_with_its_place(path, value, place):
    with pytest.raises(Unreadable) as no:
        read_terms(changed(**{path: value}))
    assert no.value.field == place


@pytest.mark.parametrize(("text", "code"), [
    ("本店保留最终解释权", "last_word"), ("本协议解释权归本店所有", "last_word"), ("最 终 解 释 权 归 店 方", "last_word"),
    ("签收即视为认可商品质量", "received_is_fine"), ("寄售人不得向平台投诉", "no_claims"), ("丢失、损坏，本店概不负责", "no_liability"),
    ("本店不承担任何责任", "no_liability"), ("遗失不赔", "no_liability"), ("逾期未取视为放弃", "forfeited"), ("超期物品归本店所有", "forfeited"),
    ("本店有权随时修改本协议", "changed_at_will"), ("The shop is not liable for any loss", "no_liability"),
    ("Unclaimed things become the property of the shop", "forfeited"), ("The seller may not complain", "no_claims"),
])  # fmt: skip
def test_void_phrases_are_found(text, code):
    """The same list as for a shop's own rules (market/shops/void.toml)."""
    assert [one.code for one in check(text)] == [code]


@pytest.mark.parametrize("text", [
    "本店不主张最终解释权", "有疑问请向本店咨询，由双方协商解释", "签收后七日内可以提出异议", "寄售人可以向平台投诉", "丢失照价赔偿",
    "因不可抗力造成的损失，本店不承担责任", "自然损耗不赔", "逾期未取的，本店先通知，再依法提存", "修改协议须双方书面同意",
    "The shop is liable for loss", "Natural wear is not damage", "The shop claims no final interpretation",
])  # fmt: skip
def test_and_their_honest_twins_are_not(text):
    assert check(text) == []
