"""A drawn share of Li's grades is given once more by Mei, who doesn't know the first; what they don't both find doesn't stay."""

from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.appraisers import lot
from appraisal.appraisers.queries import find_file
from appraisal.appraisers.settings import settings
from appraisal.blind import actions, queries, rules
from appraisal.blind.models import BlindCheck, BlindDraw
from appraisal.grades import reports
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import find_standing
from core import clock, draw_rules
from core.errors import Forbidden
from core.goods import custody
from core.goods.models import Item
from core.work import Actor, work
from market.listings.models import Listing
from privacy.clearance.log.sequencing import sequence
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun, best, in_force, refusing
from tests.appraisal.grades.test_reports import later, now
from tests.appraiser_stories import admitted
from tests.market_stories import listed
from tests.queue_stories import entry_of

CERTAIN = mock.patch.object(actions, "ticket", lambda domain, root, number: 0)
NEVER = mock.patch.object(actions, "ticket", lambda domain, root, number: draw_rules.SPACE - 1)


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def mei(people, shop):
    """Appraises in the same shop, and may look at others' grades."""
    person = people.person("Mei")
    people.give_role(person, "appraiser", shop)
    return person


def sign(li, item_id, answers=None):
    path = begun(li, item_id)
    assert li.client().post(path, data={**(answers or best()), "what": "sign"}).status_code == 303
    return path.split("/")[-1]


def clockwork(app, session, drawn=CERTAIN):
    """The public log enters what waits, then the lot decides."""
    session.rollback()
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequence(w, app.extensions["xunshi"])
    with drawn, work(session, Actor("system:blind_draws"), clock.now()) as w:
        actions.draw_due(w)
    session.rollback()


def the_check(session):
    session.rollback()
    return session.scalars(select(BlindCheck).order_by(BlindCheck.id.desc())).first()


def looked(person, check, answers=None, what="sign"):
    return person.client().post(f"/blind/{check.id}", data={**(answers or best()), "what": what})


def two_steps_off():
    """Answers that come to a grade two steps or more below a faultless laptop's, but still to a grade."""
    from decimal import Decimal

    from appraisal.grades import rules as grading

    order, top = in_force().order(), None
    for check in in_force().checks:
        for value in check.values:
            said = best(**{check.code: value.code})
            typed = {c.code: Decimal(said[c.code]) if c.kind == "measure" else said[c.code] for c in in_force().checks}
            found = grading.grade(in_force(), typed).grade
            top = top or found
            if found in order[:-2] and not rules.agrees(order, top, found, settings().freeze_steps):
                return said
    raise AssertionError("no single finding costs two steps")


def test_agreement_confirms_and_the_second_sees_neither_grade_nor_seller_nor_price(app, session, doing, laptop, alice, li, mei, anonymous):
    listing_id = listed(doing, laptop, alice, title="X1 要价", price=234500)
    made_id = sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    assert (check.second_id, check.state, check.why) == (mei.id, "open", "drawn")
    number, grade = now(session, made_id).number, now(session, made_id).grade
    page = mei.client().get(f"/blind/{check.id}").text
    assert "PF2X****" in page
    for hidden in (number, "Alice", "2,345", "234500", "X1 要价", listing_id, made_id, f"Grade {grade}", " checked"):
        assert hidden not in page.replace('value="" checked', ""), hidden
    shot = session.scalars(select(AppraisalPhoto).where(AppraisalPhoto.appraisal_id == made_id)).first()
    taken = [f"/appraisals/{made_id}/photos/{shot.id}/{size}.jpg" for size in ("small", "medium", "large")]
    assert "<img" not in page.split("<main")[1] and 'type="file"' not in page, "neither shown nor asked for"
    for path in (f"/reports/{number}", f"/reports/{number}.json", f"/reports/{number}.pdf", f"/appraisals/{made_id}", *taken):
        answer = mei.client().get(path)
        assert answer.status_code == 403 and "closed to you until you have graded it" in answer.text
        assert anonymous.get(path).status_code == 200
    assert li.client().get(f"/blind/{check.id}").status_code == 403 == li.client().get(f"/blind/{check.id}/decide").status_code
    assert looked(mei, check, what="save").status_code == 303 and the_check(session).state == "open"
    assert looked(mei, check).status_code == 303
    check = the_check(session)
    assert (check.state, check.grade, now(session, made_id).state) == ("confirmed", grade, "signed")
    assert mei.client().get(taken[1]).status_code == 200, "now there is nothing to be blind to"
    assert mei.client().get(f"/reports/{number}").status_code == 200
    assert looked(mei, check).status_code in (303, 409) and the_check(session).grade == grade


