"""Whose account a file belongs to: asked by the contact, answered with the last four signs of the paper; the shop is told only
then."""

from sqlalchemy.orm import Session

from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.queries import find_account
from core.people.visitors import held_roles
from core.work import Work
from market.channels.consignment import queries, rules
from market.channels.consignment.actions import STAFF
from market.channels.consignment.models import Consignor

NOT_ASKED = N_("This question isn't open any more, or it was asked of somebody else.")
LOCKED = N_("After five wrong answers this question is locked. Go to the shop with your paper: it helps you there.")
WORKS_THERE = N_("You work at this shop. Files of its own staff stay on paper and belong to no account: ask a colleague.")


def holder(w: Work, row: Consignor) -> str | None:
    """The account that holds the contact of an unclaimed open file, whether or not it may still answer."""
    waits = row.account_id is None and row.state == "open" and not row.contact_denied
    known = find_account(w.session, row.contact_digest or "") if waits else None
    return known.id if known else None


def why_not(session: Session, row: Consignor, account_id: str) -> str:
    """The sentence for which this holder can't confirm the file themselves, "" where they can."""
    if {(role, row.org_id) for role in STAFF} & set(held_roles(session, account_id)):
        return WORKS_THERE
    return LOCKED if row.confirm_tries >= rules.TRIES else ""


def _demand_holder(w: Work, row: Consignor) -> None:
    if holder(w, row) != w.actor.id:
        raise Forbidden("not_asked", NOT_ASKED)


def confirm(w: Work, row: Consignor, last_four: str) -> Refused | None:
    """It is me. The last four signs of the paper prove it; a wrong answer comes back as a refusal (its try must be saved), and
    after five the shop has to be asked; what isn't four signs is no try. Raises Invalid at the field, Forbidden for others, and
    Refused for the shop's own staff, for a locked question, and when another file there is theirs."""
    _demand_holder(w, row)
    if no := why_not(w.session, row, w.actor.id):
        raise Refused("cant_confirm", no)
    if any(one.org_id == row.org_id for one in queries.of_account(w.session, w.actor.id)):
        raise Refused("file_there", N_(
            "You have a file at this shop already, under another paper. Ask the shop to close one of them."
        ))  # fmt: skip
    if not rules.is_last_four(queries.plain(row.paper_no, queries.PAPER), rules.read_four(last_four)):
        row.confirm_tries += 1
        w.record("market:consignor:mistyped", row.id, by="person")
        wrong = N_(
            "These aren't the last four signs of the paper that was shown at the shop. After five tries only the shop can help."
        )
        return Invalid("four_wrong", wrong, field="last_four")
    row.account_id = w.actor.id
    w.record("market:consignor:confirmed", row.id)
    return None


def deny(w: Work, row: Consignor) -> None:
    """It isn't me: the shop is told that the contact is wrong, and nothing else."""
    _demand_holder(w, row)
    row.contact_denied = True
    w.record("market:consignor:denied", row.id)
