"""The demonstration as built: people with their roles, shelves with real clearances, a sale, and a sound log."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.goods.cards import all_cards
from core.goods.models import CustodyLine, ItemPhoto
from core.people.models import Account, Membership, SellerFile
from core.people.roles import ROLES
from market.demo.build import build
from market.demo.logs import unused_logs
from market.demo.shelves import all_shelved
from market.listings.indexing import engine
from market.listings.models import Listing
from market.orders.models import Order, Review
from market.search.documents import Query
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import find_clearance
from privacy.wipes.models import Verification
from tests.conftest import People, fresh_database
from tests.explained import walk_books

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(house: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Built once for this file; nobody here writes."""
    folder: Path = tmp_path_factory.mktemp("demo")
    before, first = house.extensions["xunshi"], house.extensions["xunshi_db"]
    house.extensions["xunshi"] = replace(before, data=folder)
    house.extensions["xunshi_db"] = fresh_database(first)
    with house.app_context():
        build(house)
    yield house
    first.engine.dispose()
    house.extensions["xunshi"], house.extensions["xunshi_db"] = before, first


@pytest.fixture
def seen(built: Flask) -> Iterator[Session]:
    with built.extensions["xunshi_db"].session() as session:
        yield session


def test_who_is_there(seen: Session) -> None:
    held = {(row.role, row.organisation.kind) for row in seen.scalars(select(Membership))}
    assert {role for role, _ in held} == set(ROLES)
    assert {"agency", "shop", "school", "organiser", "regulator", "community", "platform"} == {kind for _, kind in held}
    for account in seen.scalars(select(Account).where(Account.house.is_(False))):
        roles = seen.scalars(select(Membership.role).where(Membership.account_id == account.id))
        assert account.demo and (account.totp_secret is not None) == any(
            ROLES[role].second_factor or role == "wipe_operator" for role in roles
        )
        assert account.contacts[0].verified_at is not None
    assert seen.scalar(select(func.count()).select_from(SellerFile)) == 4


def test_what_is_on_the_shelves(seen: Session) -> None:
    rows = list(seen.scalars(select(Listing)))
    states = Counter(row.state for row in rows)
    assert states["published"] + states["reserved"] >= 60
    assert (states["reserved"], states["sold"]) == (2, 1) and states["waiting_wipe"] >= 10
    assert set(states) == {"published", "reserved", "sold", "waiting_wipe"}
    assert {row.seller_kind for row in rows} == {"idle", "sporadic", "operator", "consignment", "self_operated"}
    photos = set(seen.scalars(select(ItemPhoto.item_id)))
    assert {row.item_id for row in rows} <= photos
    assert seen.scalar(select(func.count(func.distinct(ItemPhoto.digest)))) >= len(rows)


def test_something_of_every_kind_is_on_sale(built: Flask, seen: Session) -> None:
    kinds = {card.code for card in all_cards()}
    assert set(seen.scalars(select(Listing.category).where(Listing.state == "published"))) == kinds
    client = built.test_client()
    for kind in sorted(kinds):
        page = client.get(f"/search?category={kind}").text
        assert 'class="listing-card"' in page.split('id="instead"')[0], f"the tile of {kind} leads to nothing"


def test_thirteen_devices_were_really_cleared(seen: Session) -> None:
    wiped = [row for row in seen.scalars(select(Listing)) if row.data_bearing and row.state == "published"]
    assert len(wiped) == 13
    assert all(find_clearance(seen, row.item_id) is not None for row in wiped)
    assert seen.scalar(select(func.count()).select_from(Certificate)) == 13
    assert Counter(row.grade is not None for row in wiped) == {True: 3, False: 10}
    assert len({row.grade for row in wiped if row.grade}) >= 2
    assert {row.kept for row in seen.scalars(select(Clearance))} == {"at_point", "sealed_bag"}
    for one in seen.scalars(select(Verification)):
        assert len({one.operator_id, one.owner_id, one.verifier_id}) == 3


def test_twelve_logs_are_left(seen: Session) -> None:
    assert len(unused_logs(seen)) == 12


def test_times_make_sense(seen: Session) -> None:
    now = clock.now()
    listed = [row.created_at for row in seen.scalars(select(Listing))]
    assert all(at < now for at in listed) and len({at.date() for at in listed}) >= 12
    for row in seen.scalars(select(Listing).where(Listing.published_at.is_not(None))):
        assert row.created_at <= row.published_at <= now
    lines: dict[str, list[CustodyLine]] = {}
    for line in seen.scalars(select(CustodyLine).order_by(CustodyLine.id)):
        lines.setdefault(line.item_id, []).append(line)
    assert all([one.since for one in each] == sorted(one.since for one in each) for each in lines.values())
    assert max(line.since for each in lines.values() for line in each) <= now


def test_one_sale_is_completed_and_praised(seen: Session) -> None:
    orders = {row.state: row for row in seen.scalars(select(Order))}
    assert set(orders) == {"completed", "created"}
    assert orders["created"].reserved_until > clock.now()
    reviews = list(seen.scalars(select(Review)))
    assert len(reviews) == 2 and {one.order_id for one in reviews} == {orders["completed"].id}


def test_the_log_holds_and_is_sealed(seen: Session) -> None:
    found = audit.verify(seen)
    assert found.ok and found.unsealed == 0 and found.lines > 500


def test_it_can_be_found_and_read(built: Flask, seen: Session) -> None:
    with built.app_context():
        assert engine().search(Query(text="沙发")).total >= 1
    client = built.test_client()
    for path in ("/", "/search?q=ThinkPad", "/demo"):
        assert client.get(path).status_code == 200, path
    rows = list(seen.scalars(select(Listing)))
    for row in rows[:: len(rows) // 8]:
        assert client.get(f"/listings/{row.id}").status_code == (404 if row.state == "waiting_wipe" else 200)


def test_the_shelf_is_the_file(seen: Session) -> None:
    houses = select(Account.id).where(Account.house)
    assert set(seen.scalars(select(Listing.title).where(Listing.seller_id.not_in(houses)))) == {one.title for one in all_shelved()}


def test_the_bookkeeper_follows_every_amount_of_the_demo(built: Flask, seen: Session) -> None:
    holder = seen.scalars(select(Membership.account_id).where(Membership.role == "administrator")).first()
    assert holder
    client = People(built, seen)._open(holder, factor=True, language="en")
    walked = walk_books(client)
    assert walked["entries"] >= 1 and walked["orders"] >= 1
