"""Cards, Alipay and WeChat Pay through Stripe Checkout: one separate charge, handed on by a transfer when the deal is done.

Until then the money rests in the platform's own balance at Stripe, and that is what the page says. Authorise now and capture
later would be no way to hold: Alipay and WeChat Pay can't do it."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from core.i18n import N_
from market.payments.contract import Asked, Begun, Disputed, Facts, Holder, Move, Moved, Taken, Told, Unreachable
from market.payments.providers.stripe_line import SHORT, Declined, asking, id_of, line, money, note, pick

METHODS = ["card", "alipay", "wechat_pay"]
WHOLE = ["payment_intent.latest_charge.balance_transaction"]


class Stripe:
    code = "stripe"
    label = N_("Card, Alipay or WeChat Pay (through Stripe)")
    holder: ClassVar[Holder] = "platform_balance_at_provider"
    remote: ClassVar[bool] = True
    in_person: ClassVar[bool] = False

    def why_not(self, facts: Facts) -> str | None:
        if not facts.region:
            return N_("Card payment isn't switched on here.")
        if facts.currency not in facts.currencies:
            return N_("Card payment isn't offered in this currency here.")
        if not facts.payout_ready:
            return N_("The seller hasn't set up an account yet that card payments can be handed on to.")
        return None

    def begin(self, asked: Asked) -> Begun:
        with asking("begin"):
            made = line().checkout.sessions.create(_session(asked), {"idempotency_key": asked.key})
        return Begun(made.id, str(pick(made, "url") or ""))

    def status(self, ref: str) -> Told:
        if ref.startswith("pi_"):
            with asking("look"):
                return of_payment(line().payment_intents.retrieve(ref, {"expand": ["latest_charge.balance_transaction"]}))
        try:
            with asking("look"):
                return of_session(line().checkout.sessions.retrieve(ref, {"expand": WHOLE}))
        except Declined as no:
            return Told(state="gone", ref=ref, why=no.code)

    def call_off(self, ref: str) -> Told:
        """Expire the session; one that was paid meanwhile can't be, and tells so."""
        try:
            with asking("expire"):
                line().checkout.sessions.expire(ref)
        except Declined:
            pass  # it is over already: what became of it, the next line tells
        return self.status(ref)

    def refund(self, move: Move) -> Moved:
        words = {"payment_intent": move.of, "amount": move.amount.minor, "metadata": {"refund": move.row}}
        return _move("refund", lambda: line().refunds.create(words, {"idempotency_key": move.key}), of_refund)

    def release(self, move: Move) -> Moved:
        words = {
            "amount": move.amount.minor, "currency": move.amount.currency.lower(), "destination": move.to,
            "source_transaction": move.of, "transfer_group": move.group, "metadata": {"release": move.row},
        }  # fmt: skip
        return _move("transfer", lambda: line().transfers.create(words, {"idempotency_key": move.key}), of_transfer)

    def reverse(self, move: Move) -> Moved:
        words = {"amount": move.amount.minor, "metadata": {"reversal": move.row}}
        reversals = line().transfers.reversals
        return _move("reversal", lambda: reversals.create(move.of, words, {"idempotency_key": move.key}), of_reversal)

    def find(self, kind: Literal["refund", "release", "reversal"], move: Move) -> Moved | None:
        with asking("find"):
            if kind == "refund":
                rows = map(of_refund, line().refunds.list({"payment_intent": move.of, "limit": 100}).auto_paging_iter())
            elif kind == "release":
                rows = map(of_transfer, line().transfers.list({"transfer_group": move.group, "limit": 100}).auto_paging_iter())
            else:
                rows = map(of_reversal, line().transfers.reversals.list(move.of, {"limit": 100}).auto_paging_iter())
            return next((one for one in rows if one.row == move.row), None)


def _session(asked: Asked) -> dict[str, Any]:
    """No name and no address of the payer: Stripe asks for what it needs on its own page."""
    price = {
        "currency": asked.amount.currency.lower(), "unit_amount": asked.amount.minor, "product_data": {"name": asked.title},
    }  # fmt: skip
    notes = {"intent": asked.intent_id, "order": asked.subject_id}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "allowed_payment_method_types": METHODS,
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "payment_intent_data": {"transfer_group": asked.subject_id, "metadata": notes},
        "client_reference_id": asked.intent_id,
        "metadata": notes,
        "success_url": asked.back,
        "cancel_url": asked.away,
        "locale": "auto",
    }


