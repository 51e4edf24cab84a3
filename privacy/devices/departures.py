"""In which ways a thing leaves its recorded custody, and why. Pure: codes with their sentences.

Source: the issue's list of what raises the custody epoch; the reasons are this house's own, a closed list, so that no name and no
free text about a person gets into the register."""

from typing import Final

from core.i18n import N_

WAYS: Final = {
    "repaired": N_("Given away for repair"),
    "loaned": N_("Lent to somebody"),
    "returned": N_("Brought back by a buyer"),
    "released_unsealed": N_("Handed back to its owner without a seal"),
}
# what its owner may say alone; the other two happen at a counter
OWNERS: Final = ("repaired", "loaned")
REASONS: Final = {
    "repaired": {
        "screen": N_("Screen or case"),
        "battery": N_("The battery"),
        "board": N_("Mainboard or storage"),
        "part": N_("Another part"),
    },
    "loaned": {
        "trial": N_("Somebody tries it at home before buying"),
        "event": N_("It is shown at a market or an event"),
        "stand_in": N_("It stands in for another device"),
    },
    "returned": {
        "changed_mind": N_("The buyer changed the mind"),
        "not_as_described": N_("It isn't as described"),
        "warranty": N_("It failed and comes back under warranty"),
        "not_collected": N_("It wasn't collected or not accepted"),
    },
    "released_unsealed": {
        "owner_wish": N_("Its owner wants it back"),
        "unsold": N_("It didn't sell"),
        "no_bag": N_("There is no numbered bag at hand"),
    },
}
ENDS: Final = N_(
    "Told before it is done: its custody epoch rises, a clearance or a wipe under way ends, a listing comes down and a "
    "reservation is stopped. It is wiped again before it is sold."
)


def reason_known(what: str, reason: str) -> bool:
    return reason in REASONS.get(what, {})
