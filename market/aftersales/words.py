"""The words of a case as pages show them: what is asked for, why, who did what, what became of a parcel."""

from typing import Final

from core.i18n import N_
from core.states import State
from market.aftersales.case_rules import MONEY
from market.aftersales.end_words import ENDS, end_of
from market.aftersales.models import Case
from market.aftersales.states import CASE

KIND_WORDS = {
    "return": N_("Bring it back and get the money back"), "repair": N_("Have it repaired"), "exchange": N_("Have it exchanged"),
    "refund": N_("Keep it and get part of the money back"), "compensation": N_("Be compensated"),
}  # fmt: skip
GROUND_WORDS = {
    "no_reason": N_("No reason (seven days)"), "not_as_told": N_("It isn't as it was told"),
    "broken": N_("It broke or doesn't work"), "missing": N_("Something is missing"),
    "wipe": N_("Somebody's data or account is on it"),
}  # fmt: skip
FREE_KINDS: Final = {
    "gift": {"return": N_("Give the thing back")}, "swap": {"return": N_("Give it back, and get back what was given for it")},
}  # fmt: skip
"""What else a kind is called where nothing was paid; what is about money can't be asked for there."""

PARCEL_KIND_FREE = N_("That the parcel comes, or that it is clear that it doesn't")
HALF_KIND = N_("That this half of the swap comes back to who gave it")
ALL_KINDS = {**KIND_WORDS, "undelivered": N_("That the parcel comes, or all the money goes back")}
ALL_GROUNDS = {
    **GROUND_WORDS, "not_arrived": N_("The parcel hasn't come"), "came_back": N_("The carrier brought it back to the seller"),
    "half_missing": N_("The other half of the swap never came"), "half_back": N_("The other half of the swap went back"),
}  # fmt: skip
LINE_WORDS = {
    "asked": N_("asks"), "said": N_("says"), "accepted": N_("accepts"), "refused": N_("refuses"), "back": N_("has it back"),
    "mediation": N_("asks for mediation"), "decision": N_("decides"), "appeal": N_("appeals"), "final": N_("decides, finally"),
    "settled": N_("settled"), "withdrawn": N_("withdraws"), "proof": N_("shows that it was delivered"),
    "arrived": N_("it came"), "lost": N_("it counts as lost"), "came_back": N_("it came back undelivered"),
    "sent_back": N_("has sent it back"), "chosen": N_("gives this instead"), "let_go": N_("doesn't give this any more"),
    "agreed": N_("takes it on what is told of it"), "shipped": N_("has given it to the carrier"),
    "not_taken": N_("answered no at the check of"), "passed_on": N_("it was passed on and can't come back"),
}  # fmt: skip
PARCEL_LINES = {
    "asked": N_("tells"), "accepted": N_("agrees that it is lost"), "withdrawn": N_("waits on"), **{
        one: LINE_WORDS[one] for one in ("proof", "arrived", "lost", "came_back")
    },
}  # fmt: skip
"""How the same lines read where the case is about a parcel."""

RETURN_FIRST = State(
    N_("Goes back first"), "info",
    N_(
        "It was decided that the thing goes back, then the money. The buyer sends it back until the date and shows how; the "
        "seller says that it is there. Without either, no money goes back."
    ),
)  # fmt: skip
"""How `accepted` reads where a mediator decided it."""

RETURN_FIRST_FREE = State(
    N_("To be given back"), "info",
    N_(
        "It was decided that the thing goes back to who gave it. Whoever has it sends it back until the date and shows how; the "
        "other side says that it is there."
    ),
)  # fmt: skip
"""... and where nothing was paid."""

PASSED_ON = N_(
    "It belongs to somebody else by now, so it can't come back. Agree on what makes up for it and settle that directly; nothing "
    "of it is in this market's books. If you can't agree, ask for mediation."
)
"""What both sides of a half that is owed back read once who had it has passed it on."""

HALF_STATES: Final = {
    "opened": State(
        N_("Waits for the other side"), "info",
        N_(
            "They hand over the other half, agree to give this one back, or say within three days why not. After that who asked "
            "can ask for mediation. If the other half is handed over, this is settled by itself."
        ),
    ),
    "accepted": State(
        N_("To be given back"), "info",
        N_("This half is brought or sent back within seven days; who gave it says here that it is there."),
    ),
    "refused": State(
        N_("Refused by the other side"), "warn", N_("Talk again, or ask for mediation within fourteen days; then it is closed."),
    ),
}  # fmt: skip
"""How states read where the giver of a half of a swap asks for it back."""

EXCHANGE_STATES: Final = {
    "accepted": State(
        N_("Accepted"), "good",
        N_("The seller chooses what the buyer gets instead. The buyer brings the old one within seven days."),
    ),
    "back": State(
        N_("The thing is back"), "info",
        N_("The old one is with the seller, who chooses what the buyer gets instead."),
    ),
}  # fmt: skip
CHOSEN_STATES: Final = {
    "accepted": State(
        N_("Accepted"), "good",
        N_("The seller has chosen what the buyer gets instead. The buyer brings the old one within seven days."),
    ),
    "back": State(
        N_("The thing is back"), "info",
        N_("The old one is with the seller. The buyer gets what was chosen, in person with a check, or by parcel."),
    ),
}  # fmt: skip
"""How the states of an exchange read before and after something was chosen."""

SENT_INSTEAD: Final = State(
    N_("With the carrier"), "info",
    N_(
        "What was chosen is with the carrier. The buyer says here that they have it; without a word it counts as received on the "
        "date. If it doesn't come, ask for mediation before that: the date stands still then."
    ),
)  # fmt: skip
"""... and while it is with the carrier."""

