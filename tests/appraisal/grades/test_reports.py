"""Li's report on Alice's laptop: valid, then overtaken, run out, sold or taken back; and no shelf shows a stale grade."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.appraisers.queries import appraiser_number
from appraisal.grades import actions, reports
from appraisal.grades.models import Appraisal, Ending, Report
from appraisal.grades.queries import find_standing
from appraisal.grades.report_rules import DAYS, REVOCATIONS, SAYS
from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import say
from core.work import Actor, work
from market.listings import actions as listings
from market.listings.models import Listing
from privacy.clearance.queries import find_clearance
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun, best, refusing
from tests.market_stories import checked, listed, ordered, sold


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def signed(session, laptop, li):
    """The id of a signed appraisal of the laptop."""
    return sign(li, laptop)


def sign(li, item_id, answers=None):
    path = begun(li, item_id)
    assert li.client().post(path, data={**(answers or best()), "what": "sign"}).status_code == 303
    return path.split("/")[-1]


def now(session, made_id):
    session.rollback()
    return session.get_one(Appraisal, made_id)


def later(session, step, days=0):
    """The house's clockwork comes by, so many days from now."""
    session.rollback()
    with work(session, Actor("system:sweep"), clock.now() + timedelta(days=days)) as w:
        step(w)
    session.rollback()


def test_an_appraisal_is_begun_by_the_version_in_force_that_day(session, laptop, li, shop):
    """The second version of the laptops' standard counts from 1 December, Shanghai time."""
    for moment, version in ((datetime(2026, 11, 30, 15, 59, tzinfo=UTC), 1), (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), 2)):
        with work(session, Actor(li.id), moment) as w:
            made = actions.begin(w, laptop, shop)
            assert (made.standard, made.version) == ("xunshi-laptop", version)
            w.session.delete(made)
        session.rollback()


def test_a_signed_report_says_what_it_is_and_is_not(session, signed, anonymous, li):
    made = now(session, signed)
    for language, state in (("zh", "有效"), ("en", "Valid")):
        page = li.client(language=language).get(f"/reports/{made.number}")
        assert page.status_code == 200 and say(SAYS, language) in page.text and state in page.text
        assert '<svg' in page.text and 'class="qr"' in page.text and appraiser_number(li.id) in page.text
        assert "PF2X****" in page.text and "PF2XK9A7" not in page.text
    assert "Alice" not in anonymous.get(f"/reports/{made.number}").text and ">Li<" not in anonymous.get(f"/reports/{made.number}").text
    pdf = anonymous.get(f"/reports/{made.number}.pdf?language=zh")
    assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF")
    assert anonymous.get(f"/reports/{made.number.lower()}").location.endswith(f"/reports/{made.number}")
    assert anonymous.post("/certificates", data={"number": made.number}).location == f"/reports/{made.number}"
    for nothing in ("JD-2026-999999-0", "nonsense", "JD"):
        assert anonymous.get(f"/reports/{nothing}").status_code == 404
        assert anonymous.get(f"/reports/{nothing}.json").status_code == 404


def test_the_page_says_what_other_scales_would_call_it_and_claims_nothing(session, signed, li):
    made = now(session, signed)
    page = li.client(language="en").get(f"/reports/{made.number}").text
    panel = page.split("What other scales would call it")[1].split("</section>")[0]
    assert "For reference only" in panel and "全新/9.9成新" in panel and "C8–C9" in panel and "(for reference)" in panel
    chinese = li.client(language="zh").get(f"/reports/{made.number}").text
    assert "其他分级的叫法" in chinese and "仅供参考" in chinese and "符合" not in chinese.split("其他分级的叫法")[1].split("</section>")[0]


def test_a_draft_has_no_report(session, laptop, li, anonymous):
    path = begun(li, laptop)
    number = now(session, path.split("/")[-1]).number
    assert li.client().get(f"/reports/{number}").status_code == 404
    assert anonymous.post("/certificates", data={"number": number}).status_code == 404
    assert session.scalars(select(Report)).first() is None