def _move(what: str, ask: Any, read: Any) -> Moved:
    try:
        with asking(what):
            return read(ask())  # type: ignore[no-any-return]
    except Declined as no:
        return Moved(state="short" if no.code in SHORT else "failed", why=no.code)


def of_session(session: Any) -> Told:
    told = of_payment(pick(session, "payment_intent")) if pick(session, "payment_intent") else None
    known = {"ref": session.id, "intent_id": note(session, "intent")}
    if session.payment_status == "paid" and told is not None:
        return _with(told, **known)
    if session.status == "expired":
        return Told(state="gone", why="expired", **known)
    if session.status == "open":
        return Told(state="open", url=str(pick(session, "url") or ""), why=told.why if told else "", **known)
    failed = told is not None and told.state == "open"  # complete, but the payment wants another card: it failed afterwards
    return Told(state="failed" if failed else "underway", why=told.why if told else "", **known)


def of_payment(payment: Any) -> Told:
    """A payment at Stripe, with or without its session."""
    charge = pick(payment, "latest_charge")
    state = {"succeeded": "paid", "processing": "underway", "canceled": "gone"}.get(payment.status, "open")
    why = str(pick(pick(payment, "last_payment_error"), "code") or "")
    booked = None if isinstance(charge, str) else pick(charge, "balance_transaction")
    fee = None if booked is None or isinstance(booked, str) else money(booked.fee, booked.currency)
    return Told(
        state=state, intent_id=note(payment, "intent"), pay_ref=payment.id, charge_ref=id_of(charge), fee=fee,  # type: ignore[arg-type]
        amount=money(_received(payment), payment.currency) if state == "paid" else None, why=why,
    )  # fmt: skip


def _received(payment: Any) -> int:
    """What came; a payment that succeeded without saying so received its amount."""
    came = pick(payment, "amount_received")
    return int(payment.amount if came is None else came)


def _with(told: Told, ref: str, intent_id: str) -> Told:
    return Told(
        state=told.state, ref=ref, intent_id=intent_id or told.intent_id, pay_ref=told.pay_ref, charge_ref=told.charge_ref,
        amount=told.amount, fee=told.fee, why=told.why,
    )  # fmt: skip


def of_refund(refund: Any) -> Moved:
    state = {"succeeded": "done", "failed": "failed", "canceled": "failed"}.get(refund.status, "underway")
    return Moved(
        state=state, ref=refund.id, why=str(pick(refund, "failure_reason") or ""), row=note(refund, "refund"),  # type: ignore[arg-type]
        amount=money(refund.amount, refund.currency), pay_ref=id_of(pick(refund, "payment_intent")),
    )  # fmt: skip


def of_transfer(transfer: Any) -> Moved:
    return Moved(
        state="done", ref=transfer.id, row=note(transfer, "release"), amount=money(transfer.amount, transfer.currency)
    )


def of_reversal(reversal: Any) -> Moved:
    return Moved(
        state="done", ref=reversal.id, row=note(reversal, "reversal"), amount=money(reversal.amount, reversal.currency)
    )


def look_refund(ref: str) -> Moved:
    with asking("refund"):
        return of_refund(line().refunds.retrieve(ref))


def look_dispute(ref: str) -> Disputed:
    """A dispute with every movement it made on the balance. An inquiry takes nothing."""
    with asking("dispute"):
        found = line().disputes.retrieve(ref, {"expand": ["balance_transactions"]})
    state = {"won": "won", "lost": "lost", "warning_closed": "won", "prevented": "won"}.get(found.status, "open")
    due = pick(pick(found, "evidence_details"), "due_by")
    moves = pick(found, "balance_transactions") or []
    return Disputed(
        ref=found.id, pay_ref=id_of(pick(found, "payment_intent")), state=state,  # type: ignore[arg-type]
        amount=money(found.amount, found.currency), reason=str(found.reason),
        due=datetime.fromtimestamp(due, UTC) if due else None,
        taken=[Taken(ref=one.id, amount=money(one.amount, one.currency), fee=money(one.fee, one.currency)) for one in moves],
    )  # fmt: skip


__all__ = ["METHODS", "Stripe", "Unreachable", "look_dispute", "look_refund", "of_payment", "of_session"]
