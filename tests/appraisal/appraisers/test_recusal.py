"""Whose things Li leaves to others, what the report says of who signed, and that nobody buys what they graded."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from appraisal.appraisers import recusal
from appraisal.appraisers.settings import settings
from appraisal.grades.models import Appraisal, Report
from core import clock
from core.errors import Forbidden
from core.goods.models import Item
from core.work import Actor, work
from market.orders import placing
from privacy.sampling import relations
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun, best, row
from tests.appraiser_stories import admitted
from tests.market_stories import checked, listed, listed_coat, ordered, sold


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def tried(person, item_id):
    return person.client().post(f"/items/{item_id}/appraise")


def signed(person, item_id):
    path = begun(person, item_id)
    assert person.client().post(path, data={**best(), "what": "sign"}).status_code == 303
    return path


def body_of(session, path):
    session.rollback()
    return json.loads(session.get_one(Report, path.split("/")[-1]).body)["appraiser"]["body_type"]


def test_ones_own_phone_is_refused_in_plain_words_and_another_ones_is_not(session, doing, laptop, li):
    own = stories.laptop(doing, li, serial="PF9LI001", disks=[])
    answer = tried(li, own)
    assert answer.status_code == 403 and "You can&#39;t appraise your own thing." in answer.text
    assert session.scalars(select(Appraisal)).first() is None
    assert tried(li, laptop).status_code == 303


def test_what_became_ones_own_before_signing_is_not_signed(session, doing, laptop, alice, li):
    path = begun(li, laptop)
    with doing() as w:
        w.session.get_one(Item, laptop).owner_id = li.id
    answer = li.client().post(path, data={**best(), "what": "sign"})
    assert answer.status_code == 403 and row(session, path).state == "draft"
    with doing() as w:
        w.session.get_one(Item, laptop).owner_id = alice.id
    assert li.client().post(path, data={**best(), "what": "sign"}).status_code == 303


def test_a_shop_may_grade_its_own_peoples_things_and_the_report_says_so(session, doing, people, laptop, li, wang, shop, anonymous, all_wiped):
    theirs = stories.laptop(doing, wang, serial="PF9WANG1", disks=[])
    own, others = signed(li, theirs), signed(li, laptop)
    assert (body_of(session, own), body_of(session, others)) == ("B", "C")
    for path, said in ((own, "Own stock"), (others, "it is no third party")):
        number = row(session, path).number
        assert said in anonymous.get(f"/reports/{number}").text
        assert anonymous.get(f"/reports/{number}.json").json["body"]["appraiser"]["body_type"] in "BC"
        assert anonymous.get(f"/reports/{number}.pdf?language=en").status_code == 200


def test_an_agency_is_a_third_party_once_it_has_shown_what_it_is_and_never_towards_its_own(session, people, doing, laptop, li, charlie):
    agency = people.organisation("之江鉴定所", "agency")
    han, mu = people.person("Han"), people.person("Mu")
    people.give_role(han, "appraiser", agency)
    assert body_of(session, signed(han, laptop)) is None, "nothing is known of the agency: nothing is said"
    admitted(session, agency, org=True)
    assert body_of(session, signed(han, laptop)) == "A"
    people.give_role(mu, "shop_manager", agency)
    theirs = stories.laptop(doing, mu, serial="PF9MU001", disks=[])
    answer = tried(han, theirs)
    assert answer.status_code == 403 and "works for the same organisation" in answer.text
    assert tried(li, theirs).status_code == 303, "a colleague of nobody's"


def test_a_colleague_from_elsewhere_is_still_a_colleague(people, doing, session, li, wang, shop):
    """Li and Wang also work together at an agency: in the shop's name, too, Wang's things are somebody else's to grade."""
    agency = people.organisation("之江鉴定所", "agency")
    theirs = stories.laptop(doing, wang, serial="PF9WANG1", disks=[])
    assert tried(li, theirs).status_code == 303
    for person in (li, wang):
        people.give_role(person, "shop_manager", agency)
    with doing(li) as w, pytest.raises(Forbidden) as no:
        recusal.demand(w, w.session.get_one(Item, theirs), shop)
    assert no.value.code == "employers_thing"


def test_the_familys_thing_is_left_to_others(session, people, doing, li):
    dora = people.person("Dora")
    people.give_role(dora, "shop_clerk", people.organisation("滨江寄卖", "shop"))
    theirs = stories.laptop(doing, dora, serial="PF9DORA1", disks=[])
    assert tried(li, theirs).status_code == 303
    li.client().post(f"/appraisals/{session.scalars(select(Appraisal.id)).one()}/drop")
    from core.people.models import Contact
    from core.people.queries import opened

    session.rollback()
    contact = opened(session.scalars(select(Contact).where(Contact.account_id == dora.id)).one()).value
    with doing(li) as w:
        relations.declare(w, contact)
    answer = tried(li, theirs)
    assert answer.status_code == 403 and "declared as your family" in answer.text


def test_who_one_had_a_deal_with_lately_brings_things_to_others(session, doing, people, laptop, alice, li):
    mei = people.person("Mei")
    coat = listed_coat(doing, alice, title="大衣")
    assert tried(li, laptop).status_code == 303
    draft = session.scalars(select(Appraisal.id)).one()
    order = ordered(doing, coat, li)
    answer = li.client().post(f"/appraisals/{draft}", data={**best(), "what": "sign"})
    assert answer.status_code == 403 and "You had a deal with the owner" in answer.text
    checked(doing, order, li)
    sold(doing, order, alice)
    then = clock.now() + settings().counterparty + timedelta(minutes=1)
    session.rollback()
    with work(session, Actor(li.id), then) as w:
        recusal.demand(w, w.session.get_one(Item, laptop), "anywhere")
    theirs = stories.laptop(doing, mei, serial="PF9MEI01", disks=[])
    assert tried(li, theirs).status_code == 303


def test_nobody_buys_what_they_graded_for_half_a_year(session, doing, laptop, alice, bob, li):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    signed(li, laptop)
    answer = li.client().post(f"/listings/{listing_id}/reserve")
    day = clock.local(clock.now() + settings().buying).strftime("%Y-%m-%d")
    assert answer.status_code == 403 and f"you can buy it from {day} on" in answer.text
    with doing(alice) as w, pytest.raises(Forbidden):
        placing.reserve(w, listing_id, buyer_id=li.id)
    session.rollback()
    with work(session, Actor(li.id), clock.now() + settings().buying + timedelta(minutes=1)) as w:
        assert placing.reserve(w, listing_id).buyer_id == li.id


def test_somebody_else_buys_it_at_once(doing, laptop, alice, bob, li):
    listing_id = listed(doing, laptop, alice, title="X1", price=200000)
    signed(li, laptop)
    assert ordered(doing, listing_id, bob)
