"""Somebody who isn't involved decides, with reasons; once more on appeal, by another one."""

from core.errors import Invalid, Refused
from core.goods.models import Item
from core.i18n import N_
from core.people.acting import acting_as, works_at
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import undelivered_rules
from market.aftersales.ending import carry_out
from market.aftersales.models import Case
from market.aftersales.saying import answer_until, left_of, note_passed_on, order_of, say, sides, tell
from market.aftersales.states import CASE
from market.aftersales.waits import appeal_ask, mediation_ask
from market.orders.replacing import thing_of
from market.orders.states import ORDER

ANSWER_FIRST = (N_("First the seller has three days to answer."), N_("First the seller has seven days to ask the carrier."))
OTHER_FIRST = N_("First the other side has three days to answer.")


def mediate(w: Work, case: Case, words: str) -> None:
    """Either side asks for somebody who isn't involved; who asked also when the other side didn't answer in time."""
    me = acting_as(w, *sides(case))
    if me not in sides(case):
        raise Refused("not_yours", N_("The two of you ask for it."))
    if case.state == "opened" and (me == case.answers_id or w.now < answer_until(case)):
        raise Refused("answer_first", OTHER_FIRST if case.by_giver else ANSWER_FIRST[case.kind == "undelivered"])
    CASE.next(case.state, "mediate")
    queue.ask(w, "mediation", mediation_ask(case))
    walk(w, CASE, case, "mediate")
    case.due_at = None
    say(w, case, "mediation", words)
    order = order_of(w, case)
    if ORDER.can(order.state, "dispute"):
        walk(w, ORDER, order, "dispute")
    w.record("market:case:mediated", case.id)
    for person in set(sides(case)) - {me}:
        tell(w, case, person, N_("Case %(number)s is with a mediator. State your side and add what shows it."))


def decide(w: Work, case: Case, granted: int, words: str, *, outcome: str = "") -> None:
    """A mediator who isn't involved decides with reasons: how much of the price goes back. Carried out after the time to appeal,
    or at once on appeal. `outcome`: what became of a parcel, or
    `return_first`: the thing, then the money.

    Raises Invalid at the field, Refused for somebody involved or the same mediator twice."""
    if w.actor.id in (case.decided_by, case.final_by) or any(_belongs_to(w, one) for one in sides(case)):
        raise Refused("not_impartial", N_("Somebody who isn't involved decides, and on appeal another one than before."))
    if not words.strip():
        raise Invalid("words_missing", N_("Give your reasons: both sides read them."), field="words")
    if not 0 <= granted <= left_of(case.order):
        raise Invalid("amount_range", N_("From nothing to what is left of the price."), field="amount")
    if (case.kind == "undelivered") != (outcome in undelivered_rules.OUTCOMES):
        raise Refused("other_decision", N_("A case about a parcel is decided by what became of it, any other by an amount."))
    if outcome == "return_first" and not _can_go_back(w, case, granted):
        no = N_("It goes back for money, or where none was paid, and only while the buyer has it.")
        raise Invalid("nothing_for_it", no, field="return_first")
    case.granted_minor, case.outcome = granted, outcome
    note_passed_on(w, case)
    if case.state == "appealed":
        queue.settle(w, "appeal", case.id, "final", words)
        case.final_by = w.actor.id
        say(w, case, "final", words)
        w.record("market:case:decided", case.id, granted=granted, final=True)
        carry_out(w, case)
        return
    CASE.next(case.state, "decide")
    queue.settle(w, "mediation", case.id, "decided", words)
    case.decided_by = w.actor.id
    walk(w, CASE, case, "decide", decided_by=w.actor.id)
    case.due_at = w.now + rules.APPEAL
    say(w, case, "decision", words)
    w.record("market:case:decided", case.id, granted=granted, final=False)
    for person in (case.buyer_id, case.seller_id):
        tell(w, case, person, N_("Case %(number)s was decided. Read the reasons; either side may appeal within seven days."))


def _belongs_to(w: Work, side: str) -> bool:
    """Is the mediator this side, or of the people of its house?"""
    return w.actor.id == side or works_at(w.session, w.actor.id, side)


def _can_go_back(w: Work, case: Case, granted: int) -> bool:
    order = order_of(w, case)
    paid_for = granted > 0 or order.is_free
    return paid_for and w.session.get_one(Item, thing_of(w.session, order)).owner_id == order.buyer_id


def appeal(w: Work, case: Case, words: str) -> None:
    me = acting_as(w, *sides(case))
    if me not in sides(case):
        raise Refused("not_yours", N_("The two of you ask for it."))
    if not words.strip():
        raise Invalid("words_missing", N_("Say what the decision overlooked."), field="words")
    if case.due_at is not None and w.now > case.due_at:
        raise Refused("appeal_late", N_("The time to appeal is over."))
    CASE.next(case.state, "appeal")
    queue.ask(w, "appeal", appeal_ask(case))
    walk(w, CASE, case, "appeal")
    case.appeal_by, case.due_at = me, None
    say(w, case, "appeal", words)
    w.record("market:case:appealed", case.id)
