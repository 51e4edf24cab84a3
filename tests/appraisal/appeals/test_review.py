"""Alice doesn't agree with Li's grade; somebody who had no part in it grades anew and blind, and what they find counts."""

from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from appraisal.appeals import actions, queries
from appraisal.appeals.events import GradeOverturned
from appraisal.appeals.rules import PEOPLE
from appraisal.appraisers.queries import find_file
from appraisal.appraisers.settings import settings
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import find_standing
from core import clock, draw_rules, ports
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.work import Actor, work
from market.aftersales import actions as cases
from market.aftersales import exchanging
from market.listings.models import Listing
from market.orders.replacing import told_of
from tests import stories
from tests.appraisal.appraisers.test_credentials import decided
from tests.appraisal.grades.test_reports import later
from tests.exchange_stories import agreed as in_exchange
from tests.exchange_stories import bought, given
from tests.exchange_stories import step as exchange_step
from tests.market_stories import checked, listed, listed_coat, ordered, sold
from tests.queue_stories import entry_of

TAIL = "K9A7"


@pytest.fixture
def cleared(app, doing, alice, wang, zhao, shop):
    """A laptop that is wiped and may be listed."""
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def told():
    """Every time somebody is told that a grade fell for good."""
    heard = []
    with mock.patch.dict(ports._subscribers, {GradeOverturned: [lambda _w, event: heard.append(event.appraisal_id)]}):
        yield heard


def test_the_same_grade_stands_and_is_final_after_a_week(court, alice, li, told):
    made_id = court.graded(li, alice, "A")
    (mei,) = court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    assert seat.account_id == mei.id and court.report(seat.appraisal_id).state == "blind"
    court.give(seat, "A")
    one = court.now(appeal_id)
    assert (one.state, one.first_outcome, one.due_at is not None) == ("upheld", "same", True)
    assert court.report(seat.appraisal_id).state == "given" and court.report(made_id).state == "signed"
    court.later(6)
    assert court.now(appeal_id).state == "upheld"
    court.later(8)
    assert (court.now(appeal_id).state, court.now(appeal_id).grade, told) == ("stands", "A", [])
    assert "the grade stands" in alice.client().get("/inbox").text and "the grade stands" in li.client().get("/inbox").text


def test_another_grade_takes_its_place_at_once_and_the_fee_hears_of_it_only_when_it_is_final(court, doing, cleared, alice, li, anonymous, told):
    made_id = court.graded(li, alice, "C", cleared)
    listing_id = listed(doing, court.report(made_id).item_id, alice, title="X1", price=200000)
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    new_id = court.give(court.seats(appeal_id)[0], "A")
    one, old, new = court.now(appeal_id), court.report(made_id), court.report(new_id)
    assert (one.state, one.new_id) == ("overturned", new_id) and (old.state, new.state, new.grade) == ("superseded", "signed", "A")
    assert find_standing(court.session, old.item_id).id == new_id
    assert court.session.get_one(Listing, listing_id).grade == "A"
    body = anonymous.get(f"/reports/{new.number}.json").json["body"]
    assert (body["supersedes"], body["grade"]) == (old.number, "A") and told == []
    court.later(8)
    assert (court.now(appeal_id).state, court.now(appeal_id).grade, told) == ("fell", "A", [made_id])
    court.later(9)
    assert told == [made_id], "once"


