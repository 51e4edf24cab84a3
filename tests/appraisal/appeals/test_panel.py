"""A side asks for a panel of three: each grades blind, the middle counts, and never do two decide for three."""

import re
import threading
from contextlib import nullcontext
from itertools import product
from unittest import mock

import pytest
from sqlalchemy import select

from appraisal.appeals import actions, queries
from appraisal.appeals.events import GradeOverturned
from appraisal.appeals.models import Appeal
from appraisal.blind.models import BlindCheck
from appraisal.grades import actions as appraising
from appraisal.grades import report_price
from appraisal.grades.queries import locked
from core import clock, ports
from core.errors import Refused
from core.goods import custody
from core.goods.models import Item
from core.work import Actor, work
from tests.appraisal_stories import unasked
from tests.queue_stories import entry_of


@pytest.fixture
def told():
    heard = []
    with mock.patch.dict(ports._subscribers, {GradeOverturned: [lambda _w, event: heard.append(event.appraisal_id)]}):
        yield heard


@pytest.fixture
def reviewed(court, alice, li):
    """(report, appeal): Li said A, the reviewer says what the story wants; four others had no part in it."""

    def make(first="A", second="A", others=4, **where):
        made_id = court.graded(li, alice, first)
        court.appraisers("Mei", *[f"Lin{n}" for n in range(others)], **where)
        appeal_id = court.appeal(alice, made_id)
        court.give(court.seats(appeal_id)[0], second)
        return made_id, appeal_id

    return make


def panel(court, appeal_id, *grades):
    seats = court.seats(appeal_id, "panel")
    assert [one.place for one in seats] == [1, 2, 3]
    return [court.give(seat, grade) for seat, grade in zip(seats, grades, strict=True)]


def test_a_majority_turns_what_the_reviewer_upheld(court, reviewed, alice, li, told, anonymous):
    made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    one, seats = court.now(appeal_id), court.seats(appeal_id, "panel")
    assert (one.state, one.due_at, len({seat.account_id for seat in seats})) == ("panel", None, 3)
    reviewer = court.seats(appeal_id, "review", live=False)[0].account_id
    assert not {reviewer, li.id, alice.id} & {seat.account_id for seat in seats}
    given = panel(court, appeal_id, "C", "A", "C")
    one = court.now(appeal_id)
    assert (one.state, one.grade, told) == ("fell", "C", [made_id])
    assert court.report(made_id).state == "superseded" and court.report(one.new_id).state == "signed" and one.new_id in (given[0], given[2])
    assert [court.report(other).state for other in given if other != one.new_id] == ["given", "given"]
    page = alice.client().get(f"/appeals/{appeal_id}").text
    assert "The grade was overturned" in page and page.count("gave a grade") == 0 and court.report(one.new_id).number in page


def test_three_different_grades_come_to_the_middle_and_that_may_be_the_first(court, reviewed, li, told):
    made_id, appeal_id = reviewed("B", "C")
    turned = court.now(appeal_id).new_id
    assert court.report(turned).state == "signed"
    court.ask_panel(li, appeal_id)
    given = panel(court, appeal_id, "D", "A", "B")
    one = court.now(appeal_id)
    assert (one.state, one.grade, told) == ("stands", "B", []), "what a reviewer turned is turned back, and nobody heard of money"
    assert (court.report(turned).state, court.report(given[2]).state) == ("superseded", "signed") and one.new_id == given[2]


def test_grades_of_a_panel_stay_hidden_until_all_three_are_given(court, reviewed, alice, li, ines):
    _made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    first, second, _third = court.seats(appeal_id, "panel")
    court.give(first, "D")
    for person in (alice, li, ines):
        page = person.client().get(f"/appeals/{appeal_id}").text
        assert "gave a grade" in page and ">D " not in page
    assert court.now(appeal_id).state == "panel"
    member = court.people_of(second.account_id)
    assert member.client().get(f"/appeals/{appeal_id}").status_code == 403


