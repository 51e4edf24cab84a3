"""The consignor signs: on the shop's screen before a clerk, or at home with the account that is linked to the file."""

from dataclasses import dataclass

from core import secrets
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.states import walk
from core.work import Work
from market.channels.consignment.agreements import queries, signature_rules
from market.channels.consignment.agreements.access import DESK
from market.channels.consignment.agreements.actions import AGREED, not_own, tell, tell_shop
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.states import AGREEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """`how`: drawn (`drawn`: strokes as JSON), typed (`name`), account; `language`: of the text that was read."""

    how: str
    language: str
    agreed: bool
    drawn: str = ""
    name: str = ""


def sign_here(w: Work, row: Agreement, signed: Signed, once: str = "") -> None:
    """At the counter, before a clerk: drawn, or typed and ticked. Raises Invalid at `drawn`, `name` or `agreed`."""
    demand_role(w, row.org_id, *DESK)
    not_own(w, row.consignor)
    if signed.how not in ("drawn", "typed"):
        raise Invalid("how", N_("Sign in the box, or type the name."), field="drawn")
    done_once(w, "consignment_signature", once, lambda: _sign(w, row, signed, w.actor.id), row.id)


def sign_at_home(w: Work, row: Agreement, signed: Signed, once: str = "") -> None:
    """By the account that is linked to the file. Raises Forbidden for anybody else's."""
    if row.consignor.account_id != w.actor.id:
        raise Forbidden()
    done_once(w, "consignment_signature", once, lambda: _sign(w, row, signed, None), row.id)


def _sign(w: Work, row: Agreement, signed: Signed, taken_by: str | None) -> str:
    AGREEMENT.next(row.state, "sign")
    if not signed.agreed:
        raise Invalid("not_agreed", AGREED, field="agreed")
    if row.consignor.state != "open":
        raise Refused("file_closed", N_("The consignor's file is closed."))
    mark = _mark(row, signed)
    digest = secrets.keyed_digest(mark, queries.SIGNATURE)
    row.shown_in = signed.language if signed.language in ("zh", "en") else "zh"
    walk(
        w, AGREEMENT, row, "sign", signed_at=w.now, signed_how=signed.how, signature=secrets.encrypt(mark, queries.SIGNATURE),
        signature_digest=digest, taken_by=taken_by,
    )  # fmt: skip
    w.record("market:consignment_agreement:signed", row.id, digest=row.digest, signature=digest, how=signed.how)
    if taken_by is None:
        tell_shop(w, row, N_("The consignor of file %(file)s signed the consignment agreement %(number)s at home."))
    tell(w, row, N_("Your consignment agreement with %(shop)s is signed (%(number)s). You can read and print it at any time."))
    return row.id


def _mark(row: Agreement, signed: Signed) -> str:
    """What is kept as the signature. A typed name is the one in the file: nobody signs for somebody else by mistake."""
    if signed.how == "drawn":
        return signature_rules.compact(signature_rules.read_strokes(signed.drawn))
    parties = queries.parties_of(row)
    name = parties.consignor if parties else ""
    if signed.how == "typed" and _plain(signed.name) != _plain(name):
        raise Invalid("other_name", N_("Type the full name as it stands in the agreement."), field="name")
    return name


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
