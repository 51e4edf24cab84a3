"""Alice closes her account: what still holds her is said with its way on, and when nothing does, she is gone."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, ports, secrets
from core.audit import AuditLine
from core.goods import custody
from core.goods.models import Item
from core.mail import Message as Letter
from core.money import Money
from core.people.actions.closing import SEALED
from core.people.actions.guesses import tidy
from core.people.models import Account, ClosedContact, Contact, Membership, Notice, RecoveryCode
from core.people.sellers import seller_checks_due
from core.work import Actor, work
from market.ledger.actions import Line, post
from market.listings.models import Favourite, Listing, ListingProof, SellDraft
from market.orders import actions as orders
from market.orders.models import Order
from privacy.wipes import actions as wipes
from privacy.wipes.models import WipeJob
from tests import stories
from tests.core.people.conftest import PASSWORD, Keys, Outbox, code_now, sign_in
from tests.market.listings.conftest import Seller, photo, told, upload
from tests.market_stories import checked, listed_coat, ordered, sold, state_of

PATH = "/me/settings/close"
YES = {"password": PASSWORD, "sure": "y"}


@pytest.fixture
def keys(session, doing):
    return Keys(session, doing)


@pytest.fixture
def her_contact(keys, alice):
    return keys.give_password(alice.id)


def close(person, **said):
    return person.client().post(PATH, data={**YES, **said})


def state(session, person):
    session.rollback()
    return session.get_one(Account, person.id).state


# --- she goes ---


def test_she_leaves_and_can_come_back_as_somebody_new(session, doing, her_contact, alice, bob, anonymous, run_jobs):
    coat = listed_coat(doing, alice)
    elsewhere = alice.client()
    seller = Seller(alice.client())
    draft = seller.draft("clothing")
    vase = seller.sells("other", told("other"), title="文物 清代瓷瓶")
    alice.client().post(f"/listings/{vase}/proofs", data={"proofs": upload(photo())}, content_type="multipart/form-data")
    his = listed_coat(doing, bob, title="大衣")
    alice.client().post(f"/listings/{his}/favourite")
    talk = f"/listings/{his}/talk/{alice.id}"
    alice.client().post(talk, data={"body": "还在吗"})
    answer = close(alice)
    assert answer.status_code == 303 and answer.location == "/"
    assert state(session, alice) == "closed" and elsewhere.get("/me").status_code == 303
    assert {state_of(session, one) for one in (coat, vase)} == {"withdrawn"}
    for table, mine in ((Contact, Contact.account_id), (Notice, Notice.account_id), (RecoveryCode, RecoveryCode.account_id),
                        (SellDraft, SellDraft.owner_id), (Favourite, Favourite.account_id), (ListingProof, ListingProof.added_by)):
        assert session.scalars(select(table).where(mine == alice.id)).first() is None, table
    assert session.get(SellDraft, draft) is None
    assert sign_in(anonymous, her_contact).status_code == 422, "nobody signs in to it"
    page = bob.client().get(talk)
    assert "Closed account" in page.text and "Alice" not in page.text and "还在吗" in page.text, "his side of the talk stays his"
    assert "已注销账号" in bob.client(language="zh").get(talk).text
    assert bob.client().post(talk, data={"body": "在"}).status_code == 409
    anonymous.post("/sign-up", data={"contact": her_contact})
    opened = anonymous.post("/sign-up/code", data={
        "code": Outbox(session).code(), "name": "Alice anew", "password": PASSWORD, "agreement": "y", "privacy": "y", "of_age": "y",
    })  # fmt: skip
    assert opened.status_code == 303, opened.text
    session.rollback()
    assert session.scalars(select(Contact.account_id)).all().count(alice.id) == 0


def test_it_stands_in_the_log_without_a_name(session, her_contact, alice):
    close(alice)
    session.rollback()
    line = session.scalars(select(AuditLine).where(AuditLine.word == "core:account:closed")).one()
    assert (line.subject, line.actor) == (alice.id, alice.id) and "Alice" not in str(line.facts)


def test_she_is_told_by_letter_and_older_letters_are_gone(session, doing, her_contact, alice, anonymous):
    anonymous.post("/forgotten", data={"contact": her_contact})
    assert len(Outbox(session).letters()) == 1
    close(alice)
    letters = Outbox(session).letters()
    assert [address for address, _ in letters] == [her_contact] and "closed at your wish" in letters[0][1]
    with doing() as w:
        for letter in w.session.scalars(select(Letter)):
            letter.sent_at = w.now
    with work(session, Actor("system:test"), clock.now() + timedelta(days=31)) as w:
        tidy(w)
    assert Outbox(session).letters() == []


def test_who_only_bought_leaves_no_contact_and_who_sold_leaves_one_locked_away(session, doing, keys, her_contact, alice, bob):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    keys.give_password(bob.id)
    assert "locked away, encrypted, and used only" in alice.client().get(PATH).text
    assert "locked away, encrypted, and used only" not in bob.client().get(PATH).text
    for person in (alice, bob):
        assert close(person).status_code == 303
    session.rollback()
    kept = session.scalars(select(ClosedContact)).one()
    assert kept.account_id == alice.id and secrets.decrypt(kept.value, SEALED) == her_contact and her_contact not in kept.value
    for days, left in ((36 * 30, 1), (36 * 31, 0)):
        with work(session, Actor("system:test"), clock.now() + timedelta(days=days)) as w:
            tidy(w)
            assert len(w.session.scalars(select(ClosedContact)).all()) == left


@pytest.mark.slow
def test_her_name_goes_from_old_orders_and_her_page(session, doing, her_contact, alice, bob, charlie):
    coat = listed_coat(doing, alice)
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    assert "Alice" in bob.client().get(f"/orders/{order_id}").text
    close(alice)
    for path in (f"/orders/{order_id}", f"/listings/{coat}"):
        page = bob.client().get(path)
        assert page.status_code == 200 and "Alice" not in page.text and "Closed account" in page.text, path
    assert charlie.client().get(f"/sellers/{alice.id}").status_code == 404


# --- the form ---


def test_the_page_says_from_the_table_what_goes_and_what_stays(her_contact, alice):
    for language in ("en", "zh"):
        page = html.unescape(alice.client(language=language).get(PATH).text)
        assert page.count('data-label="') == 3 * len([row for row in ports.retention() if not row.closing])
    page = html.unescape(alice.client().get(PATH).text)
    gone, kept = page.split("<table")
    assert "Display name, mobile number" in gone and "Favourites" in gone and "Listings and orders" in kept
    assert "Listings and orders" not in gone and "Display name, mobile number" not in kept
    assert "3 years from: the order was completed or ended" in page and "6 months from: the reviewer's decision" in page
    assert f'href="{PATH}"' in alice.client().get("/me/settings").text


@pytest.mark.parametrize(("said", "field"), [
    ({"password": "wrong wrong wrong"}, "password"), ({"password": ""}, "password"), ({"sure": ""}, "sure"),
])  # fmt: skip
def test_without_password_or_tick_nothing_happens(session, her_contact, alice, said, field):
    answer = close(alice, **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and state(session, alice) == "active"
    assert alice.client().get("/me").status_code == 200
    assert close(alice).status_code == 303, "with both she goes"


def test_guessing_the_password_there_is_counted(session, her_contact, alice):
    answers = [close(alice, password=f"wrong wrong {n}").status_code for n in range(11)]
    assert answers[:10] == [422] * 10 and answers[10] == 429 and close(alice).status_code == 429


def test_the_second_factor_is_asked_where_there_is_one(session, keys, her_contact, alice):
    secret = keys.give_factor(alice.id)
    assert 'name="code"' in alice.client().get(PATH).text
    for code in ("", "000000"):
        answer = close(alice, code=code)
        assert answer.status_code == 422 and 'id="code-error"' in answer.text and state(session, alice) == "active"
    assert close(alice, code=code_now(secret)).status_code == 303 and state(session, alice) == "closed"
    assert session.get_one(Account, alice.id).totp_secret is None


def test_only_oneself_and_only_signed_in(anonymous):
    for answer in (anonymous.get(PATH), anonymous.post(PATH, data=YES)):
        assert "/sign-in" in answer.location


# --- what holds her, each with its twin ---


def held(session, person, says, href):
    """The page says why and where to go, and closing is refused whatever is typed."""
    page = person.client().get(PATH)
    assert page.status_code == 200 and says in html.unescape(page.text), page.text
    assert f'href="{href}"' in page.text and 'name="password"' not in page.text
    answer = close(person)
    assert answer.status_code == 409 and "yet" in answer.text and state(session, person) == "active"


def free(session, person):
    assert 'name="password"' in person.client().get(PATH).text
    assert close(person).status_code == 303 and state(session, person) == "closed"


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_an_open_order_holds_both_until_it_is_called_off(session, doing, keys, her_contact, alice, bob, side):
    keys.give_password(bob.id)
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    person, says = (alice, "is reserved for somebody") if side == "seller" else (bob, "You have reserved")
    held(session, person, says, f"/orders/{order_id}")
    with doing(bob) as w:
        orders.cancel(w, w.session.get_one(Order, order_id))
    free(session, person)


def test_open_money_holds_until_it_is_settled(session, doing, her_contact, alice, bob):
    lines = [Line("buyer", bob.id, Money(-500, "CNY")), Line("seller_payable", alice.id, Money(500, "CNY"))]
    with doing() as w:
        post(w, "sale", "01", "sale/01", lines)
    held(session, alice, "¥5.00 is still owed to you", "/me/orders")
    assert "You still owe ¥5.00" in bob.client().get(PATH).text
    with doing() as w:
        post(w, "cash_in_person", "01", "cash/01", [Line(o.kind, o.owner_id, -o.amount) for o in lines])
    free(session, alice)


def test_an_open_wipe_holds_until_it_is_called_off(session, doing, her_contact, alice):
    job_id = stories.consented(doing, stories.laptop(doing, alice), alice)
    held(session, alice, "of your device isn't over", f"/wipes/{job_id}")
    with doing(alice) as w:
        wipes.cancel(w, w.session.get_one(WipeJob, job_id))
    free(session, alice)


def test_a_thing_at_a_point_holds_until_it_is_fetched(session, doing, her_contact, alice, shop):
    item_id = stories.coat(doing, alice)

    def moved(kind, holder, place, why):
        with doing() as w:
            custody.move(w, w.session.get_one(Item, item_id), holder_kind=kind, holder_id=holder, place=place, why=why)

    moved("org", shop, "counter", "taken_in")
    held(session, alice, "Bosideng is still at a point", f"/items/{item_id}")
    moved("person", alice.id, "owner", "returned")
    free(session, alice)


@pytest.mark.parametrize(("kind", "role", "name"), [("shop", "shop_manager", "断桥店"), ("platform", "administrator", "循市")])
def test_the_last_manager_holds_until_there_is_another(session, people, keys, her_contact, alice, bob, charlie, kind, role, name):
    org = people.organisation(name, kind)
    people.give_role(alice, role, org)
    people.give_role(charlie, "shop_clerk" if kind == "shop" else "reviewer", org)
    held(session, alice, f"the last one who manages {name}", f"/organisations/{org}")
    people.give_role(bob, role, org)
    free(session, alice)
    assert session.scalars(select(Membership).where(Membership.account_id == alice.id, Membership.ended_at.is_(None))).all() == []
    keys.give_password(bob.id)
    held(session, bob, "the last one who manages", f"/organisations/{org}")


def test_a_frozen_listing_holds_until_it_is_decided(session, doing, people, her_contact, alice, bob):
    rui = people.person("Rui")
    people.give_role(rui, "reviewer", people.organisation("循市", "platform"))
    coat = listed_coat(doing, alice)
    bob.client().post(f"/listings/{coat}/report", data={"reason": "stolen"})
    report = re.search(r'action="(/reports/[^"/]+)"', rui.client().get("/reports").text)[1]
    rui.client().post(report, data={"decision": "uphold", "reason": "看过了"})
    held(session, alice, "is frozen while it is examined", f"/listings/{coat}")
    rui.client().post(f"/reports/listings/{coat}/unfreeze")
    free(session, alice)
    assert state_of(session, coat) == "withdrawn"


def test_a_listing_alone_holds_nobody(session, doing, her_contact, alice):
    coat = listed_coat(doing, alice)
    free(session, alice)
    assert session.get_one(Listing, coat).seller_id == alice.id, "the row stays for the other side's three years"


def test_who_has_left_needs_no_more_checks(session, people, her_contact, alice, root):
    def due():
        session.rollback()
        return [row.account_id for row in seller_checks_due(session, clock.now() + timedelta(days=365))]

    data = {"kind": "sporadic", "licence_no": ""}
    assert root.client().post(f"/admin/people/{alice.id}/check", data=data).status_code == 303
    assert due() == [alice.id]
    free(session, alice)
    assert due() == []
    assert "Closed account" in root.client().get(f"/admin/people/{alice.id}").text
