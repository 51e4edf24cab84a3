"""At the shop's counter: a visit for who calls or stands there, who didn't come, and visits that the shop calls off."""

from dataclasses import dataclass

from core import secrets
from core.errors import Invalid, Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.people.queries import digest_of
from core.people.rules import read_address
from core.work import Work
from market.channels.consignment.actions import CHOOSE, STAFF
from market.channels.consignment.models import Consignor
from market.channels.consignment.rules import masked_name, read_full_name, read_sought
from market.channels.consignment.visits import actions, people, queries, rules
from market.channels.consignment.visits.actions import Comer, Wanted
from market.channels.consignment.visits.models import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls or stands there, as it was typed: a file's number, or else a name and a contact."""

    file: str = ""
    name: str = ""
    contact: str = ""


def book_for(w: Work, wanted: Wanted, caller: Caller) -> Visit:
    """Staff book for somebody. Whoever has one open file here is found by the contact, too. Raises Invalid at the field, Refused
    as `actions.book`, Forbidden for who doesn't work there. Sent twice, booked once."""
    desk = actions.lock_desk(w, wanted.point_id)
    demand_role(w, desk.org_id, *STAFF)
    comer = _comer(w, desk.org_id, caller)

    def make() -> str:
        row = actions.write(w, desk, wanted, comer, by_shop=True)
        people.tell(w, row, people.BOOKED)
        return row.id

    facts = (wanted.point_id, wanted.slot, *wanted.things, comer.who)
    return queries.get_visit(w.session, done_once(w, "consignment_visit", wanted.once, make, *facts))


def _comer(w: Work, org_id: str, caller: Caller) -> Comer:
    if caller.file.strip():
        return _of_file(_file(w, org_id, caller.file))
    name = read_full_name(caller.name, "")
    contact = read_address(caller.contact)
    digest = digest_of(contact)
    file = queries.file_by_contact(w.session, org_id, digest)
    if file is not None:
        w.record("market:consignor:looked_up", file.id, by="contact", found=1)
        return _of_file(file)
    return Comer(
        who=digest, name=secrets.encrypt(name, queries.NAME), shown=masked_name(name, ""),
        contact=secrets.encrypt(contact.value, queries.CONTACT), contact_masked=contact.masked,
    )  # fmt: skip


def _file(w: Work, org_id: str, typed: str) -> Consignor:
    try:
        sought = read_sought(typed)
    except Invalid:
        sought = None
    row = queries.file_by_number(w.session, org_id, sought.number) if sought and sought.by == "number" else None
    if row is None:
        raise Invalid("file_unknown", N_("No open file of this shop has this number."), field="file")
    w.record("market:consignor:looked_up", row.id, by="number", found=1)
    return row


def _of_file(row: Consignor) -> Comer:
    return Comer(who=row.account_id or row.id, account_id=row.account_id, consignor_id=row.id)


def missed(w: Work, row: Visit) -> None:
    """Staff say that nobody came. Raises Refused before its time."""
    demand_role(w, row.org_id, *STAFF)
    if w.now < row.slot:
        raise Refused("not_yet", N_("Its time hasn't come yet. Whoever isn't coming is called off instead."))
    miss(w, row)


def miss(w: Work, row: Visit) -> None:
    actions.end(w, row, "miss", "no_show")
    people.tell(w, row, N_("You didn't come to your visit at %(shop)s (%(number)s). Book another time when it suits you."))


def call_off(w: Work, row: Visit, why: str) -> None:
    """The shop can't keep it. The person is told with the reason; who has no account is called. Raises Invalid at field `why`."""
    demand_role(w, row.org_id, *STAFF)
    if why not in rules.REASONS:
        raise Invalid("why_missing", CHOOSE, field="why")
    call_off_now(w, row, why)


def call_off_now(w: Work, row: Visit, why: str) -> None:
    actions.end(w, row, "cancel", why)
    sentence = N_("%(shop)s can't keep your visit of %(time)s (%(number)s): %(why)s. Choose another time or another point.")
    people.tell(w, row, sentence, why=rules.ENDS[why])


def see_contact(w: Work, row: Visit, why: str) -> tuple[str, str]:
    """(name, contact) in full of who has neither account nor file; recorded with the reason. Raises Invalid at field `look`,
    Refused where nothing is kept."""
    demand_role(w, row.org_id, *STAFF)
    if why not in rules.LOOKS:
        raise Invalid("why_missing", CHOOSE, field="look")
    if not row.contact:
        raise Refused("no_contact", N_("No contact is kept with this visit."))
    w.record("market:consignment_visit:contact_seen", row.id, org=row.org_id, why=why)
    return queries.name_of(row), queries.contact_of(row)
