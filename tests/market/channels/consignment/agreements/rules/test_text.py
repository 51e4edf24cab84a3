"""The text that terms give: whole in both languages, the same for the same terms, and different where they differ."""

from hypothesis import given, settings

from core import i18n
from market.channels.consignment.agreements.clauses import clauses, lines
from market.channels.consignment.agreements.differences import differences
from market.channels.consignment.agreements.reading import read_lawful, read_terms
from market.channels.consignment.agreements.shape import terms_data, terms_digest
from tests.agreement_stories import custom
from tests.market.channels.consignment.agreements.rules.any_terms import any_terms

i18n.compile_catalogue()


@settings(max_examples=60, deadline=None)
@given(any_terms())
def test_any_terms_have_a_whole_text(terms):
    zh, en = clauses(terms, "zh"), clauses(terms, "en")
    assert [one.code for one in zh] == [one.code for one in en] and len(zh) >= 16
    for one in (*zh, *en):
        assert one.title and one.sentences and not any("%(" in said or "%%" in said for said in one.sentences)
    assert not any(said in {line for one in en for line in one.sentences} for one in zh for said in one.sentences)
    assert differences(terms, terms, "en") == [] and lines(terms, "zh") == lines(read_terms(terms_data(terms)), "zh")
    assert terms_digest(read_terms(terms_data(terms))) == terms_digest(terms)


def test_every_clause_that_the_law_names_bears_its_article():
    found = {one.code: one.law for one in clauses(read_lawful(custom()), "en")}
    articles = {"nature": "951", "charges": "952", "loss": "953", "things": "954", "price": "955", "self": "956", "unsold": "957", "buyer": "958", "lien": "959"}
    assert {code: law for code, law in found.items() if code in articles} == {code: f"Civil Code, article {number}" for code, number in articles.items()}


def test_what_differs_is_told_in_words():
    old, data = read_lawful(custom()), custom()
    data["term"] |= {"days": 75, "most": 120}
    data["lien"] = False
    told = {one.title: (list(one.before), list(one.after)) for one in differences(old, read_lawful(data), "en")}
    assert set(told) == {"Term", "Lien", "Blanks of an agreement"}
    assert told["Term"][1] == ["A thing is on sale for 75 days from the day it is taken in."]
    assert told["Blanks of an agreement"] == (["Term: 30 to 90 days"], ["Term: 30 to 120 days"])
