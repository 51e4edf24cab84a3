"""The appraisers' desk: what was asked for and what can hold data, newest first, in pages; the rest by number or name."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from appraisal.grades import desk_queries
from appraisal.grades.guide_models import AppraisalRequest
from core import clock
from core.goods import custody
from core.goods.cards import get_card
from core.goods.models import Item
from core.work import Actor, work
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.grades.test_checklist_pages import taken_in


def brought(session, owner, org, item_id, ago=0):
    """It comes over the counter of the shop, so many minutes ago (below nought: later)."""
    session.rollback()
    with work(session, Actor(owner.id), clock.now() - timedelta(minutes=ago)) as w:
        custody.move(w, w.session.get_one(Item, item_id), holder_kind="org", holder_id=org, place="counter", why="taken_in")


@pytest.fixture
def book(doing, alice, shop, session):
    item = taken_in(None, doing, alice, get_card("book"))
    brought(session, alice, shop, item)
    return item


@pytest.fixture
def clerk(people, shop):
    person = people.person("Cai")
    people.give_role(person, "shop_clerk", shop)
    return person


def waits(person):
    return person.client().get("/appraisals").text.split("My appraisals")[0]


def test_a_book_waits_only_when_somebody_asks(session, book, alice, li, clerk, bob):
    assert f"/items/{book}/appraise" not in waits(li)
    ask = f"/items/{book}/appraisal-request"
    assert "Ask for an appraisal" in alice.client().get(f"/items/{book}").text
    assert bob.client().post(ask).status_code == 403 and li.client().post(ask).status_code == 403
    assert alice.client().post(ask).status_code == 303
    assert f"/items/{book}/appraise" in waits(li)
    assert desk_queries.count(session, {li_org(session, li)}, li.id) == 1
    assert alice.client().post(f"{ask}/end").status_code == 303 and f"/items/{book}/appraise" not in waits(li)
    page = clerk.client().get(f"/items/{book}")
    assert page.status_code == 200 and "Ask for an appraisal" in page.text
    for _ in range(2):
        assert clerk.client().post(ask).status_code == 303
    session.rollback()
    assert len(session.scalars(select(AppraisalRequest).where(AppraisalRequest.ended_at.is_(None))).all()) == 1, "asked again is asked once"
    path = begun(li, book)
    assert f"/items/{book}/appraise" not in waits(li), "it is on a check-list already"
    assert li.client().post(path, data={"what": "sign"}).status_code == 303
    session.rollback()
    assert [one.why for one in session.scalars(select(AppraisalRequest).order_by(AppraisalRequest.id))] == ["taken_back", "signed"]


def li_org(session, li):
    from core.people.models import Membership

    return session.scalars(select(Membership.org_id).where(Membership.account_id == li.id)).first()


def test_a_clerk_asks_only_for_what_their_shop_has(session, doing, alice, shop, clerk, people):
    elsewhere = taken_in(None, doing, alice, get_card("book"))
    brought(session, alice, people.organisation("别家", "shop"), elsewhere)
    home = taken_in(None, doing, alice, get_card("clothing"))
    for item in (elsewhere, home):
        assert clerk.client().post(f"/items/{item}/appraisal-request").status_code == 403
        assert clerk.client().get(f"/items/{item}").status_code == 403


def test_other_hands_end_what_was_asked(session, doing, book, alice, li):
    alice.client().post(f"/items/{book}/appraisal-request")
    with doing(alice) as w:
        custody.raise_epoch(w, w.session.get_one(Item, book), "repaired")
    session.rollback()
    assert session.scalars(select(AppraisalRequest.why)).one() == "moved" and f"/items/{book}/appraise" not in waits(li)


def test_many_coats_hide_nothing_newest_first_in_pages_with_the_same_few_queries(session, doing, alice, shop, li, database):
    phones = [stories.laptop(doing, alice, serial=f"PF9DESK{n:03d}", disks=[]) for n in range(desk_queries.A_PAGE + 3)]
    for n, one in enumerate(phones):
        brought(session, alice, shop, one, ago=-n)
    for _ in range(30):
        brought(session, alice, shop, taken_in(None, doing, alice, get_card("clothing")))
    first, client = waits(li), li.client()
    assert first.count("/appraise\"") == desk_queries.A_PAGE and f"{len(phones)} items" in first
    places = [first.find(f"/items/{one}/appraise") for one in reversed(phones[3:])]
    assert places == sorted(places) and places[0] > 0, "newest first"
    second = client.get("/appraisals?page=2").text
    assert [f"/items/{one}/appraise" in second for one in phones[:3]] == [True] * 3
    for odd in ("0", "-3", "99", "x"):
        assert client.get(f"/appraisals?page={odd}").status_code == 200
    asked = []
    session.rollback()
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listen)
    found = desk_queries.to_appraise(session, {shop}, li.id)
    assert [one.masked for item in found for one in item.identifiers]
    event.remove(database.engine, "before_cursor_execute", listen)
    assert len([one for one in asked if one.startswith("SELECT")]) == 2, "the things, and their numbers"
    assert desk_queries.count(session, {shop}, li.id) == len(phones) and desk_queries.count(session, set(), li.id) == 0


def test_what_is_typed_at_the_desk_stands_in_no_address(session, doing, alice, shop, li, clerk):
    laptop = stories.laptop(doing, alice, serial="PF9POST001", disks=[])
    brought(session, alice, shop, laptop)
    form = waits(li).split('class="desk-find"')[1].split("</form>")[0]
    assert 'method="post"' in form and 'name="csrf_token"' in form
    page = li.client().get("/appraisals?q=PF9POST001").text
    assert 'value="PF9POST001"' not in page and "Waiting</h3>" not in page, "an address isn't asked"
    found = li.client().post("/appraisals", data={"q": "PF9POST001"})
    assert (found.status_code, found.location) == (200, None) and f"/items/{laptop}/appraise" in found.text.split("Waiting</h3>")[0]
    assert li.client().post("/appraisals", data={"q": "PF9POST001"}).headers["Cache-Control"] == "private, no-store"
    assert clerk.client().post("/appraisals", data={"q": "PF9POST001"}).status_code == 403


@pytest.mark.parametrize(("language", "said"), [("en", "Please fill this in."), ("zh", "请填写此项。")])
def test_who_types_nothing_is_told_at_the_field(li, language, said):
    for odd in ({}, {"q": ""}, {"q": "   "}, {"q": "x" * 81}):
        page = li.client(language=language).post("/appraisals", data=odd)
        there = page.text.split('id="desk-q-error"')[1].split("</p>")[0]
        assert page.status_code == 422 and 'aria-describedby="desk-q-error"' in page.text and ("q" in odd and "x" in odd["q"] or said in there)


def test_the_rest_is_found_by_number_or_name(session, doing, alice, shop, li, book, people):
    laptop = stories.laptop(doing, alice, serial="PF9FIND001", disks=[])
    brought(session, alice, shop, laptop)
    far = stories.laptop(doing, alice, serial="PF9FIND002", disks=[])
    brought(session, alice, people.organisation("别家", "shop"), far)
    client = li.client()

    def found(typed):
        page = client.post("/appraisals", data={"q": typed}).text
        return page[: page.index("Waiting</h3>")] if "Waiting</h3>" in page else page

    assert f"/items/{laptop}/appraise" in found("pf9find001") and f"/items/{laptop}/appraise" in found("PF9 FIND 001")
    assert f"/items/{book}/appraise" in found("acme") and f"/items/{book}/appraise" in found(f"https://x.example/items/{book}")
    for nothing in ("PF9FIND002", "PF9FIND00", "%", "_", "🔎", "x" * 80):
        assert "Nothing here by this number or name" in found(nothing), nothing