def test_only_a_side_asks_in_time_and_with_a_reason(court, reviewed, people, alice, bob, li, shop):
    _made_id, appeal_id = reviewed("A", "C")
    boss = people.person("Mu")
    people.give_role(boss, "shop_manager", shop)
    path = f"/appeals/{appeal_id}/panel"
    assert bob.client().post(path, data={"words": "x", "once": "k"}).status_code == 403
    assert boss.client().post(path, data={"words": " ", "once": "k"}).status_code == 422
    assert boss.client().post(path, data={"words": "", "once": "k"}).status_code == 422
    court.session.rollback()
    due = court.now(appeal_id).due_at
    court.session.rollback()
    with pytest.raises(Refused, match="panel_late"), work(court.session, Actor(alice.id), due) as w:
        actions.ask_panel(w, queries.locked(w.session, appeal_id), "x")
    court.session.rollback()
    first = boss.client().post(path, data={"words": "屏幕确有老化", "once": "k"})
    again = boss.client().post(path, data={"words": "屏幕确有老化", "once": "k"})
    assert (first.status_code, again.status_code) == (303, 303) and len(court.seats(appeal_id, "panel")) == 3
    again = li.client(language="zh").post(path, data={"words": "y", "once": "k3"})
    assert again.status_code == 409 and "无需再次要求" in again.text and "期限已过" not in again.text, "a panel is asked for once"
    assert "屏幕确有老化" in alice.client().get(f"/appeals/{appeal_id}").text


def test_a_panel_that_waits_for_people_is_asked_for_already_and_one_before_the_review_too_early(court, alice, li):
    made_id = court.graded(li, alice, "A")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    path = f"/appeals/{appeal_id}/panel"
    early = alice.client().post(path, data={"words": "x", "once": "k"})
    assert early.status_code == 409 and "when the reviewer has given a grade" in early.text
    court.give(court.seats(appeal_id)[0], "A")
    assert alice.client().post(path, data={"words": "x", "once": "k2"}).status_code == 303 and court.now(appeal_id).state == "short"
    again = li.client().post(path, data={"words": "x", "once": "k3"})
    assert again.status_code == 409 and "called for already" in again.text and "is over" not in again.text


def way(person, appeal_id, language="en"):
    """What the timeline says of the panel: its word, and the sentence below."""
    page = person.client(language=language).get(f"/appeals/{appeal_id}").text
    step = page.split("三人复核组重新定级" if language == "zh" else "A panel of three grades it anew")[1].split("</li>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", step).split())


def test_a_panel_that_never_met_is_not_told_as_held(court, reviewed, alice, root):
    _made_id, appeal_id = reviewed("A", "A", others=1)
    court.ask_panel(alice, appeal_id)
    assert way(alice, appeal_id).startswith("now")
    assert root.client().post(f"/appeals/{appeal_id}/leave", data={"reason": "找不到第三人"}).status_code == 303
    assert court.now(appeal_id).state == "stands"
    assert way(alice, appeal_id) == "skipped It was not held to an end and came to no grade."
    assert "已完成" not in way(alice, appeal_id, "zh") and "没有得出等级" in way(alice, appeal_id, "zh")


def test_a_panel_that_met_is_told_as_held(court, reviewed, alice):
    _made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    panel(court, appeal_id, "A", "A", "B")
    assert way(alice, appeal_id) == "done" and "已完成" in way(alice, appeal_id, "zh")


def test_the_agencys_own_three_come_first_where_there_are_three(court, alice, li, shop):
    made_id = court.graded(li, alice, "A")
    far = court.appraisers("Mei", "Far1", "Far2", "Far3")
    own = court.appraisers("Own1", "Own2", "Own3", org=shop)
    appeal_id = court.appeal(alice, made_id)
    assert court.seats(appeal_id)[0].account_id in {one.id for one in far}
    court.give(court.seats(appeal_id)[0], "A")
    court.ask_panel(alice, appeal_id)
    assert {seat.account_id for seat in court.seats(appeal_id, "panel")} == {one.id for one in own}


