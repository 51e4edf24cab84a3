"""The figures of what Li and Mei graded, worked out again by hand, on the page and from the command."""

import json
from fractions import Fraction

import pytest
from sqlalchemy import select

from appraisal.agreement import figures, queries, rules
from appraisal.agreement.chart import bars
from appraisal.agreement.cli import appraisers
from appraisal.appraisers.queries import appraiser_number
from appraisal.blind.models import BlindCheck
from appraisal.exam import actions as exams
from appraisal.exam.models import ReferenceItem
from tests import stories
from tests.appraisal.blind.test_blind import clockwork, looked, mei, sign  # noqa: F401  (the fixture)
from tests.appraisal.grades.test_appraisal_pages import in_force
from tests.appraiser_stories import by_grade, references
from tests.core.commands.test_contract import DOCS, fits, schema


def said(grade):
    return {code: str(value) for code, value in by_grade()[grade].items()}


@pytest.fixture
def graded(app, session, doing, alice, bob, li, mei, all_wiped):  # noqa: F811
    """Li's grades of four laptops, Mei's blind ones: one step apart at most, but for the last."""
    grades = list(by_grade())
    pairs = [(0, 0), (1, 1), (2, 1), (0, 2)]
    for n, (first, second) in enumerate(pairs):
        owner = alice if n < 3 else bob
        item = stories.laptop(doing, owner, serial=f"PF9AG00{n}", disks=[])
        sign(li, item, said(grades[first]))
        clockwork(app, session)
        check = session.scalars(select(BlindCheck).where(BlindCheck.item_id == item)).one()
        session.rollback()
        assert looked(mei, check, said(grades[second])).status_code == 303
    order = in_force().order()
    session.rollback()
    return [(order.index(grades[a]), order.index(grades[b])) for a, b in pairs]


def test_the_figures_are_those_of_the_grades_that_were_given(session, graded, li, mei, alice, bob):  # noqa: F811
    one = figures.agreements(session)[0]
    assert one.order == tuple(code for code in in_force().order() if code != "U")
    assert one.between.n == 4 and one.between.kappa == rules.quadratic_kappa(rules.table_of(graded, len(one.order)))
    assert one.between.inflation == Fraction(sum(b - a for a, b in graded), 4)
    assert one.alpha == rules.alpha([[a for a, _ in graded], [b for _, b in graded]])
    assert [who.number for who in one.appraisers] == [appraiser_number(li.id)] and one.appraisers[0].between == one.between
    by_owner = {pair.owner_id: pair.measure for pair in one.pairs}
    assert by_owner[bob.id].n == 1 and by_owner[bob.id].inflation == graded[3][1] - graded[3][0] > 0
    assert by_owner[alice.id].n == 3
    checks = {row.code: row for row in figures.checks(session)}
    assert all(row.n + row.left_out == 4 for row in checks.values()) and set(checks) <= {one.code for one in in_force().checks}


def test_repeats_and_exams_are_measured_apart(app, session, doing, alice, li, root, all_wiped):
    grades = list(by_grade())
    item = stories.laptop(doing, alice, serial="PF9AG009", disks=[])
    for grade in (grades[0], grades[1], grades[1]):
        sign(li, item, said(grade))
    session.rollback()
    assert [(pair.first, pair.second) for pair in queries.repeats(session)] == [
        (in_force().order().index(a), in_force().order().index(b)) for a, b in ((grades[0], grades[1]), (grades[1], grades[1]))
    ]  # fmt: skip
    kept = references(doing, root)
    with doing(li) as w:
        exam = exams.begin(w, "xunshi-laptop")
        for one in kept:
            exams.give(w, exam, w.session.get_one(ReferenceItem, one), by_grade()[w.session.get_one(ReferenceItem, one).grade])
    session.rollback()
    one = figures.agreements(session)[0]
    assert (one.within.n, one.standard.n, one.standard.kappa, one.between.n, one.alpha) == (2, len(kept), 1, 0, None)
    assert [who.number for who in one.appraisers] == [appraiser_number(li.id)]


def test_the_page_says_it_to_everybody_and_names_sellers_to_the_platform_only(session, graded, anonymous, li, root, ines):
    page = anonymous.get("/agreement").text
    kappa = rules.hundredths(rules.quadratic_kappa(rules.table_of(graded, len(in_force().order()) - 1)))
    assert kappa in page and appraiser_number(li.id) in page and "<svg" in page and "it says little yet" in page
    for person in (root, ines):
        told = person.client().get("/agreement").text
        assert "Alice" in told and "Bob" in told
    for client in (anonymous, li.client()):
        assert "Alice" not in client.get("/agreement").text


def test_with_nothing_to_compare_nothing_is_praised(anonymous, app):
    assert "Nothing to compare yet" in anonymous.get("/agreement").text
    result = app.test_cli_runner().invoke(appraisers, ["agreement", "--json"])
    assert result.exit_code == 0 and json.loads(result.output) == {"scales": [], "checks": [], "blind": {}}
    assert app.test_cli_runner().invoke(appraisers, ["agreement"]).output.strip() == "nothing to compare yet"


def test_the_command_answers_in_its_shape(app, session, graded, li):
    result = app.test_cli_runner().invoke(appraisers, ["agreement", "--json"])
    value = json.loads(result.output)
    fits(value, schema("appraisers-agreement"))
    one = value["scales"][0]
    assert one["between"]["n"] == 4 and sum(map(sum, one["table"])) == 4 and sum(value["blind"].values()) == 4
    assert appraiser_number(li.id) in app.test_cli_runner().invoke(appraisers, ["agreement"]).output


def test_the_printed_example_fits_its_shape_and_its_own_table():
    example = json.loads((DOCS / "schemas" / "examples" / "appraisers-agreement.json").read_text(encoding="utf-8"))
    fits(example, schema("appraisers-agreement"))
    one = example["scales"][0]
    ranks = [(i, j) for i, row in enumerate(one["table"]) for j, n in enumerate(row) for _ in range(n)]
    assert rules.hundredths(rules.quadratic_kappa(one["table"])) == one["between"]["kappa"]
    assert rules.hundredths(rules.inflation(ranks)) == one["between"]["inflation"]
    assert rules.hundredths(rules.alpha(list(zip(*ranks, strict=True)))) == one["alpha_ordinal"]


def test_a_bar_is_as_long_as_its_kappa_and_escapes_its_label():
    svg = bars([("A<b>", Fraction(1, 2)), ("B", None), ("C", Fraction(-1, 2))], "t", "none")
    assert "A&lt;b&gt;" in svg and 'width="125"' in svg and svg.count('width="0"') == 2 and ">none<" in svg and ">-0.50<" in svg
