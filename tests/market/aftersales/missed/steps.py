"""What the stories of a missed parcel do again and again: open its rows, let days pass, read how it stands."""

from datetime import timedelta

from market.aftersales import actions
from market.aftersales.models import Case
from market.orders import timers
from market.orders.models import Order

DAY = timedelta(days=1)


def order_of(w, order_id):
    return w.session.get_one(Order, order_id, with_for_update=True)


def case_of(w, case_id):
    return w.session.get_one(Case, case_id, with_for_update=True)


def sweep(at, day):
    for step in (timers.run_out, actions.run_out):
        with at(day) as w:
            step(w)


def read(session, order_id):
    session.rollback()
    return session.get_one(Order, order_id)


def end_of(session, case_id):
    session.rollback()
    case = session.get_one(Case, case_id)
    return case.state, case.outcome, case.granted_minor
