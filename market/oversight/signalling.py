"""Once a day: whose figures have reached a line that nobody has weighed yet this year. The seller is told, staff are asked."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.i18n import N_
from core.money import Money
from core.people.models import Account
from core.people.notices import notify
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.work import Work
from market.oversight import sellers, signal_rules
from market.oversight.actions import TURNOVER
from market.oversight.limits import limits
from market.oversight.models import SellerSignal

NEAR = N_("Your sales of this year are near or above %(limit)s. Who trades has to register above that; see your figures.")


def signal_ask(session: Session, signal: SellerSignal) -> Ask:
    """Not weighed by the seller."""
    name = session.get_one(Account, signal.account_id).name
    link = f"/signals/{signal.account_id}"
    return Ask(subject_id=signal.id, title=name, link=link, barred=(signal.account_id,), since=signal.at)


def look_at_sellers(w: Work) -> None:
    year = sellers.year_of(w.now)[0]
    for account_id in sellers.active_sellers(w.session, w.now):
        look_at_seller(w, account_id, year)


def look_at_seller(w: Work, account_id: str, year: int) -> SellerSignal | None:
    """Ask a person to weigh it, when a line was reached that no signal of this year has named; nothing while one waits."""
    figures = sellers.figures_of(w.session, account_id, w.now)
    crossed = signal_rules.crossed(figures, limits().lines)
    known = {code for one in sellers.signals_of(w.session, account_id) if one.year == year for code in one.crossed}
    new = [code for code in crossed if code not in known]
    if not new or any(one.state == "open" for one in sellers.signals_of(w.session, account_id)):
        return None
    signal = SellerSignal(
        id=ids.new_id(), account_id=account_id, year=year, crossed=list(crossed), figures=asdict(figures),
        key=f"{account_id}/{year}/{'+'.join(new)}", at=w.now, factors={}, answered_by=None, answered_at=None,
    )  # fmt: skip
    queue.ask(w, "signal", signal_ask(w.session, signal))
    w.session.add(signal)
    w.session.flush()
    w.record("market:signal:raised", signal.id, account=account_id, crossed="+".join(crossed))
    if any(code.startswith("turnover") for code in new):
        notify(w, account_id, NEAR, TURNOVER, limit=Money(limits().lines.limit_minor, limits().currency))
    return signal


def waiting(session: Session) -> list[Ask]:
    query = select(SellerSignal).where(SellerSignal.state == "open").order_by(SellerSignal.id)
    return [signal_ask(session, one) for one in session.scalars(query)]
