"""A person decided on a number that stood on a list: the thing is let go with its listing, or its owner is told why not."""

import pytest
from sqlalchemy import select

from appraisal.identity import lists
from appraisal.identity.models import NumberHit
from core.goods.models import Item
from core.people.actions.accounts import suspend
from core.people.models import Notice
from market.listings import actions as listings
from market.listings.models import Listing, Report
from privacy.clearance import actions as clearances
from privacy.clearance.queries import find_valid
from tests.appraisal.identity.test_lists import ada as ada
from tests.appraisal.identity.test_lists import laptop as laptop
from tests.appraisal.identity.test_lists import load
from tests.appraisal.identity.test_lists import platform as platform
from tests.market_stories import listed, ordered

NAMED = "number\nPF2XK9A7\n"


@pytest.fixture
def offered(doing, alice, laptop):
    return listed(doing, laptop, alice, title="联想 X1", price=200000)


@pytest.fixture
def rui(people, platform):
    person = people.person("Rui")
    people.give_role(person, "reviewer", platform)
    return person


def state(session, listing_id):
    session.rollback()
    return session.get_one(Listing, listing_id).state


def hits(session):
    return session.scalars(select(NumberHit.id).order_by(NumberHit.id)).all()


def decided(doing, ada, hit_id, confirmed=False):
    with doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), confirmed, "核对过号码")


def told(session, person):
    session.rollback()
    rows = session.scalars(select(Notice).where(Notice.account_id == person.id).order_by(Notice.id))
    return [one.sentence for one in rows]


@pytest.mark.parametrize("was", ["published", "paused", "expired", "draft", "waiting_wipe"])
def test_a_listing_comes_back_as_it_was(session, doing, alice, ada, offered, was):
    with doing(alice) as w:
        one = w.session.get_one(Listing, offered)
        if was == "paused":
            listings.pause(w, one)
        elif was != "published":
            one.state = was
    load(doing, NAMED)
    assert state(session, offered) == "frozen"
    decided(doing, ada, hits(session)[0])
    assert state(session, offered) == was
    page = alice.client().get(f"/listings/{offered}")
    assert page.status_code == 200 and "under examination" not in page.text
    assert any("isn't frozen any more" in one for one in told(session, alice))


def test_what_somebody_had_reserved_is_on_sale_again(session, doing, alice, bob, ada, offered):
    """The order ended with the freeze."""
    ordered(doing, offered, bob)
    load(doing, NAMED)
    decided(doing, ada, hits(session)[0])
    assert state(session, offered) == "published" and any("it is on sale again" in one for one in told(session, alice))


def test_one_whose_clearance_ended_meanwhile_waits_for_its_wipe(session, doing, alice, ada, offered, laptop):
    load(doing, NAMED)
    with doing() as w:
        clearances.end_clearance(w, find_valid(w.session, laptop), "seal_broken")
    decided(doing, ada, hits(session)[0])
    assert state(session, offered) == "waiting_wipe"


@pytest.mark.parametrize("what", ["reported before", "reported meanwhile", "suspended"])
def test_what_holds_the_listing_by_itself_holds_it_still(session, doing, alice, bob, ada, rui, offered, laptop, what):
    if what == "suspended":
        load(doing, NAMED)
        with doing() as w:
            suspend(w, alice.id, "fraud")
    else:
        bob.client().post(f"/listings/{offered}/report", data={"reason": "stolen"})
        if what == "reported meanwhile":
            load(doing, NAMED)
        report = session.scalars(select(Report)).one()
        rui.client().post(f"/reports/{report.id}", data={"decision": "uphold", "reason": "看过了"})
        if what == "reported before":
            load(doing, NAMED)
    decided(doing, ada, hits(session)[0])
    assert state(session, offered) == "frozen" and session.get_one(Item, laptop).state == "active"


def test_confirmed_the_owner_is_told_what_follows_without_the_number(session, doing, alice, ada, offered):
    load(doing, NAMED)
    decided(doing, ada, hits(session)[0], confirmed=True)
    assert state(session, offered) == "frozen"
    page, zh = alice.client().get("/inbox").text, alice.client(language="zh").get("/inbox").text
    assert "it is the one on the list" in page and "write to us with its receipt" in page and "经人工核对，就是名单上的那一件" in zh
    assert "PF2X" not in page and "西湖分局" not in page


def test_cleared_of_one_entry_the_owner_is_told_that_another_holds_it(session, doing, alice, ada, offered):
    load(doing, NAMED)
    load(doing, NAMED, kind="blocked")
    first, second = hits(session)
    decided(doing, ada, second)
    assert state(session, offered) == "frozen" and "another entry still holds it" in told(session, alice)[-1]
    decided(doing, ada, first)
    assert state(session, offered) == "published"


def test_who_decides_gets_to_the_thing_its_listing_and_its_owner(session, doing, alice, ada, rui, offered, laptop):
    load(doing, NAMED)
    path = f"/listed-numbers/{hits(session)[0]}"
    for person in (ada, rui):
        client = person.client()
        page = client.get(path).text
        assert f'href="/items/{laptop}"' in page and f'href="/listings/{offered}"' in page and "Alice" in page
        assert client.get(f"/items/{laptop}").status_code == client.get(f"/listings/{offered}").status_code == 200
    assert f"/admin/people/{alice.id}" in ada.client().get(path).text and f"/admin/people/{alice.id}" not in rui.client().get(path).text


def test_a_thing_that_is_offered_nowhere_has_no_way_to_a_listing(session, doing, ada, laptop):
    load(doing, NAMED)
    page = ada.client().get(f"/listed-numbers/{hits(session)[0]}").text
    assert f'href="/items/{laptop}"' in page and "/listings/" not in page.split("<main")[1].split("</main")[0]