def test_the_database_keeps_what_was_signed(session, database, signed, doing, li):
    made = now(session, signed)
    report = session.get_one(Report, signed)
    assert report.issued_at == made.signed_at and report.expires_at == made.signed_at + timedelta(days=DAYS)
    for sql in (
        "UPDATE appraisal_reports SET body = '{}'", "UPDATE appraisal_reports SET signatures = '[1]'", "DELETE FROM appraisal_reports",
        "UPDATE appraisals SET grade = 'S'", "UPDATE appraisals SET state = 'draft'", "UPDATE appraisals SET state = 'dropped'",
    ):  # fmt: skip
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))
    later(session, reports.expire_due, DAYS)
    for sql in ("UPDATE appraisals SET state = 'signed'", "DELETE FROM appraisal_endings", "UPDATE appraisal_endings SET why = 'sold'"):
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))


def test_a_new_appraisal_takes_the_place_of_the_old_one(session, signed, laptop, li, anonymous):
    again = sign(li, laptop, best() | {})
    first, second = now(session, signed), session.get_one(Appraisal, again)
    assert (first.state, second.state) == ("superseded", "signed")
    old = anonymous.get(f"/reports/{first.number}").text
    assert "Superseded" in old and f"/reports/{second.number}" in old
    assert f"It takes the place of {first.number}" in anonymous.get(f"/reports/{second.number}").text
    assert session.get_one(Report, signed).body != session.get_one(Report, again).body, "both texts are kept"


def test_it_holds_for_thirty_days_and_no_longer(session, doing, laptop, signed, alice, anonymous, li):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    grade = now(session, signed).grade
    assert session.get_one(Listing, listing_id).grade == grade
    later(session, reports.expire_due, DAYS - 1)
    assert now(session, signed).state == "signed" and session.get_one(Listing, listing_id).grade == grade
    assert find_standing(session, laptop, clock.now() + timedelta(days=DAYS)) is None, "not even before the sweep comes by"
    later(session, reports.expire_due, DAYS)
    made, listing = now(session, signed), session.get_one(Listing, listing_id)
    assert made.state == "expired" and (listing.grade, listing.appraisal_id) == (None, None)
    assert f"/appraisals/{signed}" not in anonymous.get(f"/listings/{listing_id}").text
    page = anonymous.get(f"/reports/{made.number}").text
    assert "Expired" in page and "Its 30 days were over." in page
    assert "has expired" in alice.client().get("/inbox").text
    assert f"/items/{laptop}/appraise" in li.client().get("/appraisals").text, "it waits for a fresh look"
    later(session, reports.expire_due, DAYS)
    assert len(session.scalars(select(Ending)).all()) == 1, "run twice, ended once"


def test_the_page_says_expired_before_the_sweep_does(session, signed, anonymous):
    number, then = now(session, signed).number, clock.now() + timedelta(days=DAYS, minutes=1)
    with clock.stopped_at(then):
        page, file = anonymous.get(f"/reports/{number}").text, anonymous.get(f"/reports/{number}.json").json
    assert "Expired" in page and (file["state"], file["ended_why"]) == ("expired", "expired")
    assert anonymous.get(f"/reports/{number}.json").json["state"] == "valid"


def test_the_first_sale_ends_it_and_the_sale_keeps_its_grade(session, doing, laptop, signed, alice, bob, anonymous):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    order_id = ordered(doing, listing_id, bob)
    checked(doing, order_id, bob, tail="K9A7")
    sold(doing, order_id, alice)
    made, listing = now(session, signed), session.get_one(Listing, listing_id)
    assert (made.state, listing.state, listing.grade) == ("expired", "sold", made.grade)
    page = anonymous.get(f"/reports/{made.number}").text
    assert "The thing was sold" in page and anonymous.get(f"/reports/{made.number}.json").json["ended_why"] == "sold"


def test_other_hands_end_it_too(session, doing, laptop, signed, wang):
    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, laptop), "repaired")
    assert now(session, signed).state == "expired"
    assert session.scalars(select(Ending.why)).all() == ["custody"]


