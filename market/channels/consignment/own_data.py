"""What consignors' files hold about people: for their export, for closing an account, and how long it is kept."""

from collections.abc import Iterable
from typing import Any

from flask import has_app_context
from sqlalchemy.orm import Session

from core.config import CONSIGNOR_MONTHS
from core.db import stamp
from core.i18n import N_
from core.ports import Hold, PersonClosing, RetentionRow
from core.web import config
from core.work import Work
from market.channels.consignment import actions, attached, queries
from market.channels.consignment.models import Consignor


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    return {"consignments": [_file(session, one) for one in queries.of_account(session, account_id)]}


def _file(session: Session, one: Consignor) -> dict[str, Any]:
    return {
        "shop": one.org.name, "file": one.number, "state": one.state, "opened": stamp(one.opened_at),
        "name": queries.plain(one.name, queries.NAME), "paper": one.paper_kind,
        "paper_no": queries.plain(one.paper_no, queries.PAPER), "contact": queries.plain(one.contact, queries.CONTACT),
        "address": queries.plain(one.address, queries.ADDRESS), "payout": one.payout,
        "payout_account": queries.plain(one.payout_account, queries.ACCOUNT), "no_discount": one.no_discount,
        "donate_unsold": one.donate_unsold,
        "delegates": [
            {"name": queries.plain(who.name, queries.NAME), "goods": who.goods, "money": who.money, "from": stamp(who.named_at)}
            for who in queries.live_delegates(session, one.id)
        ],
        "seen_in_full": [
            {"at": stamp(line.at), "why": line.facts.get("why") or line.facts.get("what", "")}
            for line in queries.looks_at(session, one.id)
        ],
    }  # fmt: skip


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    """An open agreement, or goods at a shop, keep the person here: somebody has to be paid, or fetch it."""
    for one in queries.of_account(session, account_id):
        if attached.keeps_open(session, one.id):
            yield Hold(
                code="consigned", sentence=N_("Something is still open with a shop that sells for you (file %(number)s)."),
                values={"number": one.number}, link=f"/consignments/{one.id}", way=N_("Open the file"),
            )  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """The account goes; the shop's register has to be kept (PIPL 47, last sentence), so that its file is closed and waits for its
    erasure, tied to nobody's account."""
    for one in queries.of_account(w.session, event.account_id):
        w.session.refresh(one, with_for_update=True)
        if one.state == "open":
            actions.close_now(w, one, "person")
        one.account_id = None
        w.record("market:consignor:unlinked", one.id)


def months() -> int:
    """How many months a closed file is kept: the setting."""
    return config().consignor_months if has_app_context() else CONSIGNOR_MONTHS


def retention() -> tuple[RetentionRow, ...]:
    register = N_("Measures on second-hand goods (1998): register of who brings goods; PIPL 47, last sentence")
    closed, then = N_("the file was closed"), N_("destroyed; the number stays")
    return (RetentionRow(N_("Consignors' files at shops"), months(), closed, register, then),)
