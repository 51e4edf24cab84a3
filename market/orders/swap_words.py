"""How a swap reads for one of its two sides: who has to answer, and, once it was agreed, how far the two halves are."""

from typing import Final

from core.i18n import N_
from core.states import State
from market.orders.both_halves import has_gone
from market.orders.models import Order
from market.orders.queries import GIVEN_BACK, is_in_transit
from market.orders.states import ENDED
from market.orders.swapping import SWAP

TO_ANSWER = State(N_("Proposed"), "info", N_("It is for you to agree or to decline."))
"""How `proposed` reads for who answers."""

AGREED: Final = {
    "reserved": SWAP["agreed"],
    "half_ordered": State(N_("Agreed"), "good", N_("One half is ordered. The other one is still to be read and confirmed.")),
    "ordered": State(N_("Agreed"), "good", N_("Both halves are ordered. Now both things are handed over or sent.")),
    "under_way": State(N_("Agreed"), "good", N_("At least one half is on its way; its order says how far it is.")),
    "half_gone": State(N_("Half of it is done"), "info", N_("One half is handed over. The other one is still to come.")),
    "done": State(N_("Swapped"), "good", N_("Both things have changed hands.")),
    "half_owed": State(
        N_("Half of it is done"), "warn", N_("One half was given and the other one doesn't come: what was given is owed back."),
    ),
    "off": State(N_("Fell through"), "neutral", N_("It didn't come about. The two orders say how each half ended.")),
}  # fmt: skip
"""How `agreed` reads by where the two things are."""


def state_for(state: str, i_answer: bool, halves: list[Order]) -> State:
    """A swap as one side reads it. `i_answer`: it is theirs to answer; `halves`: its two orders, none before it was agreed."""
    if state == "proposed" and i_answer:
        return TO_ANSWER
    return AGREED[how_far(*halves)] if state == "agreed" and len(halves) == 2 else SWAP[state]


def how_far(one: Order, other: Order) -> str:
    """A code of AGREED."""
    both = (one, other)
    gone = sum(has_gone(half) for half in both)
    if gone == 2:
        return "done"
    if any(half.state in ENDED or half.ended_why == GIVEN_BACK for half in both):
        return "half_owed" if gone or any(is_in_transit(half) for half in both) else "off"
    if any(is_in_transit(half) for half in both):
        return "under_way"
    if gone:
        return "half_gone"
    ordered = sum(half.contract_at is not None for half in both)
    return ("reserved", "half_ordered", "ordered")[ordered]
