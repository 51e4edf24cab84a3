"""What ways between two people share: nobody holds the money, nobody is asked over the network, their own words settle it."""

from typing import ClassVar, Literal

from core.errors import Refused
from core.i18n import N_
from market.payments.contract import Asked, Begun, Facts, Holder, Move, Moved, Told

APART = N_("Only when you meet: it isn't for things that are sent.")


class BetweenPeople:
    """The payee confirms what came; a refund goes the same way back, and the payer confirms that."""

    holder: ClassVar[Holder] = "nobody"
    remote: ClassVar[bool] = False
    in_person: ClassVar[bool] = True

    def why_not(self, facts: Facts) -> str | None:
        return APART if facts.remote and not self.remote else None

    def begin(self, asked: Asked) -> Begun:
        return Begun()

    def status(self, ref: str) -> Told:
        return Told(state="open")

    def call_off(self, ref: str) -> Told:
        return Told(state="gone")

    def refund(self, move: Move) -> Moved:
        return Moved(state="underway", row=move.row)

    def release(self, move: Move) -> Moved:
        raise Refused("nobody_holds", N_("Nobody holds this money: it went from hand to hand."))

    def reverse(self, move: Move) -> Moved:
        raise Refused("nobody_holds", N_("Nobody holds this money: it went from hand to hand."))

    def find(self, kind: Literal["refund", "release", "reversal"], move: Move) -> Moved | None:
        return None
