"""Every listing shows who sells: a business its licence, small trade its sentence; and a shop's people sell in its name."""

from html import unescape

import pytest
from sqlalchemy import select

from core.people.actions.organisations import end_membership
from core.people.actions.sellers import record_check
from core.people.models import Membership
from core.people.rules import SELLER_KINDS
from market.listings.models import Listing
from tests.market.listings.conftest import errors, told
from tests.market_stories import listed_coat

LICENCE = "91330106MA2GH71X0J"
SPORADIC = "个人从事零星小额交易活动，依法不需要办理市场主体登记"


@pytest.fixture
def check(doing, root):
    """The platform checks a person or an organisation as a seller."""

    def checked(kind, *, person=None, org=None):
        with doing(root) as w:
            licence = "" if kind in ("idle", "sporadic") else LICENCE
            record_check(w, account_id=person and person.id, org_id=org, kind=kind, allowed=tuple(SELLER_KINDS), licence_no=licence)

    return checked


@pytest.fixture
def clerk(people, shop):
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


def one_of(session):
    session.rollback()
    return session.scalars(select(Listing)).one()


def shown(anonymous, listing_id, language="en"):
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    return unescape(anonymous.get(f"/listings/{listing_id}").text)


# --- what stands on the page ---


@pytest.mark.parametrize(("kind", "licence", "sentence"), [("operator", True, False), ("sporadic", False, True), ("idle", False, False), (None, False, False)])
def test_a_persons_listing_shows_what_the_platform_checked(doing, alice, anonymous, check, selling, kind, licence, sentence):
    if kind:
        check(kind, person=alice)
    listing_id = selling(alice).sells("clothing", told("clothing"))
    page = shown(anonymous, listing_id, "zh")
    assert (LICENCE in page, SPORADIC in page) == (licence, sentence)
    assert ("Sporadic small trade by a natural person" in shown(anonymous, listing_id)) == sentence


@pytest.mark.parametrize(("kind", "shown_kind"), [("operator", "Business operator"), ("consignment", "Business operator"), ("self_operated", "Self-operated")])
def test_a_shops_listing_shows_its_licence_and_leads_to_its_page(session, people, anonymous, check, selling, clerk, shop, root, kind, shown_kind):
    org, person = (shop, clerk) if kind != "self_operated" else (session.scalars(select(Membership.org_id).where(Membership.account_id == root.id)).one(), root)
    check(kind, org=org)
    listing_id = selling(person).sells("clothing", told("clothing"), sell_as=org)
    page = shown(anonymous, listing_id)
    assert LICENCE in page and shown_kind in page and f'href="/shops/{org}"' in page and person.name not in page
    place = anonymous.get(f"/shops/{org}")
    assert place.status_code == 200 and LICENCE in place.text and f"/listings/{listing_id}" in place.text


def test_the_page_of_a_shop_that_never_sold_or_was_stopped_is_none(doing, people, anonymous, check, selling, clerk, shop, session):
    assert anonymous.get(f"/shops/{shop}").status_code == 404 == anonymous.get("/shops/nothing").status_code
    check("operator", org=shop)
    selling(clerk).sells("clothing", told("clothing"), sell_as=shop)
    assert anonymous.get(f"/shops/{shop}").status_code == 200
    from core.people.actions.organisations import suspend_organisation

    with doing() as w:
        suspend_organisation(w, shop)
    assert anonymous.get(f"/shops/{shop}").status_code == 404


# --- in whose name ---


@pytest.mark.slow
def test_a_clerk_chooses_between_the_shop_and_herself(session, check, selling, clerk, shop):
    check("operator", org=shop)
    seller = selling(clerk)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    page = seller.client.get(f"/sell/{draft}/price").text
    assert "Who sells it?" in page and "西湖旧货行" in page
    assert seller.finish(draft, sell_as=shop, price="nothing").status_code == 422
    assert f'value="{shop}" checked' in seller.client.get(f"/sell/{draft}/price").text, "what was chosen is kept"
    seller.finish(draft, sell_as=shop)
    found = one_of(session)
    assert (found.org_id, found.seller_kind, found.seller_id, found.return_policy) == (shop, "operator", clerk.id, "no_reason_7d")


def test_her_own_coat_is_still_her_own(session, check, selling, clerk, shop):
    check("operator", org=shop)
    selling(clerk).sells("clothing", told("clothing"), sell_as="")
    found = one_of(session)
    assert (found.org_id, found.seller_kind, found.return_policy) == (None, "idle", "private_sale")


@pytest.mark.parametrize("who", ["alice", "zhao", "unchecked"])
def test_nobody_else_sells_for_the_shop(request, session, check, selling, shop, clerk, who):
    """A resident, a verifier of the shop, and a clerk of a shop that nobody has checked."""
    if who != "unchecked":
        check("operator", org=shop)
    person = clerk if who == "unchecked" else request.getfixturevalue(who)
    seller = selling(person)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    assert "Who sells it?" not in seller.client.get(f"/sell/{draft}/price").text
    seller.finish(draft, sell_as=shop)
    assert one_of(session).org_id is None, "what the page doesn't offer is not taken"


def test_who_has_left_the_shop_sells_for_it_no_more(session, doing, people, check, selling, clerk, shop, root):
    check("operator", org=shop)
    other = people.organisation("拱墅数码")
    people.give_role(clerk, "shop_manager", other)
    check("operator", org=other)
    seller = selling(clerk)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    with doing(root) as w:
        end_membership(w, w.session.scalars(select(Membership.id).where(Membership.org_id == shop, Membership.account_id == clerk.id)).one())
    answer = seller.finish(draft, sell_as=shop)
    assert answer.status_code == 422 and "while you work there" in errors(answer)[0]
    assert seller.finish(draft, sell_as=other).status_code == 303 and one_of(session).org_id == other


def test_a_registered_thing_is_sold_in_the_shops_name_too(session, doing, check, selling, clerk, shop):
    check("operator", org=shop)
    listing_id = listed_coat(doing, clerk)
    client = selling(clerk).client
    client.post(f"/listings/{listing_id}/withdraw")
    session.rollback()
    item_id = session.get_one(Listing, listing_id).item_id
    data = {"title": "波司登", "price": "99", "district": "330106", "condition": "light_use", "sell_as": shop}
    from tests.market.listings.conftest import photo, upload

    answer = client.post(f"/items/{item_id}/sell", data={**data, "photos": upload(photo())})
    assert answer.status_code == 303, errors(answer)
    session.rollback()
    assert session.get_one(Listing, answer.location.split("/")[-1]).org_id == shop
