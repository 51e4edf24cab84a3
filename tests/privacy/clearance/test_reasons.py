"""Each reason has a sentence in both languages, with the way on."""

import pytest

from core.i18n import compile_catalogue, say
from privacy.clearance.reasons import REASONS, sentence
from privacy.clearance.rules import FAILS, UNKNOWNS


def test_every_reason_has_its_sentence():
    assert set(REASONS) == {*FAILS, *UNKNOWNS}
    assert len(set(REASONS.values())) == len(REASONS)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_sentence_says_what_is_wrong_and_the_way_on(code: str):
    assert sentence(code).count(". ") >= 1
    compile_catalogue()
    chinese = say(sentence(code), "zh")
    assert chinese != sentence(code) and chinese.endswith("。") and chinese.count("。") + chinese.count("；") >= 2


def test_a_code_that_does_not_exist_has_none():
    with pytest.raises(KeyError):
        sentence("looks_fine")