def test_two_steps_apart_freeze_the_report_until_the_platform_decides(app, session, doing, laptop, alice, li, mei, root, anonymous):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    made_id = sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    assert looked(mei, check, two_steps_off()).status_code == 303
    made = now(session, made_id)
    assert (the_check(session).state, made.state) == ("disagreed", "frozen")
    assert session.get_one(Listing, listing_id).grade is None and find_standing(session, laptop) is None
    page = anonymous.get(f"/reports/{made.number}").text
    assert "Frozen" in page and anonymous.get(f"/reports/{made.number}.json").json["state"] == "frozen"
    entry = entry_of(session, "blind_check", check.id)
    assert entry.state == "open" and set(entry.barred) == {li.id, mei.id}
    path = f"/blind/{check.id}/decide"
    assert "differs" in root.client().get(path).text
    for person in (li, mei, alice):
        assert person.client().post(path, data={"verb": "uphold", "reason": "x"}).status_code == 403
    assert root.client().post(path, data={"verb": "uphold", "reason": " "}).status_code == 422
    assert root.client().post(path, data={"verb": "maybe", "reason": "x"}).status_code == 422
    assert now(session, made_id).state == "frozen"
    assert root.client().post(path, data={"verb": "uphold", "reason": "实物复看，原等级正确"}).status_code == 303
    made = now(session, made_id)
    assert (the_check(session).state, made.state) == ("upheld", "signed")
    assert session.get_one(Listing, listing_id).grade == made.grade, "the shelf shows it again"
    assert "stands: both grades were looked at" in alice.client().get("/inbox").text
    assert "实物复看" in root.client().get(path).text
    clockwork(app, session)
    assert len(session.scalars(select(BlindCheck)).all()) == 1, "not drawn twice"


def test_a_first_grade_that_falls_takes_its_report_along(app, session, laptop, li, mei, root):
    made_id = sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    looked(mei, check, two_steps_off())
    assert root.client().post(f"/blind/{check.id}/decide", data={"verb": "overturn", "reason": "屏幕确有老化"}).status_code == 303
    assert (the_check(session).state, now(session, made_id).state) == ("overturned", "revoked")


def test_whether_a_thing_may_be_sold_at_all_is_never_a_matter_of_steps(app, session, laptop, li, mei):
    made_id = sign(li, laptop)
    clockwork(app, session)
    assert looked(mei, the_check(session), refusing()).status_code == 303
    assert now(session, made_id).state == "frozen"


def test_no_grade_is_no_second_grade(app, session, laptop, li, mei):
    sign(li, laptop)
    clockwork(app, session)
    answer = mei.client().post(f"/blind/{the_check(session).id}", data={"what": "sign"})
    assert answer.status_code == 422 and "there is no grade" in answer.text and the_check(session).state == "open"


def test_without_a_first_grade_nothing_is_drawn(app, session, laptop, li, mei):
    path = begun(li, laptop)
    assert li.client().post(path, data={"what": "sign"}).status_code == 303
    clockwork(app, session)
    assert session.scalars(select(BlindDraw)).first() is None and the_check(session) is None


