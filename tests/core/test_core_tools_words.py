"""Every sentence of the shared tools has its Chinese."""

import re

import pytest
from babel.messages.pofile import read_po

from core import decoding, ids, money, passwords
from core.fonts import NoFont
from core.i18n import ROOT

SENTENCES = [
    *ids._SENTENCES.values(),
    *money._SENTENCES.values(),
    *decoding._SENTENCES.values(),
    *passwords.REASONS.values(),
    NoFont().sentence,
]


@pytest.fixture(scope="module")
def catalogue():
    with (ROOT / "zh" / "core_tools.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="zh") if message.id}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_its_chinese(catalogue, sentence):
    assert re.search("[\u4e00-\u9fff]", catalogue[sentence])


def test_nothing_is_translated_that_nobody_says(catalogue):
    assert set(catalogue) == set(SENTENCES)
