"""The simulator: past completed sales under what counts and under a draft, seller by seller, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.access import needs
from core.i18n import N_
from core.money import CNY, Money, format_money
from core.page import Page
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org
from core.ports import completed_sales
from market.ledger.fees.describe import title_of, written_day
from market.ledger.fees.policy import Policy
from market.ledger.fees.queries import find_draft, frozen, policy_for, versions_of
from market.ledger.fees.show import channel_of
from market.ledger.fees.simulating_rules import Compared, simulate
from market.ledger.fees.views import blueprint

PERIODS = {1: N_("Last month"), 3: N_("Last three months"), 12: N_("Last twelve months")}
MOST_ROWS = 50
MOST_SALES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerRow:
    """`tone` of the difference: good where the seller gets more."""

    name: str
    sales: int
    old_fees: str
    new_fees: str
    difference: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationShown:
    """`left`: sellers that the table leaves out; `foreign`: sales in other currencies; `cut`: only the latest are replayed."""

    since: str
    until: str
    total: SellerRow
    rows: Sequence[SellerRow]
    left: int
    foreign: int
    cut: bool


@dataclass(frozen=True, kw_only=True)
class SimulatePage(Page):
    template = "market/fees_simulate.html"
    policy_id: str
    title: str
    version: int | None
    present: int
    periods: Sequence[tuple[str, str, bool]]
    found: SimulationShown | None


def get_policy(session: object, policy_id: str) -> tuple[str, str]:
    return policy_id, channel_of(session, policy_id)  # type: ignore[arg-type]


@blueprint.get("/<policy_id>/simulate")
@needs("market:fees:edit", on=get_policy)
def replay(found: tuple[str, str]) -> object:
    """The saved draft, else what is announced, against what counts today."""
    policy_id, channel = found
    months = request.args.get("months", 1, type=int)
    months = months if months in PERIODS else 1
    present = policy_for(g.db, channel, clock.now())
    row = find_draft(g.db, policy_id) or next((one for one in versions_of(g.db, policy_id) if one.state == "announced"), None)
    return SimulatePage(
        policy_id=policy_id, title=title_of(present.policy, g.language), version=row.version if row else None,
        present=present.version,
        periods=[(_(name), f"/fees/{policy_id}/simulate?months={one}", one == months) for one, name in PERIODS.items()],
        found=simulated(frozen(row).policy, months) if row else None,
    ).answer()  # fmt: skip


def simulated(new: Policy, months: int = 1) -> SimulationShown:
    """Replay the sales of whole months that are over."""
    first, last = period(clock.local(clock.now()).date(), months)
    old = policy_for(g.db, new.channel, clock.now()).policy
    sales = [one for one in completed_sales(g.db, first, last) if one.channel == new.channel]
    sales.sort(key=lambda one: (one.on, one.id), reverse=True)
    found = simulate(old, new, sales[:MOST_SALES])
    ranked = found.ranked()
    names = _names([seller for seller, _compared in ranked[:MOST_ROWS]])
    return SimulationShown(
        since=written_day(first, g.language), until=written_day(last, g.language), total=_row("", found.total),
        rows=[_row(names.get(seller, _("Somebody who left")), compared) for seller, compared in ranked[:MOST_ROWS]],
        left=max(0, len(ranked) - MOST_ROWS), foreign=found.foreign, cut=len(sales) > MOST_SALES,
    )  # fmt: skip


def period(today: date, months: int) -> tuple[date, date]:
    """First and last day of the whole months before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    for _month in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first, last


def _names(sellers: Sequence[str]) -> dict[str, str]:
    """Places by their name, people by the name that others see."""
    people = {one.id: shown_name(one) for one in g.db.scalars(select(Account).where(Account.id.in_(sellers)))}
    found = g.db.scalars(select(Organisation).where(Organisation.id.in_(sellers)))
    places = {one.id: shown_org(one, g.language) for one in found}
    return people | places


def _row(name: str, one: Compared) -> SellerRow:
    tone = "good" if one.difference > 0 else "warn" if one.difference < 0 else "neutral"
    return SellerRow(
        name=name, sales=one.sales, old_fees=_money(one.old_fees), new_fees=_money(one.new_fees),
        difference=f"{'+' if one.difference > 0 else ''}{_money(one.difference)}", tone=tone,
    )  # fmt: skip


def _money(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)