def test_with_two_at_the_agency_three_come_from_elsewhere(court, alice, li, shop):
    made_id = court.graded(li, alice, "A")
    far = court.appraisers("Mei", "Far1", "Far2", "Far3")
    court.appraisers("Own1", "Own2", org=shop)
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], "A")
    court.ask_panel(alice, appeal_id)
    seats = {seat.account_id for seat in court.seats(appeal_id, "panel")}
    assert len(seats) == 3 and seats < {one.id for one in far}


def test_with_two_there_is_no_panel_of_two_and_it_waits_for_the_platform(court, reviewed, alice, li, root):
    made_id, appeal_id = reviewed("A", "A", others=2)
    court.ask_panel(alice, appeal_id)
    assert court.now(appeal_id).state == "short" and court.seats(appeal_id, "panel", live=False) == []
    entry = entry_of(court.session, "appraisal_appeal", appeal_id)
    assert entry.state == "open" and entry.due_at > entry.since
    assert "not enough uninvolved appraisers" in alice.client().get("/inbox").text
    court.appraisers("Third")
    court.later(0)
    assert court.now(appeal_id).state == "panel" and len(court.seats(appeal_id, "panel")) == 3
    assert entry_of(court.session, "appraisal_appeal", appeal_id).state == "lapsed" and court.report(made_id).state == "signed"


@pytest.mark.parametrize(("second", "state"), [("A", "stands"), ("C", "fell")])
def test_without_a_panel_the_reviewers_outcome_is_final_when_the_platform_ends_it(court, reviewed, alice, root, told, second, state):
    made_id, appeal_id = reviewed("A", second, others=1)
    court.ask_panel(alice, appeal_id)
    assert root.client().post(f"/appeals/{appeal_id}/leave", data={"reason": "找不到第三人"}).status_code == 303
    assert (court.now(appeal_id).state, told) == (state, [made_id] if state == "fell" else [])
    assert entry_of(court.session, "appraisal_appeal", appeal_id).reason == "找不到第三人"


def test_who_drops_out_of_a_panel_is_replaced_and_what_others_gave_counts(court, reviewed, alice, li):
    _made_id, appeal_id = reviewed("A", "A", others=4)
    court.ask_panel(alice, appeal_id)
    first, second, third = court.seats(appeal_id, "panel")
    court.give(first, "A")
    court.later(8)
    seats = court.seats(appeal_id, "panel")
    assert court.now(appeal_id).state == "short" and [one.place for one in seats] == [2], "one of four is left, two are needed"
    court.appraisers("Late1")
    court.later(8)
    assert {one.place for one in court.seats(appeal_id, "panel")} == {2, 3} and court.now(appeal_id).state == "panel"
    for seat in court.seats(appeal_id, "panel"):
        court.give(seat, "A")
    assert court.now(appeal_id).state == "stands"
    late = {one.account_id for one in court.seats(appeal_id, "panel", live=False) if one.why == "late"}
    assert late == {second.account_id, third.account_id}


def test_one_word_against_another_about_selling_it_goes_to_a_panel_unasked(court, reviewed, alice, li, anonymous):
    made_id, appeal_id = reviewed("A", "reject")
    one = court.now(appeal_id)
    assert (one.state, one.first_outcome, one.froze, court.report(made_id).state) == ("panel", "split", True, "frozen")
    panel(court, appeal_id, "A", "A", "A")
    assert (court.now(appeal_id).state, court.report(made_id).state) == ("stands", "signed"), "it counts again"


