"""How often appeals changed a grade: on the page and from the command, and nothing of too few."""

import json

from appraisal.agreement.cli import appraisers
from appraisal.appeals import figures
from appraisal.appraisers.queries import appraiser_number
from tests.core.commands.test_contract import DOCS, fits, schema


def decided(court, alice, li, fell):
    """One appeal after the other against Li's grades, each decided; `fell`: in which the reviewer said otherwise."""
    for n, falls in enumerate(fell):
        made_id = court.graded(li, alice, "A", serial=f"PF9AF{n:03d}")
        appeal_id = court.appeal(alice, made_id)
        court.give(court.seats(appeal_id)[0], "C" if falls else "A")
        court.later(8)
        assert court.now(appeal_id).state == ("fell" if falls else "stands")


def test_of_four_nothing_is_told_and_of_five_the_rate(app, court, alice, li, shop, anonymous):
    court.appraisers("Mei")
    decided(court, alice, li, [True, False, False, False])
    few = figures.overturned(court.session)
    court.session.rollback()
    assert (few.total.n, few.total.percent) == (4, None)
    assert "too few" in anonymous.get("/agreement").text and "25 %" not in anonymous.get("/agreement").text
    value = json.loads(app.test_cli_runner().invoke(appraisers, ["appeals", "--json"]).output)
    fits(value, schema("appraisers-appeals"))
    assert value["total"] == {"n": 4, "fell": None, "percent": None}
    made_id = court.graded(li, alice, "A", serial="PF9AF009")
    open_id = court.appeal(alice, made_id)
    court.give(court.seats(open_id)[0], "C")
    value = json.loads(app.test_cli_runner().invoke(appraisers, ["appeals", "--json"]).output)
    assert (value["open"], value["total"]["n"]) == (1, 4), "not before it is final"
    court.later(8)
    value = json.loads(app.test_cli_runner().invoke(appraisers, ["appeals", "--json"]).output)
    fits(value, schema("appraisers-appeals"))
    assert value["total"] == {"n": 5, "fell": 2, "percent": 40} and value["open"] == 0
    assert value["appraisers"] == [{"number": appraiser_number(li.id), "n": 5, "fell": 2, "percent": 40}]
    assert value["organisations"][0]["id"] == shop
    page = anonymous.get("/agreement").text
    assert "40 % (2/5)" in page and appraiser_number(li.id) in page and "Alice" not in page
    assert "40 % overturned (n 5)" in app.test_cli_runner().invoke(appraisers, ["appeals"]).output


def test_taken_back_and_unheard_ones_count_in_neither_number(court, alice, li, root):
    made_id = court.graded(li, alice, "A")
    unheard = court.appeal(alice, made_id)
    assert root.client().post(f"/appeals/{unheard}/leave", data={"reason": "x"}).status_code == 303
    court.appraisers("Mei")
    back = court.appeal(alice, made_id)
    assert alice.client().post(f"/appeals/{back}/withdraw").status_code == 303
    assert figures.overturned(court.session).total.n == 0
    court.session.rollback()
    heard = court.appeal(alice, made_id)
    court.give(court.seats(heard)[0], "A")
    court.later(8)
    assert figures.overturned(court.session).total.n == 1


def test_the_printed_example_fits_its_shape():
    example = json.loads((DOCS / "schemas" / "examples" / "appraisers-appeals.json").read_text(encoding="utf-8"))
    fits(example, schema("appraisers-appeals"))
    assert example["total"]["percent"] == figures.rate_of([True] + [False] * 7).percent
