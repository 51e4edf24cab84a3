"""The paper slip of who has no account: a code that opens a read-only page. Only its digest is kept; a new slip ends the one
before."""

from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import NotFound, Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from market.channels.consignment import actions, queries
from market.channels.consignment.models import Consignor

SIGNS = 24  # of 31 each: 118 bits


def _digest(token: str) -> str:
    return secrets.keyed_digest(token, "consignor_slip")


def make(w: Work, row: Consignor) -> str:
    """A fresh token, which can be printed now and never again."""
    demand_role(w, row.org_id, *actions.STAFF)
    actions.demand_open(row)
    token = ids.new_code(SIGNS)
    row.slip_digest, row.slip_at = _digest(token), w.now
    w.record("market:consignor:slip_made", row.id)
    return token


def end(w: Work, row: Consignor) -> None:
    demand_role(w, row.org_id, *actions.STAFF)
    if row.slip_digest is None:
        raise Refused("no_slip", N_("No slip is out for this file."))
    row.slip_digest, row.slip_at = None, None
    w.record("market:consignor:slip_ended", row.id)


def get_by_token(session: Session, token: str) -> Consignor:
    """Raises NotFound for a token that never was, or ended."""
    found = queries.find_by_slip(session, _digest(token))
    if found is None:
        raise NotFound()
    return found
