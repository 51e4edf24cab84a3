"""Two do something in one matter at the same moment, over two connections: neither waits for the other in a ring, and what
comes of it is what one after the other would have come to."""

from datetime import timedelta

import pytest

from appraisal.appeals import clocks
from appraisal.appeals.models import AppealSeat
from core import clock
from core.goods import custody
from core.goods.models import Item
from core.work import Actor, work
from tests.appraisal.grades.test_appraisal_pages import best
from tests.appraisal_stories import unasked


def a_work(court, database, step, actor="system:appraisal_appeals", later=0):
    """A step of the house, in a transaction of its own."""

    def go():
        with database.session() as mine, court.app.app_context(), work(mine, Actor(actor), clock.now() + timedelta(days=later)) as w:
            step(w)
        return 303

    return go


def a_post(client, path, data):
    return lambda: client.post(path, data=data).status_code


@pytest.fixture
def story(court, alice, li):
    """(report's id, appeal's id, the seat, who holds it): Li said A, and somebody is about to grade anew."""
    made_id = court.graded(li, alice, "A")
    court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    return made_id, appeal_id, seat.appraisal_id, court.people_of(seat.account_id)


def moved(court, database, made_id, who):
    item_id = court.report(made_id).item_id
    court.session.rollback()
    return a_work(court, database, lambda w: custody.raise_epoch(w, w.session.get_one(Item, item_id), "repaired"), who.id)


def at_odds(court, database, story, how, alice, wang, root):
    made_id, appeal_id, seat_made_id, mei = story
    number = court.report(made_id).number
    court.session.rollback()
    return {
        "withdraw": lambda: a_post(alice.client(), f"/appeals/{appeal_id}/withdraw", {}),
        "revoke": lambda: a_post(root.client(), f"/reports/{number}/revoke", {"reason": "altered"}),
        "moved": lambda: moved(court, database, made_id, wang),
        "late": lambda: a_work(court, database, clocks.due, later=8),
        "return": lambda: a_post(mei.client(), f"/appraisals/{seat_made_id}/return", {"reason": "够不着"}),
    }[how]()


@pytest.mark.parametrize("how", ["withdraw", "revoke", "moved", "late", "return"])
def test_a_grade_is_given_while_the_matter_ends_another_way(court, story, database, at_once, alice, wang, root, how):
    made_id, appeal_id, seat_made_id, mei = story
    other = at_odds(court, database, story, how, alice, wang, root)
    with unasked():
        codes = at_once(a_post(mei.client(), f"/appraisals/{seat_made_id}", {**best(), "what": "sign"}), other)
    assert set(codes) <= {303, 409} and 303 in codes, codes
    one, given = court.now(appeal_id), court.report(seat_made_id)
    assert given.state in ("given", "signed", "dropped")
    if given.state == "dropped":
        assert codes[0] == 409 and one.first_outcome == "" and one.state == {"withdraw": "withdrawn", "late": "review", "return": "review"}.get(how, "lapsed")
    else:
        assert codes[0] == 303 and one.first_outcome
    assert [report for report in court.reports() if report.state == "frozen"] == []
    assert len(court.seats(appeal_id)) == (one.state == "review"), "nobody looks at what is over"


@pytest.mark.parametrize(("one", "other"), [("withdraw", "revoke"), ("withdraw", "late"), ("moved", "late"), ("return", "withdraw"), ("revoke", "late")])
def test_a_matter_ends_in_two_ways_at_once(court, story, database, at_once, alice, wang, root, one, other):
    _made_id, appeal_id, seat_made_id, _mei = story
    codes = at_once(*(at_odds(court, database, story, how, alice, wang, root) for how in (one, other)))
    assert set(codes) <= {303, 409} and 303 in codes, codes
    assert court.now(appeal_id).state in ("withdrawn", "lapsed") and court.report(seat_made_id).state == "dropped"
    assert court.seats(appeal_id) == []


def test_the_panel_turns_the_reviewers_report_while_the_platform_takes_it_back(court, database, at_once, alice, li, root):
    made_id = court.graded(li, alice, "A")
    court.appraisers("Mei", *[f"Lin{n}" for n in range(3)])
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], "C")
    court.ask_panel(alice, appeal_id)
    *two, last = court.seats(appeal_id, "panel")
    for seat in two:
        court.give(seat, "D")
    turned = court.report(court.now(appeal_id).new_id)
    last, number = court.session.get_one(AppealSeat, last.id), turned.number
    who, path = court.people_of(last.account_id), f"/appraisals/{last.appraisal_id}"
    court.session.rollback()
    with unasked():
        codes = at_once(
            a_post(who.client(), path, {**best(), "what": "sign"}), a_post(root.client(), f"/reports/{number}/revoke", {"reason": "altered"})
        )
    assert sorted(codes) in ([303, 303], [303, 409]), codes
    assert court.now(appeal_id).state == "fell" and court.now(appeal_id).grade in ("C", "D")
    assert [one for one in court.reports() if one.state == "frozen"] == []
