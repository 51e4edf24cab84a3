"""A seller's payout account at the provider: made on the way there, read when they come back or when the provider says so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, ids
from core.states import walk
from core.web import config
from core.work import Actor, Work, work
from market.payments.offer import find_payout_account
from market.payments.providers import stripe_accounts
from market.payments.providers.stripe_accounts import AtStripe
from market.payments.side_models import PayoutAccount
from market.payments.states import PAYOUT_ACCOUNT

VERBS = {"ready": "open", "stopped": "stop", "begun": "reopen"}


def onboarding(session: Session, owner_id: str, actor: Actor, path: str) -> str:
    """The address where the seller goes on at the provider: good once, for minutes. Outside a Work; raises Unreachable,
    Declined."""
    ref, here = open_account(session, owner_id, actor), f"{config().base_url}{path}"
    return stripe_accounts.onboarding_link(ref, back=here, again=here)


def open_account(session: Session, owner_id: str, actor: Actor) -> str:
    """The provider's name for this seller's account, made there the first time. Outside a Work; raises Unreachable, Declined."""
    row = find_payout_account(session, owner_id)
    ref = row.ref if row else ""
    session.rollback()
    if not ref:
        asked_at = clock.now()
        made = stripe_accounts.open_account(owner_id)
        with work(session, actor, clock.now()) as w:
            _keep(w, owner_id, made, asked_at)
        ref = made.ref
    return ref


def look(session: Session, owner_id: str) -> None:
    """Ask the provider how the account stands. Outside a Work; raises Unreachable, Declined."""
    row = find_payout_account(session, owner_id)
    if row is None:
        return
    ref, asked_at = row.ref, clock.now()
    session.rollback()
    found = stripe_accounts.look_account(ref)
    with work(session, Actor("system:payments"), clock.now()) as w:
        learn(w, found, asked_at)


def _keep(w: Work, owner_id: str, made: AtStripe, asked_at: datetime) -> None:
    if find_payout_account(w.session, owner_id) is None:
        row = PayoutAccount(
            id=ids.new_id(), owner_id=owner_id, provider="stripe", ref=made.ref, country=made.country, created_at=w.now,
            asked_at=None,
        )  # fmt: skip
        w.session.add(row)
        w.session.flush()
        w.record("market:payout_account:begun", owner_id, account=row.id)
    learn(w, made, asked_at)


def learn(w: Work, news: AtStripe, asked_at: datetime) -> str:
    """Take over what the provider said at that time; says applied, nothing_new or not_ours. Older news is dropped."""
    query = select(PayoutAccount).where(PayoutAccount.ref == news.ref).with_for_update()
    row = w.session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None:
        return "not_ours"
    if row.asked_at is not None and asked_at < row.asked_at:
        return "nothing_new"
    row.asked_at = asked_at
    if row.state == news.state:
        return "nothing_new"
    walk(w, PAYOUT_ACCOUNT, row, VERBS[news.state])
    w.record("market:payout_account:changed", row.owner_id, account=row.id, state=row.state)
    return "applied"
