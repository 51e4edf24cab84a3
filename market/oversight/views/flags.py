"""One flag: the figures, the thing, the question; a person's answer with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.data_files import text
from core.db import get_row
from core.errors import Forbidden, Refused
from core.i18n import N_
from core.money import Money, format_money
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.queue.deciding import chosen, decided
from core.when import slot_words
from core.work import work
from market.listings.away.rules import KINDS
from market.listings.mine import rows_of
from market.listings.sell_form import field_name
from market.listings.states import LISTING
from market.oversight import actions
from market.oversight.comparing import lines_of
from market.oversight.forms import FlagForm
from market.oversight.limits import limits
from market.oversight.listing_words import is_about_words
from market.oversight.models import Flag
from market.oversight.states import FLAG

blueprint = Blueprint("flags", __name__, url_prefix="/flags")
TITLES = {
    "price": N_("A price far from its like"), "again": N_("The same thing sold again"),
    "away": N_("Words that lead away from the market"),
}  # fmt: skip
FOLLOWS = {"nothing": N_("Nothing more"), "frozen": N_("The listing was frozen"), "": "—"}


@dataclass(frozen=True, kw_only=True)
class FlagPage(Page):
    """`rows`: the figures as they were; `lines`: marked lines (time, text), only for words that lead away; `orders`: (number,
    link, price)."""

    template = "market/flag.html"
    flag_id: str
    title: str
    state: tuple[str, str]
    help: str
    about: tuple[str, str]
    listing: tuple[str, str, str, str | None]
    rows: list[tuple[str, str]]
    why: str
    lines: list[tuple[datetime, str]]
    orders: list[tuple[str, str, str]]
    open: bool
    own: bool
    can_freeze: bool
    decided: list[tuple[str, str]]
    form: FlagForm


def get_flag(session: Session, flag_id: str) -> Flag:
    return get_row(session, Flag, flag_id)


@blueprint.get("/<flag_id>")
@needs("market:flag:decide", on=get_flag)
def show(flag: Flag) -> object:
    """Who looks at somebody's lines is on record; a listing is read by everybody."""
    flag_id = flag.id
    if flag.kind == "away" and not is_about_words(flag):
        with work(g.db, visitor().actor, clock.now()) as w:
            w.record("market:flag:looked", flag_id)
    return _page(get_flag(g.db, flag_id)).answer()


def _page(flag: Flag, form: FlagForm | None = None) -> FlagPage:
    state, about, shown = FLAG[flag.state], g.db.get_one(Account, flag.about_id), rows_of([flag.listing])[0]
    start = flag.at - timedelta(days=int(flag.facts.get("days", 0)))
    return FlagPage(
        flag_id=flag.id, title=_(TITLES[flag.kind]), state=(_(state.label), state.tone), help=_(state.help),
        about=(shown_name(about), f"/sellers/{about.id}"),
        listing=(flag.listing.title, f"/listings/{flag.listing_id}", shown.price, shown.photo), rows=_rows(flag),
        why=text(limits().why["words" if is_about_words(flag) else flag.kind], g.language),
        lines=lines_of(g.db, flag.about_id, start, flag.at) if flag.kind == "away" and not is_about_words(flag) else [],
        orders=[
            (one["number"], f"/orders/{one['id']}", _money(one["price"], one["currency"])) for one in flag.facts.get("orders", [])
        ],
        open=flag.state == "open", own=visitor().account_id == flag.about_id,
        can_freeze=LISTING.can(flag.listing.state, "freeze"),
        decided=decided(flag, *_followed(flag)), form=form or FlagForm(formdata=None),
    )  # fmt: skip


def _followed(flag: Flag) -> list[tuple[str, str]]:
    return [(_("What followed"), _(FOLLOWS[flag.follow]))] if flag.decided_at else []


def _rows(flag: Flag) -> list[tuple[str, str]]:
    facts: dict[str, Any] = flag.facts
    if flag.kind == "price":
        return [
            (_("Price"), _money(facts["price"], facts["currency"])), (_("Median of others"), _median(facts)),
            (_("Compared with"), _compared(facts)),
            (_("Said because"), _under(facts) if facts["side"] == "low" else _over(facts)),
        ]  # fmt: skip
    if flag.kind == "again":
        said = _(
            "%(sales)s sales in %(days)s days; a look is asked for from %(times)s on", **_numbers(facts, "sales", "days", "times")
        )
        return [(_("How often"), said)]
    if is_about_words(flag):
        return _words(flag)
    said = _("%(lines)s marked lines to %(people)s people in %(days)s days", **_numbers(facts, "lines", "people", "days"))
    return [(_("How often"), said)]


def _words(flag: Flag) -> list[tuple[str, str]]:
    """Where what stands in the listing, what stood there before, and since when nothing does."""
    facts: dict[str, Any] = flag.facts
    rows = [(field_name(flag.listing.category, place), _what(kind, words)) for place, kind, words in facts["found"]]
    gone = [(_("Before: %(field)s", field=field_name(flag.listing.category, place)), _what(kind, words))
            for place, kind, words in facts["earlier"]]  # fmt: skip
    return rows + gone + ([(_("Edited away"), slot_words(datetime.fromisoformat(facts["gone"])))] if facts["gone"] else [])


def _what(kind: str, words: str) -> str:
    return str(_("%(what)s: “%(words)s”", what=_(KINDS[kind]), words=words))


def _numbers(facts: dict[str, Any], *names: str) -> dict[str, int]:
    return {name: int(facts[name]) for name in names}


def _under(facts: dict[str, Any]) -> str:
    return str(_("it is below the median divided by %(times)s", times=facts["times"]))


def _over(facts: dict[str, Any]) -> str:
    return str(_("it is above the median multiplied by %(times)s", times=facts["times"]))


def _median(facts: dict[str, Any]) -> str:
    """Between two prices in the middle the median may end in half a minor unit: then it is said as from one to the other."""
    low, rest = divmod(int(facts["median_twice"]), 2)
    shown = _money(low, facts["currency"])
    return f"{shown} + ½" if rest else shown


def _compared(facts: dict[str, Any]) -> str:
    if facts["basis"] == "grade":
        return str(_("%(num)s prices of other sellers in this category and grade", num=facts["count"]))
    return str(_("%(num)s prices of other sellers in this category", num=facts["count"]))


def _money(minor: int, currency: str) -> str:
    return format_money(Money(int(minor), currency), g.language)


@blueprint.post("/<flag_id>")
@needs("market:flag:decide", on=get_flag)
def decide(flag: Flag) -> object:
    form, flag_id = FlagForm(), flag.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            one = w.session.get_one(Flag, flag_id, with_for_update=True)
            upheld = chosen(form, ("uphold", "dismiss")) == "uphold"
            actions.decide_flag(w, one, upheld, str(form.follow.data or "nothing"), str(form.reason.data or ""))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(get_flag(g.db, flag_id), form).answer(no.status)
    flash(_("The decision is written down."))
    return redirect(f"/flags/{flag_id}", 303)