def test_a_split_that_nobody_can_decide_takes_the_report_back(court, reviewed, alice, root):
    made_id, appeal_id = reviewed("A", "reject", others=1)
    assert court.now(appeal_id).state == "short"
    assert root.client().post(f"/appeals/{appeal_id}/leave", data={"reason": "找不到三人"}).status_code == 303
    assert (court.now(appeal_id).state, court.report(made_id).state) == ("unheard", "revoked"), "unknown is no pass"


def test_two_of_three_may_not_sell_it(court, reviewed, told):
    made_id, appeal_id = reviewed("A", "reject")
    panel(court, appeal_id, "reject", "B", "reject")
    one = court.now(appeal_id)
    assert (one.state, one.grade, court.report(made_id).state, told) == ("fell", "reject", "superseded", [made_id])
    assert court.report(one.new_id).state == "signed"


def test_a_lone_refusal_is_looked_at_before_the_grade_counts(court, reviewed, alice, root):
    _made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    given = panel(court, appeal_id, "C", "reject", "C")
    one = court.now(appeal_id)
    assert (one.state, one.grade, court.report(one.new_id).state) == ("fell", "C", "frozen")
    check = court.session.scalars(select(BlindCheck)).one()
    assert (check.why, check.state, check.appraisal_id, check.grade) == ("panel", "disagreed", one.new_id, "reject")
    assert check.second_id == court.report(given[1]).appraiser_id
    court.session.rollback()
    path = f"/blind/{check.id}/decide"
    assert "differs" in root.client().get(path).text
    assert root.client().post(path, data={"verb": "uphold", "reason": "电池没有鼓包"}).status_code == 303
    assert court.report(one.new_id).state == "signed"


def test_a_panels_report_tells_the_price_of_the_day_on_which_its_grade_was_given(court, reviewed, alice, anonymous):
    """The first of the three gives C on one day, the third makes it the outcome on another: what was told isn't told anew."""
    _made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    told, days = report_price.price_told, iter(("2026-11-02", "2026-11-03", "2026-11-04"))
    dated = lambda *known: told(*known) | {"verdict": "insufficient_evidence", "reasons": ["no_model"], "day": next(days)}  # noqa: E731
    with mock.patch.object(report_price, "price_told", dated):
        panel(court, appeal_id, "C", "A", "C")
    new = court.report(court.now(appeal_id).new_id)
    body = anonymous.get(f"/reports/{new.number}.json").json["body"]
    assert body["price"]["day"] == "2026-11-02"
    for language, title in (("en", "Price range on the day of grading"), ("zh", "分级当日的价格区间")):
        assert title in alice.client(language=language).get(f"/reports/{new.number}").text


@pytest.fixture
def wipe_gone():
    """Nobody can say any more that the laptop is wiped, so no report can be made of a new grade."""
    from core.wipe_ports import WipeStanding

    lost = {"market": lambda _session, _item_id: WipeStanding("missing")}
    return lambda: mock.patch.dict(ports._providers["wipe_standing"], lost, clear=True)


@pytest.mark.parametrize(
    ("middle", "gone", "state", "kept"),
    [
        ("D", True, "fell", "revoked"), ("A", True, "stands", "revoked"), ("C", True, "fell", "signed"),
        ("D", False, "fell", "superseded"), ("A", False, "stands", "superseded"),
    ],
)  # fmt: skip
def test_what_a_panel_says_of_the_reviewers_report_is_final_for_it_too(
    court, reviewed, wipe_gone, li, told, middle, gone, state, kept
):
    """The reviewer's C took the place of Li's A. What the panel says instead may come when no report can be made of it."""
    made_id, appeal_id = reviewed("A", "C")
    turned = court.now(appeal_id).new_id
    court.ask_panel(li, appeal_id)
    with wipe_gone() if gone else nullcontext():
        given = panel(court, appeal_id, middle, middle, "B")
    one = court.now(appeal_id)
    assert (one.state, one.grade, court.report(turned).state) == (state, middle, kept)
    assert one.new_id == (turned if gone or middle == "C" else given[0]) and told == ([made_id] if state == "fell" else [])
    assert not [report for report in court.reports() if report.state == "frozen"]