REPAIR_STATES: Final = {
    "accepted": State(
        N_("Accepted"), "good", N_("The seller agrees. The buyer brings it within seven days, and gets it back made good."),
    ),
    "back": State(
        N_("At the seller's for repair"), "info",
        N_("The seller makes it good. The buyer says here when they have it back. No money moves."),
    ),
}  # fmt: skip

HAVE_IT_BACK: Final = {
    "exchange": N_("You have the old one in your hands again? The buyer then gets what you give instead; no money moves."),
    "repair": N_("You have the thing in your hands? You then make it good and give it back; no money moves."),
    "free": N_("You have the thing in your hands again?"),
    "money": N_("You have the thing in your hands again? What is owed is paid back then."),
}
"""What the seller is asked before saying that it is back, by what follows."""

_SIDED: Final = {
    "accepted": (N_("The seller accepted case %(number)s."), N_("The other side accepted case %(number)s.")),
    "refused": (
        N_("The seller refused case %(number)s. Talk again, or ask for mediation within fourteen days."),
        N_("The other side refused case %(number)s. Talk again, or ask for mediation within fourteen days."),
    ),
    "unanswered": (
        N_("The seller didn't answer case %(number)s in time: you can ask for mediation."),
        N_("The other side didn't answer case %(number)s in time: you can ask for mediation."),
    ),
    "late_answer": (
        N_("You didn't answer case %(number)s in time. You still can; the buyer may ask for mediation."),
        N_("You didn't answer case %(number)s in time. You still can; the other side may ask for mediation."),
    ),
}


def sided(case: Case, what: str) -> str:
    """English for gettext: who answers is the seller, or the one who has the half that its giver asks back."""
    return _SIDED[what][case.by_giver]


def kinds_for(order_kind: str) -> dict[str, str]:
    """What a buyer can ask for: code -> words. Nothing about money where none was paid."""
    if order_kind == "sale":
        return KIND_WORDS
    free = {code: words for code, words in KIND_WORDS.items() if code not in MONEY}
    return {**free, **FREE_KINDS[order_kind]}


def kind_words(case: Case) -> str:
    """What is asked for in this case; English for gettext."""
    if case.by_giver:
        return HALF_KIND
    if case.kind == "undelivered" and case.order.is_free:
        return PARCEL_KIND_FREE
    return FREE_KINDS.get(case.order.kind, {}).get(case.kind, ALL_KINDS[case.kind])


def state_of(case: Case) -> State:
    """The state of a case as its two sides read it."""
    if case.state == "accepted" and case.outcome == "return_first":
        return RETURN_FIRST_FREE if case.order.is_free else RETURN_FIRST
    return _states(case).get(case.state, CASE[case.state])


def _states(case: Case) -> dict[str, State]:
    if case.by_giver:
        return HALF_STATES
    if case.kind == "exchange":
        return CHOSEN_STATES if case.replacement_id is not None else EXCHANGE_STATES
    return REPAIR_STATES if case.kind == "repair" else {}


def have_it_back(case: Case) -> str:
    """What the seller is asked before they say that the thing is back; English for gettext."""
    if case.outcome != "return_first" and case.kind in ("exchange", "repair"):
        return HAVE_IT_BACK[case.kind]
    return HAVE_IT_BACK["free" if case.order.is_free else "money"]


OUTCOME_WORDS = {
    "arrived": N_("It arrived. Nothing goes back; the buyer has the usual time to look at it."),
    "lost": N_("It is lost. All of the price goes back."),
    "came_back": N_("It came back to the seller undelivered. All of the price goes back."),
}
PARCEL_HELP = {
    "opened": N_(
        "No held money is paid out while the parcel is looked for. The seller asks the carrier and shows that it was "
        "delivered, or agrees that it is lost. Without an answer until the date it counts as lost, and the whole price goes back."
    ),
    "refused": N_(
        "The seller shows that it was delivered. The buyer says that it is here, waits on, or asks for mediation until the date; "
        "after it the parcel counts as received."
    ),
    "mediation": N_("Both sides say what they know; a mediator decides what became of the parcel, with reasons."),
    "settled": N_("It is clear what became of the parcel."),
    "withdrawn": N_("The buyer waits on; the date on which it counts as received runs on with what was left of it."),
}
"""What a state means where the case is about a parcel."""

OUTCOMES_FREE = {
    "arrived": N_("It arrived. The usual time to look at it begins."), "lost": N_("It is lost. Nothing was paid for it."),
    "came_back": N_("It came back to who sent it. Nothing was paid for it."),
}  # fmt: skip
HELP_FREE = {
    **PARCEL_HELP,
    "opened": N_(
        "Who sent it asks the carrier and shows that it was delivered, or agrees that it is lost. Without an answer until the "
        "date it counts as lost."
    ),
    "refused": N_(
        "It is shown that it was delivered. Who was to get it says that it is here, waits on, or asks for mediation until the "
        "date; after it the parcel counts as received."
    ),
    "withdrawn": N_("Who gets it waits on; the date on which it counts as received runs on with what was left of it."),
}
"""The same where nothing was paid: a gift, a half of a swap."""


def outcomes_of(case: Case) -> dict[str, str]:
    """What can have become of a parcel, as its two sides read it; English for gettext."""
    return OUTCOMES_FREE if case.order.is_free else OUTCOME_WORDS


def help_of(case: Case, other_came: bool = False) -> str:
    """What the state of a case means to its two sides; English for gettext. `other_came`: as end_of has it."""
    if case.kind != "undelivered":
        return ENDS[end_of(case, other_came)] if case.state == "settled" else state_of(case).help
    return (HELP_FREE if case.order.is_free else PARCEL_HELP).get(case.state, state_of(case).help)
