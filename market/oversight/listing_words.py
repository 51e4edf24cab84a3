"""A listing's own words that lead away: one open flag a listing, which follows what the seller makes of them.

Everybody reads a listing, so one such word is enough (a message needs several people). What was edited away stays told on the
flag, with the time: a person decides what it was."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from flask import has_app_context
from sqlalchemy import select

from core.db import stamp
from core.goods.cards import find_card
from core.web import config
from core.work import Work
from market.listings.away.listing_rules import At, found_at, mark_of, texts_of
from market.listings.events import WordsSaid
from market.listings.models import Listing
from market.oversight.flagging import raise_flag
from market.oversight.models import Flag

LISTING: Final = "listing"
SEEN: Final = ("published", "paused", "reserved")
MOST, LONG = 20, 80


def look_at_words(w: Work, event: WordsSaid) -> None:
    """In the transaction in which words went on sale or were changed."""
    listing = w.session.get_one(Listing, event.listing_id)
    found, flags = words_in(listing), flags_of(w, listing.id)
    standing = next((one for one in flags if one.state == "open"), None)
    if standing is not None:
        follow_words(w, standing, found)
    elif found and listing.state in SEEN:
        mark, before = mark_of(found), mark_of(words_in(listing, event.before))
        same = [one for one in flags if one.facts["mark"] == mark]
        if not same or (mark != before and all(one.state == "upheld" for one in same)):
            facts = {"where": LISTING, "mark": mark, "found": rows_of(found), "earlier": [], "gone": ""}
            raise_flag(w, "away", listing, listing.seller_id, f"away/text/{listing.id}/{mark}/{len(same)}", facts)


def words_in(listing: Listing, before: tuple[str, str] | None = None) -> list[At]:
    """What leads away in a listing's words; with `before` for title and description."""
    title, description = before or (listing.title, listing.description)
    item = listing.item
    texts = texts_of(title, description, find_card(item.category), item.attributes, item.disclosures)
    return found_at(texts, house_hosts())


def house_hosts() -> frozenset[str]:
    """By the settings, never by what a request calls this house."""
    return frozenset({urlsplit(config().base_url).hostname or ""} - {""}) if has_app_context() else frozenset()


def flags_of(w: Work, listing_id: str) -> list[Flag]:
    """The flags about a listing's own words, the oldest first."""
    query = select(Flag).where(Flag.listing_id == listing_id, Flag.kind == "away").order_by(Flag.id)
    return [one for one in w.session.scalars(query.with_for_update()) if is_about_words(one)]


def is_about_words(flag: Flag) -> bool:
    """Of the listing's own words, not of messages?"""
    return flag.kind == "away" and flag.facts.get("where") == LISTING


def rows_of(found: Sequence[At]) -> list[list[str]]:
    """[field, kind, words] of each, as a flag keeps it."""
    return [[place, one.kind, one.words[:LONG]] for place, one in found[:MOST]]


def follow_words(w: Work, flag: Flag, found: Sequence[At]) -> None:
    """Tell on an open flag what stands there now, what stood there before, and since when nothing does."""
    facts: dict[str, Any] = flag.facts
    now = rows_of(found)
    if now == facts["found"]:
        return
    earlier = [one for one in (*facts["earlier"], *facts["found"]) if one not in now]
    kept = [one for at, one in enumerate(earlier) if one not in earlier[:at]][-MOST:]
    gone = "" if now else stamp(w.now)
    flag.facts = {**facts, "mark": mark_of(found) or facts["mark"], "found": now, "earlier": kept, "gone": gone}
    w.record("market:flag:followed", flag.id, gone=not now)
