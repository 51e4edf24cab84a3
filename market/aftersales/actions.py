"""A case from its opening to its end: asked, answered, brought back, paid back; mediated, decided, appealed.

Money goes by the order's own payment, never by a way of its own. What goes back has lost its clearance: whatever could hold data
is wiped and verified anew before it is listed."""

from core.errors import Invalid, Refused
from core.goods import custody
from core.i18n import N_
from core.people.acting import acting_as
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import closing, parcels, repeats
from market.aftersales.closing import settle
from market.aftersales.ending import carry_out, end_parcel, run_out, taken_back
from market.aftersales.mediating import appeal, decide, mediate
from market.aftersales.models import Case
from market.aftersales.saying import (
    answer_until,
    get_case,
    left_of,
    not_a_parcel,
    only,
    open_case_of,
    order_of,
    passed_on,
    put_down,
    say,
    sides,
    tell,
)
from market.aftersales.states import CASE, OPEN
from market.aftersales.words import PASSED_ON, sided
from market.orders.models import Order
from market.orders.replacing import thing_of, went_back
from market.orders.states import ORDER

__all__ = [
    "answer", "answer_until", "appeal", "decide", "end_parcel", "get_case", "left_of", "made_good", "mediate", "only",
    "open_case", "open_case_of", "put_down", "run_out", "say", "sent_back", "state_more", "take_back", "tell", "withdraw",
]  # fmt: skip
_FAULTS = {
    "kind_unknown": ("kind", N_("Choose what you ask for, and why.")),
    "not_received": ("", N_("It isn't handed over yet: stop it at the check, or call it off.")),
    "no_reason_is_return": ("kind", N_("Without a reason it can be brought back, nothing else.")),
    "no_reason_not_owed": ("ground", N_("A return without a reason isn't owed for this order: see what was agreed.")),
    "too_late": ("ground", N_("The time for this is over. Its date stands on the order.")),
    "nothing_paid": ("kind", N_("Nothing was paid for it, so no money can go back. Choose something else.")),
    "amount_range": ("amount", N_("Ask for more than nothing and at most what is left of the price.")),
}
SENT_BACK = N_(
    "Case %(number)s: the buyer has sent it back. Say within seven days that you have it, or ask for mediation. "
    "Without either it counts as back."
)


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
    if went_back(w.session, order):
        raise Refused("given_back", N_("It went back to its seller, so there is nothing more to put right."))
    fault = rules.fault(
        kind, ground, amount, policy=order.return_policy, received=order.received_at, after_sales=order.after_sales_until,
        warranty=order.warranty_until, left=left_of(order), now=w.now, paid=not order.is_free,
    )  # fmt: skip
    if fault:
        field, sentence = _FAULTS[fault]
        raise Invalid(fault, sentence, field=field) if field else Refused(fault, sentence)
    if ground != "no_reason" and not words.strip():
        raise Invalid("words_missing", N_("Say what is wrong, so that the other side can answer."), field="words")
    walk(w, ORDER, order, "claim")
    case = put_down(w, order, kind, ground, amount, rules.ANSWER)
    say(w, case, "asked", words, photos)
    tell(w, case, case.seller_id, N_("An after-sales case was opened: %(number)s. Answer within three days."))
    return case


def state_more(w: Work, case: Case, words: str, photos: list[str] | None = None) -> None:
    """Either side, or the mediator, adds a statement while the case is open."""
    if case.state not in OPEN:
        raise Refused("case_over", N_("This case is over."))
    if not words.strip() and not photos:
        raise Invalid("words_missing", N_("Write something first."), field="words")
    say(w, case, "said", words, photos)
    for person in {case.buyer_id, case.seller_id} - {acting_as(w, *sides(case))}:
        tell(w, case, person, N_("Something was said in case %(number)s."))


def answer(w: Work, case: Case, accepted: bool, words: str) -> None:
    """The other side, the seller of a sale, agrees or refuses with a reason."""
    only(w, case, case.answers_id)
    not_a_parcel(case)
    if not accepted and not words.strip():
        raise Invalid("words_missing", N_("Say why you refuse it."), field="words")
    walk(w, CASE, case, "accept" if accepted else "refuse")
    say(w, case, "accepted" if accepted else "refused", words)
    w.record("market:case:answered", case.id, accepted=accepted)
    if not accepted:
        case.due_at = w.now + rules.REFUSED
        tell(w, case, case.asked_by, sided(case, "refused"))
        return
    case.granted_minor = rules.most(case.kind, case.amount_minor, left_of(case.order))
    tell(w, case, case.asked_by, sided(case, "accepted"))
    if case.kind in rules.SENDS_BACK:
        case.due_at = w.now + rules.SEND_BACK
    else:
        carry_out(w, case)


def take_back(w: Work, case: Case) -> None:
    """The seller has the thing again; said by nobody else."""
    only(w, case, case.seller_id)
    not_a_parcel(case)
    if passed_on(w.session, case):
        raise Refused("passed_on", PASSED_ON)
    taken_back(w, case)


def sent_back(w: Work, case: Case, words: str, photos: list[str] | None = None) -> None:
    """The buyer has brought or sent it back, as was decided: what shows it in words or as a photo. From now on the seller has
    seven days to say that it is there, or to ask for mediation. Raises Invalid at the field, Refused else."""
    only(w, case, case.buyer_id)
    if passed_on(w.session, case):
        raise Refused("passed_on", PASSED_ON)
    if not (case.outcome == "return_first" or case.by_giver) or case.state != "accepted":
        raise Refused("nothing_to_send", N_("Nothing was decided that has to go back now."))
    if not words.strip() and not photos:
        raise Invalid("proof_missing", N_("Show how it went back: the carrier and number, or who took it."), field="words")
    say(w, case, "sent_back", words, photos)
    case.due_at = w.now + rules.REFUND
    w.record("market:case:sent_back", case.id)
    tell(w, case, case.seller_id, SENT_BACK)


def made_good(w: Work, case: Case) -> None:
    """The buyer has the repaired thing in hand: settled without money. An exchange ends by what is given
    (exchanging); so long as nothing is chosen its buyer may also say that they have their own one back."""
    only(w, case, case.buyer_id)
    own_back = case.kind == "exchange" and case.state == "back" and case.replacement_id is None
    if case.kind != "repair" and not own_back:
        raise Refused("other_end", N_("This case ends when the money is back, or with what is given instead."))
    if case.state not in ("accepted", "back"):
        CASE.next(case.state, "take_back")  # refuses it: somebody else has the word on it
    order = order_of(w, case)
    item = custody.locked(w, thing_of(w.session, order))
    if case.state == "back" and item.owner_id == order.buyer_id:
        custody.move(w, item, holder_kind="person", holder_id=order.buyer_id, place="buyer", why="returned")
    settle(w, case, "")


def withdraw(w: Work, case: Case) -> None:
    """Who asked takes it back; the giver of a half lets the other side keep it, or has what was owed."""
    only(w, case, case.asked_by)
    CASE.next(case.state, "withdraw")
    queue.lapse(w, "mediation", case.id)
    walk(w, CASE, case, "withdraw", ended_at=w.now)
    case.due_at = None
    say(w, case, "withdrawn", "")
    w.record("market:case:ended", case.id, how="withdrawn")
    closing.free_choice(w, case)
    parcels.wait_on(w, case, order_of(w, case))
    closing.close_order(w, order_of(w, case))


