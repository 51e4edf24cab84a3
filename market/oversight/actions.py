"""What a person says of a flag or a signal, with a reason. Nothing follows that the person didn't choose."""

from collections.abc import Mapping

from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.notices import notify
from core.ports import ItemFrozen, happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.listings.models import Listing
from market.listings.states import LISTING
from market.oversight.limits import factors
from market.oversight.models import VERDICTS, Flag, SellerSignal
from market.oversight.states import FLAG, SIGNAL

FOLLOWS = ("nothing", "frozen")
ANSWERS = ("yes", "no", "unclear")
_OWN = N_("You are part of this: a colleague decides.")
TURNOVER = "/me/turnover"


def decide_flag(w: Work, flag: Flag, upheld: bool, follow: str, reason: str) -> None:
    """`follow`: nothing | frozen (only with upheld, and only what can be frozen). Raises Forbidden for whom it is about, Invalid
    without a reason, Refused for what was decided."""
    verb = "uphold" if upheld else "dismiss"
    end = FLAG.next(flag.state, verb)
    if w.actor.id == flag.about_id:
        raise Forbidden("own_flag", _OWN)
    if follow not in FOLLOWS or (follow == "frozen" and not upheld):
        raise Invalid("follow", N_("Nothing is frozen when all is in order."), field="follow")
    listing = w.session.get_one(Listing, flag.listing_id, with_for_update=True)
    if follow == "frozen" and not LISTING.can(listing.state, "freeze"):
        raise Invalid("not_freezable", N_("It isn't on sale any more, so there is nothing to freeze."), field="follow")
    queue.settle(w, "flag", flag.id, end, reason)
    walk(w, FLAG, flag, verb, follow=follow, reason=reason.strip(), decided_by=w.actor.id, decided_at=w.now)
    w.record("market:flag:decided", flag.id, upheld=upheld, follow=follow)
    if follow == "frozen":
        happened(w, ItemFrozen(listing.item_id, "flag_upheld"))
        notify(w, listing.seller_id, N_("“%(title)s” was frozen after somebody looked at it. Write to us if that is wrong."),
               f"/listings/{listing.id}", title=listing.title)  # fmt: skip


def answer_signal(w: Work, signal: SellerSignal, answers: Mapping[str, str], verdict: str, reason: str) -> None:
    """A person has weighed it. `answers`: every factor -> yes | no | unclear. Changes nobody's kind of seller: that is the seller
    file's, with its check. Raises Invalid at the field, Forbidden for the seller, Refused for what was answered."""
    SIGNAL.next(signal.state, "answer")
    if w.actor.id == signal.account_id:
        raise Forbidden("own_signal", _OWN)
    for factor in factors()[1]:
        if answers.get(factor.code) not in ANSWERS:
            raise Invalid("factor_missing", N_("Answer every question; unclear is an answer, too."), field=factor.code)
    if verdict not in VERDICTS:
        raise Invalid("verdict_missing", N_("Choose what you make of it."), field="verdict")
    queue.settle(w, "signal", signal.id, verdict, reason)
    told = {factor.code: answers[factor.code] for factor in factors()[1]}
    walk(w, SIGNAL, signal, "answer", factors=told, verdict=verdict, reason=reason.strip(), answered_by=w.actor.id,
         answered_at=w.now)  # fmt: skip
    w.record("market:signal:answered", signal.id, account=signal.account_id, verdict=verdict)
    if verdict == "ask":
        notify(
            w,
            signal.account_id,
            N_("Your sales look like regular trade. Please tell us how you sell; see your figures."),
            TURNOVER,
        )
    elif verdict == "operator":
        notify(
            w, signal.account_id, N_("We see your sales as a business. Please register as a business seller; see why."), TURNOVER
        )


def still_open(signal: SellerSignal | None) -> SellerSignal:
    if signal is None:
        raise Refused("no_signal", N_("Nothing waits to be weighed for this seller."))
    return signal
