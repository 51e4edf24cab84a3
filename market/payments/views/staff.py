"""The administrator's page: the provider's balance against our books, what differs, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect
from flask_babel import gettext as _

from core.access import needs
from core.page import Page
from core.web import limiter
from market.payments import reconcile as comparing
from market.payments.contract import Unreachable
from market.payments.providers.stripe_line import Declined
from market.payments.reconcile import KINDS, last_of
from market.payments.settings import stripe_settings
from market.payments.views.checkout import NoAnswer
from market.payments.views.parts import written

blueprint = Blueprint("reconciliation", __name__, url_prefix="/payments/reconciliation")


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    what: str
    way: str
    ref: str
    theirs: str
    ours: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ReconciliationPage(Page):
    template = "market/payment_reconciliation.html"
    on: bool
    at: datetime | None
    agrees: bool
    transactions: int
    balances: list[list[str]]
    differences: list[DifferenceShown]


@blueprint.get("")
@needs("market:payments:reconcile")
def show() -> object:
    row = last_of(g.db)
    balances = row.balances if row else {}
    return ReconciliationPage(
        on=stripe_settings() is not None, at=row.at if row else None, agrees=row is not None and row.agrees,
        transactions=row.transactions if row else 0,
        balances=[[unit, written(one, unit), written(other, unit)] for unit, (one, other) in sorted(balances.items())],
        differences=[_shown(one) for one in (row.differences if row else [])],
    ).answer()  # fmt: skip


def _shown(one: dict[str, Any]) -> DifferenceShown:
    what, way = KINDS[one["kind"]]
    theirs, ours = ("—" if one[side] is None else written(one[side], one["unit"]) for side in ("theirs", "ours"))
    return DifferenceShown(_(what), _(way), one["ref"], theirs, ours, f"/orders/{one['subject_id']}" if one["subject_id"] else "")


@blueprint.post("")
@limiter.limit("6 per minute")
@needs("market:payments:reconcile")
def now() -> object:
    try:
        comparing.reconcile(g.db)
    except (Unreachable, Declined) as fault:
        raise NoAnswer() from fault
    return redirect("/payments/reconciliation", 303)