def test_the_reviewer_sees_neither_grade_nor_seller_and_takes_photos_of_their_own(court, doing, cleared, alice, li, anonymous):
    from tests.appraisal.grades.test_appraisal_pages import best
    from tests.appraisal_stories import photographed

    made_id = court.graded(li, alice, "C", cleared)
    listed(doing, cleared, alice, title="要价 X1", price=234500)
    (mei,) = court.appraisers("Mei")
    appeal_id, number = court.appeal(alice, made_id), court.report(made_id).number
    seat = court.seats(appeal_id)[0]
    path, client = f"/appraisals/{seat.appraisal_id}", mei.client()
    page = client.get(path).text
    for hidden in (number, made_id, "Alice", "234500", "要价", appeal_id, "屏幕没有划痕", ">C<"):
        assert hidden not in page, hidden
    assert "grade it anew in an appeal" in page.replace("You grade", "grade")
    for closed in (f"/reports/{number}", f"/reports/{number}.json", f"/reports/{number}.pdf", f"/appraisals/{made_id}"):
        assert client.get(closed).status_code == 403 and anonymous.get(closed).status_code == 200
    form, said = f"/reports/{number}/appeal", {"words": "x", "checks": ["lid"], "once": "k"}
    for answer in (client.get(form), client.post(form), client.post(form, data={"words": " "}), client.post(form, data=said)):
        assert answer.status_code == 403 and "blind: its report is closed to you" in answer.text and "Grade C" not in answer.text
    assert client.get(f"/appeals/{appeal_id}").status_code == 403
    for other in (alice, li):
        assert other.client().get(path).status_code == 404 and other.client().post(path, data={"what": "sign"}).status_code in (403, 404)
    assert client.post(path, data={**best(), "what": "sign"}).status_code == 422, "without photos nothing is given"
    photographed(client, path)
    answer = client.post(path, data={"what": "sign"})
    assert answer.status_code == 422 and "there is no grade" in answer.text, "unknown is no grade"
    assert client.post(f"{path}/drop").status_code == 409
    answer = client.post(path, data={**best(), "what": "sign"})
    assert answer.status_code == 303 and answer.location == "/appeals"
    new = court.report(seat.appraisal_id)
    assert new.state == "signed" and court.now(appeal_id).state == "overturned"
    assert anonymous.get(f"/reports/{new.number}.json").json["body"]["photos"]["list"], "with the reviewer's photos"
    assert client.get(f"/reports/{number}").status_code == 200, "now there is nothing to be blind to"


def test_only_who_owns_it_or_bought_it_may_appeal_and_says_why(court, alice, bob, li, anonymous):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    path = f"/reports/{court.report(made_id).number}/appeal"
    assert anonymous.post(path).status_code in (302, 303, 401) and "/appeal" not in anonymous.get(path[:-7]).text
    for person in (bob, li):
        answer = person.client().get(path)
        assert answer.status_code == 403 and "Only the owner of the thing" in answer.text
        for sent in ({"words": "x", "checks": ["lid"], "once": "k"}, {"words": " "}, {}):
            answer = person.client().post(path, data=sent)
            assert answer.status_code == 403 and "Only the owner of the thing" in answer.text and 'id="words"' not in answer.text
    client = alice.client()
    assert path in client.get(path[:-7]).text and client.get(path).status_code == 200 and "Grade C" in client.get(path).text
    for said, field in (({"words": " ", "checks": ["lid"]}, "Say what is wrong"), ({"words": "x"}, "Choose the checks"),
                        ({"words": "x", "checks": ["nothing"]}, "Choose the checks")):  # fmt: skip
        answer = client.post(path, data={**said, "once": "k"})
        assert answer.status_code == 422 and field in answer.text
    said = {"words": "屏幕没有划痕 🙂", "checks": ["lid", "screen"], "once": "k1"}
    first = client.post(path, data={**said, "checks": ["lid"]})
    assert first.status_code == 303 and first.location.startswith("/appeals/")
    assert client.post(path, data={**said, "checks": ["lid"]}).location == first.location, "sent twice, made once"
    for late in (client.get(path), client.post(path)):
        assert late.status_code == 409 and "open appeal" in late.text, "the empty form isn't shown again, either"
    again = client.post(path, data={**said, "checks": ["lid"], "once": "k2"})
    assert again.status_code == 409 and "open appeal" in again.text


