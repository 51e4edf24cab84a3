"""A case from its opening to its end: asked, answered, brought back, paid back; mediated, decided, appealed.

Money goes by the order's own payment, never by a way of its own. What goes back has lost its clearance: whatever could hold data
is wiped and verified anew before it is listed."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_row
from core.each import each
from core.errors import Invalid, Refused
from core.goods import custody
from core.i18n import N_
from core.money import Money
from core.numbers import next_number
from core.people.notices import notify
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import closing, repeats
from market.aftersales.models import Case, CaseLine
from market.aftersales.states import CASE, OPEN
from market.aftersales.waits import appeal_ask, mediation_ask
from market.orders import paying
from market.orders.models import Order
from market.orders.states import ORDER

_FAULTS = {
    "kind_unknown": ("kind", N_("Choose what you ask for, and why.")),
    "not_received": ("", N_("It isn't handed over yet: stop it at the check, or call it off.")),
    "no_reason_is_return": ("kind", N_("Without a reason it can be brought back, nothing else.")),
    "no_reason_not_owed": ("ground", N_("A return without a reason isn't owed for this order: see what was agreed.")),
    "too_late": ("ground", N_("The time for this is over. Its date stands on the order.")),
    "amount_range": ("amount", N_("Ask for more than nothing and at most what is left of the price.")),
}


def get_case(session: Session, case_id: str) -> Case:
    return get_row(session, Case, case_id)


def open_case_of(session: Session, order_id: str) -> Case | None:
    return session.scalars(select(Case).where(Case.order_id == order_id, Case.state.in_(OPEN))).first()


def left_of(order: Order) -> int:
    return order.price_minor - order.refunded_minor


def open_case(
    w: Work, order: Order, *, kind: str, ground: str, words: str, amount: int = 0, photos: list[str] | None = None
) -> Case:  # fmt: skip
    """The buyer says what is wrong and what they ask for. Raises Invalid at the field, Refused for a second case."""
    if w.actor.id != order.buyer_id:
        raise Refused("buyer_asks", N_("The buyer opens a case."))
    if (same := repeats.find_open_same(w, order.id, kind=kind, ground=ground, words=words, amount=amount)) is not None:
        return same
    if open_case_of(w.session, order.id) is not None:
        raise Refused("case_open", N_("There is an open case of this order already."))
    fault = rules.fault(
        kind, ground, amount, policy=order.return_policy, received=order.received_at, after_sales=order.after_sales_until,
        warranty=order.warranty_until, left=left_of(order), now=w.now,
    )  # fmt: skip
    if fault:
        field, sentence = _FAULTS[fault]
        raise Invalid(fault, sentence, field=field) if field else Refused(fault, sentence)
    if ground != "no_reason" and not words.strip():
        raise Invalid("words_missing", N_("Say what is wrong, so that the other side can answer."), field="words")
    walk(w, ORDER, order, "claim")
    case = Case(
        id=ids.new_id(), number=next_number(w, "AS"), order_id=order.id, buyer_id=order.buyer_id, seller_id=order.seller_id,
        kind=kind, ground=ground, amount_minor=amount, granted_minor=None, currency=order.currency, opened_at=w.now,
        due_at=w.now + rules.ANSWER, ended_at=None, decided_by=None, appeal_by=None, final_by=None,
    )  # fmt: skip
    w.session.add(case)
    w.session.flush()
    say(w, case, "asked", words, photos)
    w.record("market:case:opened", case.id, order=order.id, kind=kind, ground=ground)
    _tell(w, case, case.seller_id, N_("An after-sales case was opened: %(number)s. Answer within three days."))
    return case


def say(w: Work, case: Case, what: str, words: str, photos: list[str] | None = None) -> CaseLine:
    line = CaseLine(
        id=ids.new_id(), case_id=case.id, by_id=w.actor.id if w.actor.is_person else None, what=what, words=words.strip()[:2000],
        photos=photos or [], at=w.now,
    )  # fmt: skip
    w.session.add(line)
    w.session.flush()
    return line


def state_more(w: Work, case: Case, words: str, photos: list[str] | None = None) -> None:
    """Either side, or the mediator, adds a statement while the case is open."""
    if case.state not in OPEN:
        raise Refused("case_over", N_("This case is over."))
    if not words.strip() and not photos:
        raise Invalid("words_missing", N_("Write something first."), field="words")
    say(w, case, "said", words, photos)
    for person in {case.buyer_id, case.seller_id} - {w.actor.id}:
        _tell(w, case, person, N_("Something was said in case %(number)s."))


def answer(w: Work, case: Case, accepted: bool, words: str) -> None:
    """The seller agrees or refuses with a reason."""
    _only(w, case.seller_id)
    if not accepted and not words.strip():
        raise Invalid("words_missing", N_("Say why you refuse it."), field="words")
    walk(w, CASE, case, "accept" if accepted else "refuse")
    say(w, case, "accepted" if accepted else "refused", words)
    w.record("market:case:answered", case.id, accepted=accepted)
    if not accepted:
        case.due_at = w.now + rules.REFUSED
        told = N_("The seller refused case %(number)s. Talk again, or ask for mediation within fourteen days.")
        _tell(w, case, case.buyer_id, told)
        return
    case.granted_minor = rules.most(case.kind, case.amount_minor, left_of(case.order))
    _tell(w, case, case.buyer_id, N_("The seller accepted case %(number)s."))
    if case.kind in rules.SENDS_BACK:
        case.due_at = w.now + rules.SEND_BACK
    else:
        _carry_out(w, case)


def take_back(w: Work, case: Case) -> None:
    """The seller has the thing again. A return makes it theirs; whatever could hold data has lost its clearance with the sale and
    is wiped and verified anew before it is listed."""
    _only(w, case.seller_id)
    walk(w, CASE, case, "take_back")
    order = _order(w, case)
    item = custody.locked(w, order.item_id)
    if item.owner_id == order.buyer_id:
        why = "returned" if case.kind in ("return", "exchange") else "repaired"
        custody.move(w, item, holder_kind="person", holder_id=order.seller_id, place="owner", why=why)
        if case.kind == "return":
            item.owner_id = order.seller_id
    case.due_at = w.now + rules.REFUND
    say(w, case, "back", "")
    w.record("market:case:back", case.id, item=item.id)
    _tell(w, case, case.buyer_id, N_("Case %(number)s: the thing is back with the seller."))
    if case.kind == "return":
        _carry_out(w, case)


def made_good(w: Work, case: Case) -> None:
    """The buyer has the repaired or exchanged thing in hand: settled without money."""
    _only(w, case.buyer_id)
    if case.kind not in ("repair", "exchange"):
        raise Refused("money_settles", N_("This case ends when the money is back."))
    if case.state not in ("accepted", "back"):
        CASE.next(case.state, "take_back")  # refuses it: somebody else has the word on it
    order = _order(w, case)
    item = custody.locked(w, order.item_id)
    if case.state == "back" and item.owner_id == order.buyer_id:
        custody.move(w, item, holder_kind="person", holder_id=order.buyer_id, place="buyer", why="returned")
    _settle(w, case, "")


def withdraw(w: Work, case: Case) -> None:
    _only(w, case.buyer_id)
    CASE.next(case.state, "withdraw")
    queue.lapse(w, "mediation", case.id)
    walk(w, CASE, case, "withdraw", ended_at=w.now)
    case.due_at = None
    say(w, case, "withdrawn", "")
    w.record("market:case:ended", case.id, how="withdrawn")
    closing.close_order(w, _order(w, case))


def mediate(w: Work, case: Case, words: str) -> None:
    """Either side asks for somebody who isn't involved; the buyer also when the seller didn't answer in time."""
    if w.actor.id not in (case.buyer_id, case.seller_id):
        raise Refused("not_yours", N_("The two of you ask for it."))
    if case.state == "opened" and (w.actor.id == case.seller_id or w.now < case.opened_at + rules.ANSWER):
        raise Refused("answer_first", N_("First the seller has three days to answer."))
    CASE.next(case.state, "mediate")
    queue.ask(w, "mediation", mediation_ask(case))
    walk(w, CASE, case, "mediate")
    case.due_at = None
    say(w, case, "mediation", words)
    order = _order(w, case)
    if ORDER.can(order.state, "dispute"):
        walk(w, ORDER, order, "dispute")
    w.record("market:case:mediated", case.id)
    for person in {case.buyer_id, case.seller_id} - {w.actor.id}:
        _tell(w, case, person, N_("Case %(number)s is with a mediator. State your side and add what shows it."))


def decide(w: Work, case: Case, granted: int, words: str) -> None:
    """A mediator who isn't involved decides with reasons: how much of the price goes back. Carried out after the time to appeal,
    or at once on appeal. Raises Invalid at the field, Refused for somebody involved or the same mediator twice."""
    if w.actor.id in (case.buyer_id, case.seller_id, case.decided_by):
        raise Refused("not_impartial", N_("Somebody who isn't involved decides, and on appeal another one than before."))
    if not words.strip():
        raise Invalid("words_missing", N_("Give your reasons: both sides read them."), field="words")
    if not 0 <= granted <= left_of(case.order):
        raise Invalid("amount_range", N_("From nothing to what is left of the price."), field="amount")
    case.granted_minor = granted
    if case.state == "appealed":
        queue.settle(w, "appeal", case.id, "final", words)
        case.final_by = w.actor.id
        say(w, case, "final", words)
        w.record("market:case:decided", case.id, granted=granted, final=True)
        _carry_out(w, case)
        return
    CASE.next(case.state, "decide")
    queue.settle(w, "mediation", case.id, "decided", words)
    case.decided_by = w.actor.id
    walk(w, CASE, case, "decide", decided_by=w.actor.id)
    case.due_at = w.now + rules.APPEAL
    say(w, case, "decision", words)
    w.record("market:case:decided", case.id, granted=granted, final=False)
    for person in (case.buyer_id, case.seller_id):
        _tell(w, case, person, N_("Case %(number)s was decided. Read the reasons; either side may appeal within seven days."))


def appeal(w: Work, case: Case, words: str) -> None:
    if w.actor.id not in (case.buyer_id, case.seller_id):
        raise Refused("not_yours", N_("The two of you ask for it."))
    if not words.strip():
        raise Invalid("words_missing", N_("Say what the decision overlooked."), field="words")
    if case.due_at is not None and w.now > case.due_at:
        raise Refused("appeal_late", N_("The time to appeal is over."))
    CASE.next(case.state, "appeal")
    queue.ask(w, "appeal", appeal_ask(case))
    walk(w, CASE, case, "appeal")
    case.appeal_by, case.due_at = w.actor.id, None
    say(w, case, "appeal", words)
    w.record("market:case:appealed", case.id)


def _carry_out(w: Work, case: Case) -> None:
    """Send back what was granted, and close. Nothing granted closes it without money."""
    order, granted = _order(w, case), case.granted_minor or 0
    if granted:
        paying.refund(w, order, Money(granted, case.currency), f"case/{case.id}", "after_sales")
    _settle(w, case, "")


def _settle(w: Work, case: Case, words: str) -> None:
    walk(w, CASE, case, "settle", ended_at=w.now)
    case.due_at = None
    say(w, case, "settled", words)
    w.record("market:case:ended", case.id, how="settled")
    closing.close_order(w, _order(w, case))
    for one in (case.buyer_id, case.seller_id):
        _tell(w, case, one, N_("Case %(number)s is settled."))


def run_out(w: Work) -> None:
    """Clocks: an appeal that nobody made in time lets the decision be carried out; a refusal that nobody took to a mediator
    stands; overdue answers are told to the buyer once."""
    due = or_(Case.due_at <= w.now, and_(Case.state == "refused", Case.due_at.is_(None)))
    late = select(Case).where(due, Case.state.in_(OPEN)).order_by(Case.id).with_for_update(skip_locked=True).limit(200)
    each(w, w.session.scalars(late), lambda case: _overdue(w, case))


def _overdue(w: Work, case: Case) -> None:
    if case.due_at is None:  # refused before refusals had a date
        case.due_at = w.now + rules.REFUSED
        return
    case.due_at = None
    if case.state == "decided":
        _carry_out(w, case)
    elif case.state == "refused":
        for person in (case.buyer_id, case.seller_id):
            _tell(w, case, person, N_("Nobody asked for mediation in case %(number)s in time: it stays refused and is closed."))
        _settle(w, case, "")
    elif case.state == "opened":
        _tell(w, case, case.buyer_id, N_("The seller didn't answer case %(number)s in time: you can ask for mediation."))
        late_answer = N_("You didn't answer case %(number)s in time. You still can; the buyer may ask for mediation.")
        _tell(w, case, case.seller_id, late_answer)
    else:
        for person in (case.buyer_id, case.seller_id):
            _tell(w, case, person, N_("A date of case %(number)s has passed. Go on with it, or ask for mediation."))


def _order(w: Work, case: Case) -> Order:
    return w.session.get_one(Order, case.order_id, with_for_update=True)


def _only(w: Work, person: str) -> None:
    if w.actor.id != person:
        raise Refused("not_yours", N_("The other side does this."))


def _tell(w: Work, case: Case, to: str, sentence: str) -> None:
    notify(w, to, sentence, f"/cases/{case.id}", number=case.number)
