"""What every step in a case needs: the case and its order, what is said in it, who is told, who may."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_locked, get_row
from core.errors import Refused
from core.goods.models import Item
from core.i18n import N_
from core.numbers import next_number
from core.people.acting import acting_as
from core.people.notices import notify
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import undelivered_rules
from market.aftersales.models import Case, CaseLine
from market.aftersales.states import OPEN
from market.orders import both_halves, replacing
from market.orders.models import Order


def get_case(session: Session, case_id: str) -> Case:
    return get_row(session, Case, case_id)


def locked(w: Work, case_id: str) -> Case:
    """A case, fresh and locked: its order first, with the other half of a swap, as whoever moves an order comes to a case of it
    (market/orders/both_halves.py). Raises NotFound."""
    both_halves.locked(w, get_case(w.session, case_id).order_id)
    return get_locked(w.session, Case, case_id)


def open_case_of(session: Session, order_id: str) -> Case | None:
    return session.scalars(select(Case).where(Case.order_id == order_id, Case.state.in_(OPEN))).first()


def case_to_show(session: Session, order: Order) -> Case | None:
    """The open case of an order; while what was settled is still to be done (the money is on its way back), the one that was."""
    found = open_case_of(session, order.id)
    if found is None and order.state in ("after_sales", "disputed"):
        found = session.scalars(select(Case).where(Case.order_id == order.id).order_by(Case.id.desc())).first()
    return found


def answer_until(case: Case) -> datetime:
    return case.opened_at + (undelivered_rules.PROVE if case.kind == "undelivered" else rules.ANSWER)


def passed_on(session: Session, case: Case) -> bool:
    """Is what somebody is to give back in this case a third person's by now? Where a half of a swap goes back, that is."""
    if not case.by_giver or case.order.received_at is None:
        return False
    owner = session.get_one(Item, replacing.thing_of(session, case.order)).owner_id
    return owner not in (case.buyer_id, case.seller_id)


def sides(case: Case) -> tuple[str, str]:
    return case.buyer_id, case.seller_id


def left_of(order: Order) -> int:
    return order.price_minor - order.refunded_minor


def put_down(
    w: Work, order: Order, kind: str, ground: str, amount: int, answer: timedelta, *, asked_by: str = ""
) -> Case:  # fmt: skip
    """A new case with its first date. `asked_by`: the seller's account where the giver of a half asks, else the buyer."""
    case = Case(
        id=ids.new_id(), number=next_number(w, "AS"), order_id=order.id, buyer_id=order.buyer_id, seller_id=order.seller_id,
        asked_by=asked_by or order.buyer_id, kind=kind, ground=ground, amount_minor=amount, granted_minor=None,
        currency=order.currency, opened_at=w.now, due_at=w.now + answer, ended_at=None, decided_by=None, appeal_by=None,
        final_by=None,
    )  # fmt: skip
    w.session.add(case)
    w.session.flush()
    w.record("market:case:opened", case.id, order=order.id, kind=kind, ground=ground)
    return case


def say(w: Work, case: Case, what: str, words: str, photos: list[str] | None = None, *, by_itself: bool = False) -> CaseLine:
    """`by_itself`: the program says it, whoever's step led to it."""
    by = acting_as(w, *sides(case)) if w.actor.is_person and not by_itself else None
    if by is not None and by != w.actor.id:  # the other side reads the shop's name; the log says who of its people spoke
        w.record("market:case:spoken", case.id, what=what, house=by)
    line = CaseLine(
        id=ids.new_id(), case_id=case.id, by_id=by, what=what, words=words.strip()[:2000],
        photos=photos or [], at=w.now,
    )  # fmt: skip
    w.session.add(line)
    w.session.flush()
    return line


def note_passed_on(w: Work, case: Case) -> None:
    """Put on record, once, that what is owed back is a third person's by now."""
    if passed_on(w.session, case) and not any(one.what == "passed_on" for one in case.lines):
        say(w, case, "passed_on", "", by_itself=True)
        w.record("market:case:passed_on", case.id)


def not_a_parcel(case: Case) -> None:
    if case.kind == "undelivered":
        raise Refused("parcel_case", N_("This case is about a parcel: say what became of it."))


def order_of(w: Work, case: Case) -> Order:
    return get_locked(w.session, Order, case.order_id)


def only(w: Work, of: Case | Order, person: str) -> None:
    """Raises Refused unless who acts is this side, or stands at its counter; who buys is never the seller, too."""
    if acting_as(w, of.buyer_id, of.seller_id) != person:
        raise Refused("not_yours", N_("The other side does this."))


def tell(w: Work, case: Case, to: str, sentence: str, **values: str) -> None:
    """`sentence`: English for gettext with %(number)s, the case's, and what else `values` has."""
    notify(w, to, sentence, f"/cases/{case.id}", number=case.number, **values)