def test_the_draw_rests_on_the_log_and_anybody_reckons_it_again(app, session, laptop, li, mei, database):
    made_id = sign(li, laptop)
    session.rollback()
    with work(session, Actor("system:blind_draws"), clock.now()) as w:
        actions.draw_due(w)
    session.rollback()
    assert session.scalars(select(BlindDraw)).first() is None, "not before the log has entered it"
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequence(w, app.extensions["xunshi"])
    with work(session, Actor("system:blind_draws"), clock.now()) as w:
        actions.draw_due(w)
    session.rollback()
    draw = session.scalars(select(BlindDraw)).one()
    assert draw.ticket == f"{draw_rules.ticket(rules.DOMAIN, draw.root, now(session, made_id).number):016x}"
    assert draw.drawn == draw_rules.is_drawn(int(draw.ticket, 16), draw.share) == (the_check(session) is not None)
    assert draw.share == settings().blind
    for sql in ("UPDATE blind_draws SET drawn = NOT drawn", "DELETE FROM blind_draws"):
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))


def test_on_probation_more_is_drawn(app, session, people, laptop, shop, mei):
    new = people.person("Xin")
    people.give_role(new, "appraiser", shop, credential=False)
    admitted(session, new.id, state="probation", left=9)
    sign(new, laptop)
    clockwork(app, session, NEVER)
    draw = session.scalars(select(BlindDraw)).one()
    assert (draw.share, draw.drawn, the_check(session)) == (settings().blind_probation, False, None)


def test_the_best_grades_on_dear_things_go_without_a_lot_and_others_dont(app, session, doing, laptop, alice, li, mei):
    listing_id = listed(doing, laptop, alice, title="X1", price=settings().blind_value - 1)
    made_id = sign(li, laptop)
    assert rules.is_top(in_force().order(), now(session, made_id).grade, settings().blind_top)
    clockwork(app, session, NEVER)
    assert the_check(session) is None
    session.rollback()
    with doing() as w:
        w.session.get_one(Listing, listing_id).price_minor = settings().blind_value
    clockwork(app, session, NEVER)
    assert the_check(session).why == "value"


def test_the_lot_leaves_out_the_first_the_close_and_those_without_the_level(app, session, doing, people, laptop, alice, li, shop):
    made_id = sign(li, laptop)
    low = people.person("Low")
    people.give_role(low, "appraiser", shop, credential=False)
    admitted(session, low.id, scope={"any": 1})
    clockwork(app, session)
    check = the_check(session)
    assert check.second_id is None and check.appraisal_id == made_id, "nobody eligible: it waits"
    far = people.person("Far")
    people.give_role(far, "appraiser", people.organisation("远处鉴定所", "agency"))
    clockwork(app, session)
    assert the_check(session).second_id == far.id


def test_who_is_on_probation_looks_only_while_there_is_nobody_else(app, session, people, laptop, li, shop):
    new = people.person("New")
    people.give_role(new, "appraiser", shop, credential=False)
    admitted(session, new.id, state="probation", left=5)
    session.rollback()
    with work(session, Actor("system:test"), clock.now()) as w:
        assert lot.candidates(w, "laptop", {li.id}) == [new.id]
    old = people.person("Old")
    people.give_role(old, "appraiser", people.organisation("远处鉴定所", "agency"))
    with work(session, Actor("system:test"), clock.now()) as w:
        assert lot.candidates(w, "laptop", {li.id}) == [old.id]
    sign(li, laptop)
    clockwork(app, session)
    assert the_check(session).second_id == old.id


def test_where_the_thing_is_comes_first_and_the_lot_decides_among_them(app, session, people, laptop, li, mei, shop):
    nan, far = people.person("Nan"), people.person("Far")
    people.give_role(nan, "appraiser", shop)
    people.give_role(far, "appraiser", people.organisation("远处鉴定所", "agency"))
    sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    first = draw_rules.ranked(rules.PEOPLE + check.id.encode() + b"\n", check.root, [mei.id, nan.id])[0]
    assert check.second_id == first


