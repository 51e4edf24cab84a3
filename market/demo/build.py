"""Builds the demonstration: everybody, everything on the shelves, and what happened in the last weeks, oldest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Flask

from core import clock
from core.runner import seal
from core.web import database
from market.demo import agreements, by_list, drawn, past_sales, put_online, shop_files, stocked, visits, walk
from market.demo.appraisers import admit
from market.demo.benches import open_benches
from market.demo.bookings import book_some, open_desk
from market.demo.cast import add_cast
from market.demo.consigned import open_files
from market.demo.labelled import stick
from market.demo.photos import store_photos
from market.demo.shelves import ByList, Shelved, Wiped, all_shelved
from market.demo.walk import House
from market.listings.indexing import rebuild
from privacy.bench import bench

OPENED = timedelta(days=40)  # since when the demo people have been here
BUYER = "bob"
Step = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Built:
    people: int
    listings: int


def build(app: Flask) -> Built:
    """Fill an empty house. Call it within an application context. Everything goes through the rooms' own actions, under
    the database's guards."""
    now, things = clock.now(), all_shelved()
    photos = store_photos(app, things)
    with database().session() as session:
        cast = add_cast(session, now - OPENED)
        house, listed = House(session, cast, bench()), dict[int, str]()

        def shelve(place: int, at: datetime) -> None:
            listed[place] = walk.shelve(house, things[place], photos[place], at)

        def clear(place: int, wiped: Wiped, at: datetime) -> None:
            walk.clear(house, things[place], wiped, listed[place], at)

        def clear_by_list(place: int, by: ByList, at: datetime) -> None:
            by_list.clear(house, things[place], by, listed[place], at)

        story: list[tuple[datetime, Step]] = [(now - OPENED + timedelta(hours=1), partial(open_benches, house))]
        story.append((now - OPENED + timedelta(hours=2), partial(admit, house)))
        story.append((now - OPENED + timedelta(hours=3), partial(open_desk, house)))
        story.append((now - OPENED + timedelta(hours=4), partial(shop_files.open_files, house)))
        story.append((now - OPENED + timedelta(hours=4), partial(agreements.write_terms, house)))
        story.append((now - OPENED + timedelta(hours=5), partial(visits.open_desks, house)))
        for place, thing in enumerate(things):
            listed_at = _listed_at(now, place, thing)
            story.append((listed_at, partial(shelve, place)))
            if thing.wipe is not None:
                done = thing.wipe.file.finished + timedelta(minutes=30 + place)
                story.append((_cleared_at(now, place, listed_at, done), partial(clear, place, thing.wipe)))
            if thing.by_list is not None:
                story.append((_cleared_at(now, place, listed_at, listed_at), partial(clear_by_list, place, thing.by_list)))
        places = {thing.key: place for place, thing in enumerate(things) if thing.key}
        story += _deals(house, things, places, listed, now)
        for at, step in sorted(story, key=lambda one: one[0]):
            step(at)
        drawn.decide(house, app, now)
        book_some(house, now)
        open_files(house, now)
        shop_files.follow_up(house, now)
        agreements.agree(house, now)
        stocked.take_in(house, now)
        put_online.put_online(house, app, now)
        visits.book_some(house, now)
        for place, thing in enumerate(things):
            if thing.wipe is not None and thing.wipe.kept == "sealed_bag":
                drawn.seal_up(house, thing, thing.wipe, listed[place], now)
        stick(house, now)
        past_sales.bring_in_all(session, now)
        while seal(session):
            pass
        rebuild(session)
    return Built(len(cast.people), len(things))


def _listed_at(now: datetime, place: int, thing: Shelved) -> datetime:
    """So many days ago, at a minute of its own between nine in the morning and nine at night (Hangzhou)."""
    day = clock.local(now) - timedelta(days=thing.days)
    return clock.utc(day.replace(hour=9 + place * 5 % 12, minute=place * 37 % 60, second=place * 13 % 60))


def _cleared_at(now: datetime, place: int, listed_at: datetime, wiped_at: datetime) -> datetime:
    """When the verifier accepted: a day after the listing, but not before it was wiped, nor in the future."""
    wanted = max(listed_at + timedelta(hours=20), wiped_at)
    return max(min(wanted, now - timedelta(minutes=2 + place)), listed_at + timedelta(hours=1))


def _deals(
    house: House, things: tuple[Shelved, ...], places: dict[str, int], listed: dict[int, str], now: datetime
) -> Iterator[tuple[datetime, Step]]:
    """One thing sold and praised, another reserved a few hours ago."""
    sold, seller = places["sold"], things[places["sold"]].seller
    met, order = now - timedelta(days=8, hours=2), dict[str, str]()

    def reserve(at: datetime) -> None:
        order["sold"] = walk.reserve(house, listed[sold], BUYER, at)

    yield met - timedelta(hours=26), reserve
    yield met - timedelta(hours=25), lambda at: walk.order(house, order["sold"], BUYER, at)
    yield met, lambda at: walk.complete(house, order["sold"], BUYER, seller, at)
    yield met + timedelta(hours=3), lambda at: walk.review(house, order["sold"], BUYER, things[sold].praise, at)
    yield met + timedelta(hours=5), lambda at: walk.review(house, order["sold"], seller, "", at)
    yield now - timedelta(hours=3), lambda at: walk.reserve(house, listed[places["reserved"]], BUYER, at)