@pytest.mark.slow
def test_however_an_appeal_is_decided_no_report_of_it_is_left_frozen(court, doing, wipe_gone, alice, li, root):
    """Every way through a review and a panel, with and without a certain wipe: what stands in the end counts or is taken back."""
    court.appraisers("Mei", *[f"Lin{n}" for n in range(4)])
    ways = product(("A", "C", "reject"), ("A", "C", "reject", None), ((False, False), (False, True), (True, True)))
    for n, (second, middle, (gone_at_review, gone_at_panel)) in enumerate(ways):
        made_id = court.graded(li, alice, "A", serial=f"PF9AP{100 + n}")
        appeal_id = court.appeal(alice, made_id)
        with wipe_gone() if gone_at_review else nullcontext():
            court.give(court.seats(appeal_id)[0], second)
        with wipe_gone() if gone_at_panel else nullcontext():
            if middle is None and second != "reject":
                court.later(8)
            else:
                if second != "reject":
                    court.ask_panel(alice, appeal_id)
                panel(court, appeal_id, *[middle or "B"] * 3)
        one = court.now(appeal_id)
        standing = court.report(queries.current_id(one))
        assert one.state in ("stands", "fell") and one.ended_at, (second, middle, gone_at_review, gone_at_panel)
        assert (standing.state, standing.grade == one.grade) in (("signed", True), ("revoked", False)), (second, middle)
        court.session.rollback()
    assert not [report for report in court.reports() if report.state == "frozen"]


@pytest.mark.parametrize(("second", "state"), [("A", "stands"), ("C", "fell"), ("reject", "lapsed")])
def test_other_hands_during_the_panel_leave_what_the_reviewer_found(court, reviewed, doing, alice, wang, second, state):
    made_id, appeal_id = reviewed("A", second)
    if second != "reject":
        court.ask_panel(alice, appeal_id)
    court.give(court.seats(appeal_id, "panel")[0], "B")
    item_id = court.report(made_id).item_id
    court.session.rollback()
    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, item_id), "repaired")
    assert court.now(appeal_id).state == state and court.seats(appeal_id) == []


def test_the_last_two_at_once_over_two_connections_decide_it_once(court, reviewed, database, alice, told):
    made_id, appeal_id = reviewed("A", "A")
    court.ask_panel(alice, appeal_id)
    first, *last = court.seats(appeal_id, "panel")
    seats = [(one.account_id, one.appraisal_id) for one in last]
    court.give(first, "C")
    start, faults, answers = threading.Barrier(2), [], court.answers("C")

    def post(account_id, appraisal_id):
        with database.session() as mine, court.app.app_context():
            start.wait()
            try:
                with work(mine, Actor(account_id), clock.now()) as w:
                    appraising.sign(w, locked(w.session, appraisal_id), answers)
            except Exception as no:  # anything is a failure of this story
                faults.append(repr(no))

    court.session.rollback()
    with unasked():
        threads = [threading.Thread(target=post, args=seat) for seat in seats]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert not faults
    assert (court.now(appeal_id).state, told) == ("fell", [made_id])
    assert [court.report(one).state for _who, one in seats].count("signed") + (court.report(first.appraisal_id).state == "signed") == 1


def test_two_appeals_at_once_are_one(court, database, alice, li):
    made_id = court.graded(li, alice, "A")
    court.appraisers("Mei")
    start, told = threading.Barrier(2), []

    def make():
        with database.session() as mine:
            start.wait()
            try:
                with work(mine, Actor(alice.id), clock.now()) as w:
                    actions.appeal(w, locked(w.session, made_id), "x", ["lid"])
                told.append("made")
            except Refused as no:
                told.append(no.code)

    court.session.rollback()
    threads = [threading.Thread(target=make) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["made", "under_appeal"]
    assert len(court.session.scalars(select(Appeal)).all()) == 1
