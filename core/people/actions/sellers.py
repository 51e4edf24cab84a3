"""The seller file: what the platform checked about a seller, and when it must look again."""

from core import ids
from core.i18n import N_
from core.people.models import SellerFile
from core.people.notices import notify
from core.people.rules import RECHECK_MONTHS, check_seller_kind, months_later
from core.people.sellers import find_seller_file
from core.queue import actions as queue
from core.work import Work


def record_check(
    w: Work,
    *,
    account_id: str | None,
    org_id: str | None,
    kind: str,
    allowed: tuple[str, ...],
    licence_no: str,
) -> SellerFile:
    """Write down that the platform checked this person or organisation today. Raises Invalid for a
    kind that doesn't fit
    or a business without its licence."""
    licence_no = check_seller_kind(kind, allowed, licence_no)
    row = find_seller_file(w.session, account_id, org_id)
    if row is None:
        row = SellerFile(id=ids.new_id(), account_id=account_id, org_id=org_id)
        w.session.add(row)
    elif w.actor.is_person and queue.find_open(w.session, "seller_check", row.id):
        queue.settle(w, "seller_check", row.id, "checked", f"{kind} {licence_no}".strip())
    row.kind, row.licence_no, row.verified_by = kind, licence_no, w.actor.id
    row.verified_at, row.next_check_at = w.now, months_later(w.now, RECHECK_MONTHS)
    w.record("core:seller:checked", str(org_id or account_id), kind=kind)
    if account_id:
        notify(w, account_id, N_("The platform checked your details as a seller."), "/me/settings")
    return row
