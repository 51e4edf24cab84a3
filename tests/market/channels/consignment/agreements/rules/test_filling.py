"""Blanks of an agreement, and a signature drawn on the screen."""

import json

import pytest

from core.errors import Invalid
from market.channels.consignment.agreements.filling_rules import Blanks, fill
from market.channels.consignment.agreements.law_rules import problems
from market.channels.consignment.agreements.reading import read_lawful
from market.channels.consignment.agreements.signature_rules import MOST_POINTS, compact, read_strokes, svg_path
from tests.agreement_stories import DRAWN, custom

CUSTOM = read_lawful(custom())


def fixed():
    data = custom()
    data["remuneration"].pop("span")
    data["term"] = {"days": 60, "grace_days": 14}
    return read_lawful(data)


def test_nothing_typed_leaves_the_terms():
    filled = fill(CUSTOM, Blanks())
    assert (filled.term.days, filled.term.least, filled.term.most, filled.pay.span) == (60, 60, 60, None)
    assert filled.pay.policy == CUSTOM.pay.policy and filled.remarks is None and problems(filled) == []


def test_what_is_typed_counts():
    filled = fill(CUSTOM, Blanks(days="90", percent="22.5 %", remarks="皮衣请挂放。"))
    assert (filled.term.days, filled.pay.policy.rules[0].percent.text) == (90, "22.5")
    assert (filled.remarks.zh, filled.remarks.en) == ("皮衣请挂放。", "皮衣请挂放。") and problems(filled) == []


@pytest.mark.parametrize(("terms", "blanks", "field", "twin"), [
    (CUSTOM, {"days": "29"}, "days", {"days": "30"}), (CUSTOM, {"days": "91"}, "days", {"days": "90"}), (CUSTOM, {"days": "x"}, "days", {"days": ""}),
    (CUSTOM, {"days": "6０"}, "days", {"days": "60"}), (CUSTOM, {"percent": "19.99"}, "percent", {"percent": "20"}),
    (CUSTOM, {"percent": "40.01"}, "percent", {"percent": "40"}), (CUSTOM, {"percent": "many"}, "percent", {"percent": "30"}),
    (fixed(), {"percent": "25"}, "percent", {"percent": "30"}), (fixed(), {"days": "61"}, "days", {"days": "60"}),
    (CUSTOM, {"remarks": "丢失概不负责"}, "remarks", {"remarks": "丢失照赔"}), (CUSTOM, {"remarks_en": "Handle with care"}, "remarks", {"remarks": "轻放", "remarks_en": "Handle with care"}),
    (CUSTOM, {"remarks": "好", "remarks_en": "no liability whatsoever"}, "remarks_en", {"remarks": "好", "remarks_en": "full liability"}),
    (CUSTOM, {"remarks": "电话 138-0013-8000"}, "remarks", {"remarks": "订单号 13800138000"}), (CUSTOM, {"remarks": "身份证 11010519491231002X"}, "remarks", {"remarks": "货号 110105194912310"}),
    (CUSTOM, {"remarks": "好", "remarks_en": "call 13800138000"}, "remarks_en", {"remarks": "好", "remarks_en": "call us on day 30"}),
    (CUSTOM, {"remarks": "长" * 601}, "remarks", {"remarks": "长" * 600}),
])  # fmt: skip
def test_only_what_the_terms_leave_open(terms, blanks, field, twin):
    with pytest.raises(Invalid) as no:
        fill(terms, Blanks(**blanks))
    assert no.value.field == field
    fill(terms, Blanks(**twin))


def test_a_term_too_short_for_the_plan():
    data = custom()
    data["term"] |= {"least": 10}
    terms = read_lawful(data)
    for days in ("19", "25"):
        with pytest.raises(Invalid) as no:
            fill(terms, Blanks(days=days))
        assert no.value.code == "days_plan"
    assert problems(fill(terms, Blanks(days="26"))) == []


def test_a_signature_is_kept_small():
    strokes = read_strokes(DRAWN)
    assert json.loads(compact(strokes)) == json.loads(DRAWN) and svg_path(strokes).startswith("M100 200L160 120")
    assert svg_path((((5, 5),),)) == "M5 5L6 5"


@pytest.mark.parametrize(("raw", "code"), [
    ("", "no_signature"), ("[]", "no_signature"), ("[[[1,1],[2,2],[3,3],[4,4],[5,5],[6,6],[7,7]]]", "no_signature"), ("[[[0,0],[900,300]]]", "no_signature"),
    ("{", "signature_broken"), ("{}", "signature_broken"), ("[[[1,2,3]]]", "signature_broken"), ("[[[1.5,2]]]", "signature_broken"), ("[[[-1,2]]]", "signature_broken"),
    ("[[[1001,2]]]", "signature_broken"), ("[1]", "signature_broken"), ("[[1]]", "signature_broken"), ("[" * 5000, "signature_broken"),
    (json.dumps([[[1, 1]] * (MOST_POINTS + 1)]), "signature_broken"), ("[[" + ",".join(["[1000,400]"] * 4000) + "]]", "signature_large"), ('[["ab"]]', "signature_broken"),
])  # fmt: skip
def test_what_is_no_signature(raw, code):
    with pytest.raises(Invalid) as no:
        read_strokes(raw)
    assert (no.value.code, no.value.field) == (code, "drawn")