def test_the_time_to_appeal_ends_to_the_moment(court, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    made = court.report(made_id)
    number, ends = made.number, made.signed_at + settings().appeal_within
    court.session.rollback()
    for moment, good in ((ends, False), (ends - timedelta(microseconds=1), True)):
        with mock.patch.object(clock, "now", lambda moment=moment: moment):
            try:
                with work(court.session, Actor(alice.id), moment) as w:
                    actions.appeal(w, w.session.get_one(Appraisal, made_id), "x", ["lid"])
                assert good
            except Refused as no:
                assert no.code == "appeal_late" and not good
            court.session.rollback()
    assert number and queries.open_appeal(court.session, made_id) is not None


def test_a_buyer_appeals_after_the_hand_over_and_the_old_report_is_taken_back(court, doing, cleared, alice, bob, li, told):
    made_id = court.graded(li, alice, "A", cleared)
    listing = listed(doing, court.report(made_id).item_id, alice, title="X1", price=200000)
    (mei,) = court.appraisers("Mei")
    order = ordered(doing, listing, bob)
    court.session.rollback()
    with pytest.raises(Forbidden, match="not_party"):
        court.appeal(bob, made_id)
    checked(doing, order, bob, tail=TAIL)
    sold(doing, order, alice)
    assert court.report(made_id).state == "expired"
    with pytest.raises(Forbidden, match="not_party"):
        court.appeal(alice, made_id)
    appeal_id = court.appeal(bob, made_id)
    one = court.now(appeal_id)
    assert (one.side, one.owner_id) == ("buyer", alice.id)
    seat = court.seats(appeal_id)[0]
    assert seat.account_id == mei.id
    court.give(seat, "C")
    assert court.report(made_id).state == "expired" and court.report(seat.appraisal_id).state == "given", "nothing to supersede"
    court.later(8)
    assert (court.now(appeal_id).state, court.report(made_id).state, told) == ("fell", "revoked", [made_id])
    assert alice.client().get(f"/appeals/{appeal_id}").status_code == 200, "the seller reads it, too"


def test_a_buyer_who_comes_too_late_or_gave_it_back_has_no_appeal(court, doing, cleared, alice, bob, li):
    made_id = court.graded(li, alice, "A", cleared)
    item_id = court.report(made_id).item_id
    listing = listed(doing, item_id, alice, title="X1", price=200000)
    court.appraisers("Mei")
    order = ordered(doing, listing, bob)
    checked(doing, order, bob, tail=TAIL)
    sold(doing, order, alice)
    court.session.rollback()
    with pytest.raises(Refused, match="appeal_late"), work(court.session, Actor(bob.id), clock.now() + timedelta(days=15)) as w:
        actions.appeal(w, w.session.get_one(Appraisal, made_id), "x", ["lid"])
    court.session.rollback()
    with doing() as w:
        w.session.get_one(Item, item_id).owner_id = alice.id
    with pytest.raises(Forbidden, match="not_party"):
        court.appeal(bob, made_id)


def test_who_got_a_graded_thing_in_exchange_appeals_from_the_day_it_came(court, app, doing, cleared, alice, bob, charlie, li):
    made_id = court.graded(li, alice, "A", cleared)
    listing = listed(doing, court.report(made_id).item_id, alice, title="X1", price=200000)
    court.appraisers("Mei")
    case_id = in_exchange(doing, bought(doing, listed_coat(doing, alice), alice, bob), alice, bob)
    with app.app_context():
        exchange_step(doing, case_id, alice, exchanging.choose, listing)
        exchange_step(doing, case_id, alice, cases.take_back)
        court.session.rollback()
        with pytest.raises(Forbidden, match="not_party"):
            court.appeal(bob, made_id)
        court.session.rollback()
        ticked = [one.code for one in told_of(court.session, court.session.get_one(Listing, listing))]
        given(doing, case_id, alice, bob, ticked, tail=TAIL)
    assert court.report(made_id).state == "expired"
    for person in (alice, charlie):
        with pytest.raises(Forbidden, match="not_party"):
            court.appeal(person, made_id)
    court.session.rollback()
    with pytest.raises(Refused, match="appeal_late"), work(court.session, Actor(bob.id), clock.now() + timedelta(days=15)) as w:
        actions.appeal(w, w.session.get_one(Appraisal, made_id), "x", ["lid"])
    one = court.now(court.appeal(bob, made_id))
    assert (one.side, one.owner_id) == ("buyer", alice.id)


def test_who_gave_it_back_for_something_else_has_no_appeal_against_it(court, app, doing, cleared, alice, bob, li):
    made_id = court.graded(li, alice, "A", cleared)
    listing, other = listed(doing, court.report(made_id).item_id, alice, title="X1", price=200000), listed_coat(doing, alice)
    court.appraisers("Mei")
    with app.app_context():
        case_id = in_exchange(doing, bought(doing, listing, alice, bob, tail=TAIL), alice, bob)
        exchange_step(doing, case_id, alice, exchanging.choose, other)
        exchange_step(doing, case_id, alice, cases.take_back)
        given(doing, case_id, alice, bob)
    court.session.rollback()
    with pytest.raises(Forbidden, match="not_party"):
        court.appeal(bob, made_id)


def test_the_lot_leaves_out_everybody_with_a_part_in_it_and_prefers_another_agency(court, people, doing, alice, li, shop):
    (far,) = court.appraisers("Far")
    colleague = court.appraisers("Nan", org=shop)[0]
    manager = people.person("Mu")
    people.give_role(manager, "shop_manager", shop)
    people.give_role(manager, "appraiser", people.organisation("Mu鉴定所", "agency"))
    cousin = court.appraisers("Cousin")[0]
    tied = lambda _session, account, _since, _now: [ports.Tie(alice.id, "family")] if account == cousin.id else []  # noqa: E731
    with mock.patch.dict(ports._providers["relations"], {"market": tied}):
        made_id = court.graded(li, alice, "C")
        appeal_id = court.appeal(alice, made_id)
        assert [seat.account_id for seat in court.seats(appeal_id)] == [far.id], "not the colleague while there is somebody else"
        court.session.rollback()
        with work(court.session, Actor(far.id), clock.now()) as w:
            seat = queries.seats_of(w.session, queries.locked(w.session, appeal_id))[0]
            actions.give_back(w, w.session.get_one(Appraisal, seat.appraisal_id), "认识卖家")
        assert [seat.account_id for seat in court.seats(appeal_id)] == [colleague.id], "neither manager, nor family, nor first"


def test_who_gives_it_back_says_why_and_cant_come_again(court, alice, li):
    made_id = court.graded(li, alice, "C")
    mei, nan = court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    first, other = (mei, nan) if seat.account_id == mei.id else (nan, mei)
    path = f"/appraisals/{seat.appraisal_id}/return"
    assert other.client().post(path, data={"reason": "x"}).status_code == 404
    assert first.client().post(path, data={"reason": " "}).status_code == 422 and court.seats(appeal_id)[0].account_id == first.id
    assert first.client().post(path, data={"reason": "认识卖家"}).status_code == 303
    now = court.seats(appeal_id)
    assert [one.account_id for one in now] == [other.id] and court.report(seat.appraisal_id).state == "dropped"
    assert first.client().post(path, data={"reason": "x"}).status_code == 409
    assert other.client().post(f"/appraisals/{now[0].appraisal_id}/return", data={"reason": "够不着"}).status_code == 303
    assert court.now(appeal_id).state == "short", "nobody is left, and nobody comes twice"


def test_who_doesnt_look_in_time_is_replaced_and_it_is_on_record(court, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    court.later(6)
    assert [one.id for one in court.seats(appeal_id)] == [seat.id]
    court.later(7)
    first, second = court.seat_rows()
    assert (first.why, second.why, second.due_at - second.assigned_at) == ("late", "", settings().appeal_look)
    assert first.account_id != second.account_id
    court.give(second, "C")
    assert court.now(appeal_id).state == "upheld"


def test_with_nobody_uninvolved_it_waits_for_the_platform_and_goes_on_by_itself(court, alice, li, root):
    made_id = court.graded(li, alice, "C")
    appeal_id = court.appeal(alice, made_id)
    entry = entry_of(court.session, "appraisal_appeal", appeal_id)
    assert court.now(appeal_id).state == "short" and entry.state == "open" and {alice.id, li.id} <= set(entry.barred)
    court.appraisers("Mei")
    court.later(0)
    assert court.now(appeal_id).state == "review" and entry_of(court.session, "appraisal_appeal", appeal_id).state == "lapsed"
    assert len(court.seats(appeal_id)) == 1
    assert root.client().post(f"/appeals/{appeal_id}/leave", data={"reason": "x"}).status_code == 409


def test_the_platform_may_end_what_nobody_can_hear_with_a_reason_and_nothing_is_found_out(court, alice, li, root, told):
    made_id = court.graded(li, alice, "C")
    appeal_id = court.appeal(alice, made_id)
    path = f"/appeals/{appeal_id}/leave"
    for person in (alice, li):
        assert person.client().post(path, data={"reason": "x"}).status_code == 403
    assert root.client().post(path, data={"reason": " "}).status_code == 422
    assert root.client().post(path, data={"reason": "全市没有其他鉴定评估师"}).status_code == 303
    assert (court.now(appeal_id).state, court.report(made_id).state, told) == ("unheard", "signed", [])
    assert entry_of(court.session, "appraisal_appeal", appeal_id).verdict == "left"
    assert "全市没有其他鉴定评估师" in alice.client().get(f"/appeals/{appeal_id}").text


def test_until_the_log_has_entered_the_report_nobody_is_drawn(court, doing, alice, li):
    item = stories.laptop(doing, alice, serial="PF9AP009", disks=[])
    made_id = court.sign(li, item, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    assert court.seats(appeal_id) == [] and court.now(appeal_id).state == "review"
    court.log()
    court.later(0)
    assert len(court.seats(appeal_id)) == 1 and len(court.now(appeal_id).root) == 64


def test_while_it_is_open_nobody_signs_it_away_and_thirty_days_dont_end_it(court, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    item_id = court.report(made_id).item_id
    appeal_id = court.appeal(alice, made_id)
    with pytest.raises(Refused, match="under_appeal"):
        court.sign(li, item_id, "A")
    assert court.report(made_id).state == "signed"
    from appraisal.grades import reports

    later(court.session, reports.expire_due, 31)
    assert court.report(made_id).state == "expired" and court.now(appeal_id).state == "review"
    court.give(court.seats(appeal_id)[0], "A")
    court.later(8)
    assert (court.now(appeal_id).state, court.report(made_id).state) == ("fell", "revoked")
    court.sign(li, item_id, "A")


@pytest.mark.parametrize("how", ["custody", "revoked"])
@pytest.mark.parametrize("given", [True, False])
def test_a_sale_other_hands_or_a_revocation_end_it_and_what_was_found_is_final(court, doing, alice, li, wang, root, told, how, given):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    seat = court.seats(appeal_id)[0]
    if given:
        court.give(seat, "A")
    standing = court.report(court.now(appeal_id).new_id or made_id)
    if how == "custody":
        with doing(wang) as w:
            custody.raise_epoch(w, w.session.get_one(Item, standing.item_id), "repaired")
    else:
        answer = root.client().post(f"/reports/{standing.number}/revoke", data={"reason": "altered"})
        assert answer.status_code == 303
    assert court.now(appeal_id).state == ("fell" if given else "lapsed") and told == ([made_id] if given else [])
    assert court.seats(appeal_id) == []
    if not given:
        assert court.report(seat.appraisal_id).state == "dropped"


@pytest.fixture
def many(court, alice, li):
    """Li graded Alice's laptop, and seven had no part in it. The report's id."""
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei", *[f"Lin{n}" for n in range(6)])
    return made_id


def drawn(court, appeal_id):
    (seat,) = court.seats(appeal_id)
    return seat.account_id


def again(court, alice, appeal_id, made_id):
    """She takes her appeal back and makes another: its id, and who is drawn for it."""
    assert alice.client().post(f"/appeals/{appeal_id}/withdraw").status_code == 303
    appeal_id = court.appeal(alice, made_id)
    return appeal_id, drawn(court, appeal_id)


def test_who_takes_an_appeal_back_and_appeals_again_gets_the_same_reviewer(court, many, alice):
    appeal_id = court.appeal(alice, many)
    first = drawn(court, appeal_id)
    for _time in range(3):
        appeal_id, who = again(court, alice, appeal_id, many)
        assert who == first, "nobody appeals for a reviewer they like better"
    number, root = court.report(many).number, court.now(appeal_id).root
    order = draw_rules.ranked(PEOPLE + f"{number}\nreview\n".encode(), root, [one.id for one in court.drawn])
    assert first == order[0], "as docs/algorithms/appeals.md says, so that anybody can reckon it again"


def test_another_reviewer_is_drawn_where_the_first_is_admitted_no_more(court, many, alice, root):
    appeal_id = court.appeal(alice, many)
    first = drawn(court, appeal_id)
    file_id = find_file(court.session, first).id
    court.session.rollback()
    assert decided(root, file_id, "suspend", "投诉待查").status_code == 303
    appeal_id, second = again(court, alice, appeal_id, many)
    assert second != first
    assert again(court, alice, appeal_id, many)[1] == second, "and that one from then on"


@pytest.mark.parametrize("how", ["returned", "late"])
def test_who_gave_it_back_or_was_late_isnt_drawn_for_it_again_in_another_appeal(court, many, alice, how):
    appeal_id = court.appeal(alice, many)
    (seat,) = court.seats(appeal_id)
    first, path = seat.account_id, f"/appraisals/{seat.appraisal_id}/return"
    if how == "late":
        court.later(8)
    else:
        assert court.people_of(first).client().post(path, data={"reason": "认识卖家"}).status_code == 303
    second = drawn(court, appeal_id)
    assert second != first and again(court, alice, appeal_id, many)[1] == second


def test_who_appealed_takes_it_back_until_a_grade_is_given(court, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei", "Nan")
    appeal_id = court.appeal(alice, made_id)
    assert li.client().post(f"/appeals/{appeal_id}/withdraw").status_code == 403
    assert alice.client().post(f"/appeals/{appeal_id}/withdraw").status_code == 303
    assert court.now(appeal_id).state == "withdrawn" and court.seats(appeal_id) == []
    again = court.appeal(alice, made_id)
    court.give(court.seats(again)[0], "C")
    assert alice.client().post(f"/appeals/{again}/withdraw").status_code == 409
    court.later(8)
    assert court.now(again).state == "stands"
    with pytest.raises(Refused, match="appealed_once"):
        court.appeal(alice, made_id)


def test_a_report_without_a_grade_can_only_be_made_anew(court, doing, alice, li):
    item = stories.laptop(doing, alice, serial="PF9AP008", disks=[])
    with court.app.app_context(), doing(li) as w:
        from appraisal.grades import actions as appraising

        made = appraising.begin(w, item, court.shop)
        appraising.sign(w, made, {})
        made_id = made.id
    with pytest.raises(Refused, match="no_grade"):
        court.appeal(alice, made_id)


def test_a_report_that_isnt_certainly_wiped_any_more_counts_nowhere_until_the_end(court, doing, alice, li, told):
    from core.wipe_ports import WipeStanding

    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    lost = {"market": lambda _session, _item_id: WipeStanding("missing")}
    with mock.patch.dict(ports._providers["wipe_standing"], lost, clear=True):
        court.give(court.seats(appeal_id)[0], "A")
        assert (court.now(appeal_id).state, court.now(appeal_id).new_id, court.report(made_id).state) == ("overturned", None, "frozen")
        court.later(8)
    assert (court.now(appeal_id).state, court.report(made_id).state, told) == ("fell", "revoked", [made_id])


def test_the_database_keeps_it_as_it_was(court, database, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    seat_id = court.seats(appeal_id)[0].id
    given = court.give(court.seats(appeal_id)[0], "C")
    for sql in (
        "UPDATE appraisal_appeals SET words = 'x'", "DELETE FROM appraisal_appeals", "DELETE FROM appraisal_appeal_seats",
        "UPDATE appraisal_appeals SET first_outcome = 'other'", "UPDATE appraisal_appeals SET state = 'short'",
        f"UPDATE appraisal_appeal_seats SET account_id = '{alice.id}' WHERE id = '{seat_id}'",
        f"UPDATE appraisals SET grade = 'A' WHERE id = '{given}'", f"DELETE FROM appraisals WHERE id = '{given}'",
        f"UPDATE appraisals SET state = 'blind' WHERE id = '{given}'",
    ):  # fmt: skip
        court.session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))
    court.later(8)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("UPDATE appraisal_appeals SET grade = 'A'"))


def test_who_graded_it_in_an_appeal_doesnt_buy_it_for_a_while(court, bob, alice, li):
    from appraisal.appraisers.buying import demand_may_buy

    made_id = court.graded(li, alice, "C")
    (mei,) = court.appraisers("Mei")
    item_id = court.report(made_id).item_id
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], "C")
    now = clock.now()
    demand_may_buy(court.session, item_id, bob.id, now)
    with pytest.raises(Forbidden, match="graded_by_buyer"):
        demand_may_buy(court.session, item_id, mei.id, now)
    demand_may_buy(court.session, item_id, mei.id, now + timedelta(days=181))


def test_bad_words_are_refused_past_the_pages_too(court, alice, li):
    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    court.session.rollback()
    for words, checks in ((" ", ["lid"]), ("x", []), ("x", ["nothing"])):
        with pytest.raises(Invalid), court.doing(alice) as w:
            actions.appeal(w, w.session.get_one(Appraisal, made_id), words, checks)
        court.session.rollback()
    court.appeal(alice, made_id)


@pytest.mark.parametrize("who", ["wang", "li"])
def test_who_graded_first_takes_it_into_other_hands_and_what_was_found_is_final_all_the_same(court, doing, alice, li, wang, told, who):
    """A held report is taken back by the outcome of the appeal, not by whoever happened to move the thing."""
    from core.wipe_ports import WipeStanding

    made_id = court.graded(li, alice, "C")
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    lost = {"market": lambda _session, _item_id: WipeStanding("missing")}
    with mock.patch.dict(ports._providers["wipe_standing"], lost, clear=True):
        court.give(court.seats(appeal_id)[0], "A")
    item_id = court.report(made_id).item_id
    court.session.rollback()
    with doing({"wang": wang, "li": li}[who]) as w:
        custody.raise_epoch(w, w.session.get_one(Item, item_id), "repaired")
    assert (court.now(appeal_id).state, court.report(made_id).state, told) == ("fell", "revoked", [made_id])


def test_whom_deals_and_family_tie_is_looked_up_once_for_each_who_may_be_drawn(court, alice, bob, li):
    """Three have an interest in the grade here; the books are read once for each candidate, and say the same to all three."""
    mei, nan, tied = court.appraisers("Mei", "Nan", "Tied")
    made_id = court.graded(li, alice, "C")
    asked = []

    def relations(_session, account_id, _since, _until):
        asked.append(account_id)
        return [ports.Tie(alice.id, "counterparty")] if account_id == tied.id else []

    with mock.patch.dict(ports._providers["relations"], {"market": relations}, clear=True):
        appeal_id = court.appeal(alice, made_id)
    assert sorted(asked) == sorted([mei.id, nan.id, tied.id])
    assert court.seats(appeal_id)[0].account_id in (mei.id, nan.id)