def test_time_does_not_make_an_unfit_thing_fit(session, doing, laptop, alice, li):
    bad = sign(li, laptop, refusing())
    later(session, reports.expire_due, DAYS)
    assert now(session, bad).state == "expired"
    with pytest.raises(Refused) as no:
        listed(doing, laptop, alice, title="X1", price=200000)
    assert no.value.code == "gate_failed"
    session.rollback()
    sign(li, laptop)
    assert listed(doing, laptop, alice, title="X1", price=200000)


def test_an_old_grade_is_not_carried_back_onto_the_shelf(session, doing, laptop, signed, alice):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    with doing(alice) as w:
        listings.pause(w, w.session.get_one(Listing, listing_id))
    session.rollback()
    then = clock.now() + timedelta(days=DAYS, minutes=1)
    with work(session, Actor(alice.id), then) as w:
        listing = w.session.get_one(Listing, listing_id)
        permit = find_clearance(w.session, laptop, w.now)
        if permit is None:
            pytest.skip("the clearance is over by then, too")
        listings.publish(w, listing, permit)
        assert listing.state == "published" and listing.grade is None


def test_a_report_is_taken_back_with_a_reason_by_somebody_else(session, people, doing, laptop, signed, alice, li, ines, anonymous):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    path = f"/reports/{now(session, signed).number}"
    for nobody in (alice, li):
        assert nobody.client().get(f"{path}/revoke").status_code == 403
        assert nobody.client().post(f"{path}/revoke", data={"reason": "wrong_finding"}).status_code == 403
    client = ines.client()
    assert client.post(f"{path}/revoke", data={}).status_code == 422
    assert client.post(f"{path}/revoke", data={"reason": "whim"}).status_code == 422
    assert now(session, signed).state == "signed" and f"{path}/revoke" in client.get(path).text
    assert client.post(f"{path}/revoke", data={"reason": "wrong_finding"}).status_code == 303
    assert now(session, signed).state == "revoked"
    page = anonymous.get(path).text
    assert "Revoked" in page and REVOCATIONS["wrong_finding"] in page
    listing = session.get_one(Listing, listing_id)
    assert (listing.grade, listing.appraisal_id) == (None, None)
    for person in (alice, li):
        assert "was taken back" in person.client().get("/inbox").text
    assert client.post(f"{path}/revoke", data={"reason": "wrong_finding"}).status_code == 409, "once"
    file = anonymous.get(f"{path}.json").json
    assert (file["state"], file["reason"]) == ("revoked", "wrong_finding")


def test_nobody_takes_back_their_own_even_as_administrator(session, signed, doing, li, ines, database):
    for person, refusal in ((li, Forbidden), (ines, None)):
        session.rollback()
        with doing(person) as w:
            made = w.session.get_one(Appraisal, signed)
            with pytest.raises(refusal or Invalid):
                reports.revoke(w, made, "wrong_thing" if refusal else "")
    row = "(id, appraisal_id, why, reason, ended_by, at) VALUES (:id, :made, 'revoked', 'altered', :by, '2026-11-22T00:00:00.000000Z')"
    insert = f"INSERT INTO appraisal_endings {row}"
    session.rollback()
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text(insert), {"id": "0" * 26, "made": signed, "by": li.id})
    with database.engine.begin() as connection:
        connection.execute(text(insert), {"id": "0" * 26, "made": signed, "by": ines.id})


def test_what_was_signed_before_there_were_files_says_so(session, doing, laptop, li, anonymous):
    with mock.patch.object(reports, "issue"):
        old = sign(li, laptop)
    number = now(session, old).number
    page = anonymous.get(f"/reports/{number}")
    assert page.status_code == 200 and "there is no signed file of it" in page.text and "Valid" in page.text
    assert anonymous.get(f"/reports/{number}.json").status_code == 404 == anonymous.get(f"/reports/{number}.pdf").status_code
    later(session, reports.expire_due, DAYS)
    assert now(session, old).state == "expired", "its time runs all the same"