def test_who_gives_it_back_says_why_and_the_lot_falls_on_another(app, session, people, laptop, li, mei, shop):
    sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    path = f"/blind/{check.id}/return"
    assert li.client().post(path, data={"reason": "x"}).status_code == 403
    shown = mei.client(language="zh").get(f"/blind/{check.id}").text
    assert ">退回<" in shown.replace("\n", "") and "取消预约" not in shown and "error-summary" not in shown
    for typed in ("", " "):
        wrong = mei.client(language="zh").post(path, data={"reason": typed})
        assert wrong.status_code == 422 and the_check(session).second_id == mei.id
        assert 'id="return-reason-error"' in wrong.text and "请说明原因" in wrong.text
        assert "由他人盲检" in wrong.text and "提交等级" in wrong.text, "the page they were on, with the message at the field"
    assert mei.client().post(path, data={"reason": "认识卖家"}).status_code == 303
    assert (the_check(session).second_id, the_check(session).returned) == (None, [mei.id])
    nan = people.person("Nan")
    people.give_role(nan, "appraiser", shop)
    clockwork(app, session)
    assert the_check(session).second_id == nan.id
    assert looked(mei, check).status_code == 403 and looked(nan, check).status_code == 303


@pytest.mark.parametrize("how", ["custody", "expired", "superseded"])
def test_what_ends_the_report_ends_the_look_and_the_question(app, session, doing, laptop, li, mei, wang, how):
    made_id = sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    looked(mei, check, two_steps_off())
    if how == "custody":
        with doing(wang) as w:
            custody.raise_epoch(w, w.session.get_one(Item, laptop), "repaired")
    elif how == "expired":
        later(session, reports.expire_due, 30)
    else:
        sign(li, laptop)
    assert now(session, made_id).state == ("superseded" if how == "superseded" else "expired")
    assert (the_check(session).state, entry_of(session, "blind_check", check.id).state) == ("lapsed", "lapsed")


def test_the_database_keeps_a_second_person_second_and_a_blind_grade_as_given(app, session, database, laptop, li, mei):
    sign(li, laptop)
    clockwork(app, session)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("UPDATE blind_checks SET second_id = first_id"))
    looked(mei, the_check(session))
    for sql in ("UPDATE blind_checks SET grade = 'D'", "DELETE FROM blind_checks", "UPDATE blind_checks SET answers = '{}'"):
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))


def test_who_gave_a_grade_decides_nothing_even_past_the_pages(app, session, doing, laptop, li, mei, root):
    sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    looked(mei, check, two_steps_off())
    for person in (li, mei):
        session.rollback()
        with pytest.raises(Forbidden), doing(person) as w:
            actions.decide(w, w.session.get_one(BlindCheck, check.id), "uphold", "x")
    session.rollback()
    with doing(root) as w:
        actions.decide(w, w.session.get_one(BlindCheck, check.id), "uphold", "x")


def test_waiting_looks_are_told_at_the_desk(app, session, laptop, li, mei, root, ines):
    sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    assert f"/blind/{check.id}" in mei.client().get("/blind").text and f"/blind/{check.id}" not in li.client().get("/blind").text
    assert "To be looked at blind" in mei.client().get("/me").text
    for person in (root, ines):
        assert f"/blind/{check.id}/decide" in person.client().get("/blind").text
    assert find_file(session, mei.id) and queries.for_second(session, mei.id)
    with_time = check.due_at - check.opened_at
    assert with_time == settings().blind_within == timedelta(days=14)
    assert session.get_one(Appraisal, check.appraisal_id).state == "signed"


@pytest.mark.parametrize("how", ["looked", "decided"])
def test_a_report_is_taken_back_while_its_blind_look_is_signed_or_decided(app, session, laptop, li, mei, root, at_once, how):
    """Over two connections: one after the other, whichever comes first."""
    made_id = sign(li, laptop)
    clockwork(app, session)
    check = the_check(session)
    path, data, who = f"/blind/{check.id}", {**two_steps_off(), "what": "sign"}, mei
    if how == "decided":
        assert looked(mei, check, two_steps_off()).status_code == 303
        path, data, who = f"{path}/decide", {"verb": "overturn", "reason": "屏幕确有老化"}, root
    number = now(session, made_id).number
    one, other = who.client(), root.client()
    session.rollback()
    codes = at_once(
        lambda: one.post(path, data=data).status_code,
        lambda: other.post(f"/reports/{number}/revoke", data={"reason": "altered"}).status_code,
    )
    assert 303 in codes and set(codes) <= {303, 409}, codes
    assert now(session, made_id).state == "revoked" and the_check(session).state in ("lapsed", "overturned")
