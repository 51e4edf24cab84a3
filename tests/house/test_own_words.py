"""A seller's own words of condition are shown with their mark (卖家自述) or not at all, and letters come only from an appraiser."""

import ast
import re

import pytest

from market.listings.condition_rules import CONDITIONS, condition_shown
from tests.house.test_structure import CODE, ROOT, TEMPLATES

# where the bare words may be: the list itself, its check, the form and the filter (under a heading that says whose they are)
BARE = {f"market/listings/{name}.py" for name in ("condition_rules", "actions", "sell_form", "catalogue", "commands")} | {
    f"market/channels/consignment/{name}.py" for name in ("goods/forms", "goods/rules", "importing/columns")
}
# what a template may do with them: the macro, handing it to a card, asking whether there is any, the form's field
FIT = re.compile(r"own_words\((?:\w+\.)?condition\)|condition=(?:c|one)\.condition\b|\bif (?:one\.)?condition\b[^}]*%\}|form\.condition\b|or one\.condition and\b")
SHOWN = re.compile(r"\bcondition\b")
GRADED = re.compile(r"grade_badge\([^)]*condition|own_words\([^)]*grade")


def loose(text):
    """What a template does with a condition beside what it may."""
    markup = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.S)
    return [one for one in markup if SHOWN.search(FIT.sub("", re.sub(r'"[^"]*"', '""', one))) and "macro " not in one]


def test_no_template_shows_a_sellers_condition_without_its_mark():
    found = {path.name: loose(path.read_text(encoding="utf-8")) for path in TEMPLATES if path.name != "nav.html"}
    assert {name: some for name, some in found.items() if some} == {}, "own_words(condition_shown(…)) bears the mark"


@pytest.mark.parametrize("wrong", [
    "{{ one.condition }}", "<b>{{ c.condition }}</b>", "{{ badge(one.condition) }}", "{{ grade_badge(one.condition) }}", "{{ _(listing.condition) }}",
    "{{ own_words(one.condition) }} {{ one.condition|upper }}", "{% set tag = one.condition %}",
])  # fmt: skip
def test_the_test_sees_what_is_wrong(wrong):
    assert loose(wrong)


def test_no_words_of_condition_are_typed_into_a_template():
    words = "|".join(re.escape(one) for one in CONDITIONS.values())
    typed = [path.name for path in TEMPLATES if re.search(rf"""_\(["'](?:{words})["']\)""", path.read_text(encoding="utf-8"))]
    assert set(typed) <= {"gallery.html"}


def test_only_the_form_and_the_filter_take_the_bare_words():
    users = {
        str(path.relative_to(ROOT))
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "CONDITIONS" and "condition" in path.read_text(encoding="utf-8")
    }
    assert users <= BARE and len(users) > 2, "condition_shown() gives them with their mark"


def test_the_mark_stands_before_every_word_and_no_template_joins_them_to_a_grade():
    for code in CONDITIONS:
        assert condition_shown(code, "zh").startswith("卖家自述：") and condition_shown(code, "en").startswith("Seller's own words: ")
    assert not [path.name for path in TEMPLATES if GRADED.search(path.read_text(encoding="utf-8"))]


def test_letters_are_written_by_no_form():
    """A listing's grade comes from a standing appraisal; nothing that a seller sends reaches it."""
    writers = {
        str(path.relative_to(ROOT))
        for path in CODE
        if "market" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "grade" and isinstance(node.ctx, ast.Store)
    }
    assert writers <= {"market/listings/actions.py", "market/listings/carried_grades.py"}
