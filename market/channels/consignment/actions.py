"""What is done with a consignor's file: opened at the counter, looked up, shown in full, changed, closed and opened again."""

from dataclasses import dataclass, replace
from datetime import datetime

from core import ids
from core.clock import local
from core.db import get_locked
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.people.queries import digest_of, find_account
from core.people.rules import Address
from core.people.visitors import held_roles
from core.states import walk
from core.work import Work
from market.channels.consignment import attached, queries, rules
from market.channels.consignment.models import Consignor
from market.channels.consignment.rules import Paper, Sought
from market.channels.consignment.states import CONSIGNOR
from market.shops.standing import demand_takes_goods

STAFF = ("shop_clerk", "shop_manager")
CHOOSE = N_("Choose one of the answers offered.")
ACCOUNT = N_("A transfer needs the number of an account or card.")
IS_IT_YOU = N_("%(shop)s opened a file for goods that you bring to be sold. Is this you? Please confirm it or say no.")
CHANGED = N_("%(shop)s changed your contact or address in file %(number)s. If that is wrong, tell the shop.")
PAID_ANEW = N_("%(shop)s changed how you are paid for what you bring (file %(number)s). If that is wrong, tell the shop.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the consignor wants. `account`: in plain as read by `rules.read_account`, "" keeps the one that is there."""

    payout: str = "cash"
    account: str = ""
    no_discount: bool = False
    donate_unsold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown and said at the counter. `of_age`: the clerk read the birthday on a paper whose number doesn't tell it."""

    name: str
    paper: Paper
    contact: Address
    address: str = ""
    of_age: bool = False
    choices: Choices = Choices()
    once: str = ""


def open_file(w: Work, org_id: str, shown: Shown) -> tuple[Consignor, bool]:
    """Open a file, or find the one that this paper has here already (then False; a closed one is opened again, nothing typed is
    taken over). Raises Invalid at the field, Forbidden for who doesn't work there, Refused while the shop takes no goods. Sent
    twice, opened once."""
    demand_role(w, org_id, *STAFF)
    demand_takes_goods(w.session, org_id, w.now)
    rules.check_age(shown.paper, local(w.now).date(), shown.of_age)
    name = rules.read_full_name(shown.name, shown.paper.kind)
    if len(shown.address.strip()) > 200:
        raise Invalid("address_long", N_("An address has at most 200 characters."), field="address")
    get_locked(w.session, Organisation, org_id)  # two clerks at once: the files are numbered one after the other
    there, new = queries.find_by_paper(w.session, org_id, shown.paper), []

    def make() -> str:
        row = _write(w, org_id, replace(shown, name=name)) if there is None else there
        new.append(there is None)
        if row.state == "closed":
            reopen(w, row)
        return row.id

    found = done_once(w, "consignor_file", shown.once, make, org_id, queries.paper_digest(shown.paper))
    return queries.get_consignor(w.session, found), not new or new[0]


def _write(w: Work, org_id: str, shown: Shown) -> Consignor:
    digest = digest_of(shown.contact)
    _demand_not_own(w, digest)
    row = Consignor(
        id=ids.new_id(), org_id=org_id, number=rules.file_number(queries.count(w.session, org_id) + 1), account_id=None,
        name=queries.sealed(shown.name, queries.NAME), shown=rules.masked_name(shown.name, shown.paper.kind),
        paper_kind=shown.paper.kind, paper_no=queries.sealed(shown.paper.number, queries.PAPER),
        paper_digest=queries.paper_digest(shown.paper), paper_masked=shown.paper.masked,
        contact=queries.sealed(shown.contact.value, queries.CONTACT), contact_digest=digest, contact_masked=shown.contact.masked,
        contact_denied=False, confirm_tries=0, address=queries.sealed(shown.address.strip(), queries.ADDRESS),
        paper_seen_by=w.actor.id, paper_seen_at=w.now, payout="cash", payout_account="", payout_masked="", slip_digest=None,
        slip_at=None, state="open", opened_by=w.actor.id, opened_at=w.now, closed_at=None,
    )  # fmt: skip
    _set_choices(row, shown.choices)
    w.put(row)
    w.record("market:consignor:opened", row.id, org=org_id, paper=row.paper_kind, payout=row.payout)
    _ask(w, row)
    return row


def _demand_not_own(w: Work, digest: str) -> None:
    """Nobody writes their own contact into a file: they would confirm it themselves. Raises Invalid at the field."""
    known = find_account(w.session, digest)
    if known is not None and known.id == w.actor.id:
        own = N_("This contact is your own. A colleague looks at your paper and keeps your file.")
        raise Invalid("own_file", own, field="contact")


def _ask(w: Work, row: Consignor) -> None:
    """Whoever has an account with this contact is asked; the shop isn't told whether there is one."""
    known = find_account(w.session, row.contact_digest or "")
    waits = row.account_id is None and row.confirm_tries < rules.TRIES
    if known is not None and known.state == "active" and waits:
        notify(w, known.id, IS_IT_YOU, "/consignments", shop=w.session.get_one(Organisation, row.org_id).name)


def look_up(w: Work, org_id: str, sought: Sought) -> list[str]:
    """The ids of the files of this shop that fit. Recorded by how it was looked for, never by what was typed."""
    demand_role(w, org_id, *STAFF)
    found = [row.id for row in queries.search(w.session, org_id, sought)]
    for subject in found or [org_id]:
        w.record("market:consignor:looked_up", subject, by=sought.by, found=len(found))
    return found


def show_in_full(w: Work, row: Consignor, why: str) -> None:
    """Record that somebody of the shop sees everything in the file. Raises Invalid without a reason of the list."""
    demand_role(w, row.org_id, *STAFF)
    if why not in rules.LOOKS:
        raise Invalid("why_missing", N_("Choose why you need it. The person reads your reason."), field="why")
    if ("shop_manager", row.org_id) not in held_roles(w.session, w.actor.id) and not opened_today(row, w.actor.id, w.now):
        raise Forbidden("not_todays", N_("A clerk sees in full only what they opened today. Ask the manager."))
    demand_kept(row)
    w.record("market:consignor:shown_in_full", row.id, org=row.org_id, why=why)


def opened_today(row: Consignor, account_id: str | None, now: datetime) -> bool:
    """Did this clerk open the file themselves on this day of the market's zone?"""
    return row.opened_by == account_id and local(row.opened_at).date() == local(now).date()


def demand_kept(row: Consignor) -> None:
    """Raises Refused for an erased file."""
    if row.state == "erased":
        raise Refused("file_erased", N_("This file was erased: only its number is left."))


def demand_open(row: Consignor) -> None:
    """Raises Refused unless the file is open."""
    if row.state != "open":
        raise Refused("file_closed", N_("This file is closed. Open it again first."))


def change(w: Work, row: Consignor, contact: Address | None, address: str | None) -> None:
    """Staff put contact or address right; None keeps what is there, and so does the contact that is there already. A new one is
    asked about anew; wrong tries are forgotten only when a manager writes it, so that no clerk guesses on and on."""
    demand_role(w, row.org_id, *STAFF)
    demand_open(row)
    if address is not None:
        if len(address.strip()) > 200:
            raise Invalid("address_long", N_("An address has at most 200 characters."), field="address")
        row.address = queries.sealed(address.strip(), queries.ADDRESS)
    new = contact is not None and _reach_by(w, row, contact)
    if new or address is not None:
        w.record("market:consignor:changed", row.id, contact=new, address=address is not None)
        _tell(w, row, CHANGED)


def _reach_by(w: Work, row: Consignor, contact: Address) -> bool:
    """Write another contact down. Returns whether it is another one. Raises Invalid at the field."""
    digest = digest_of(contact)
    _demand_not_own(w, digest)
    if digest == row.contact_digest:
        return False
    row.contact, row.contact_masked = queries.sealed(contact.value, queries.CONTACT), contact.masked
    row.contact_digest, row.contact_denied = digest, False
    if ("shop_manager", row.org_id) in held_roles(w.session, w.actor.id):
        row.confirm_tries = 0
    w.session.flush()
    _ask(w, row)
    return True


def _tell(w: Work, row: Consignor, sentence: str) -> None:
    """Whoever reads the file in an account hears what the shop did to it."""
    if row.account_id and row.account_id != w.actor.id:
        shop = w.session.get_one(Organisation, row.org_id).name
        notify(w, row.account_id, sentence, f"/consignments/{row.id}", shop=shop, number=row.number)


def choose(w: Work, row: Consignor, choices: Choices) -> None:
    """The consignor, or staff for them, says how they are paid and what happens to unsold goods. Raises Invalid at the field."""
    own = row.account_id == w.actor.id
    if not own:
        demand_role(w, row.org_id, *STAFF)
    demand_open(row)
    before = _wishes(row)
    _set_choices(row, choices)
    w.record(
        "market:consignor:choices_changed", row.id, by="person" if own else "shop", payout=row.payout,
        account=bool(choices.account) and row.payout == "transfer", no_discount=row.no_discount, donate=row.donate_unsold,
    )  # fmt: skip
    if _wishes(row) != before:
        _tell(w, row, PAID_ANEW)


def _wishes(row: Consignor) -> tuple[object, ...]:
    return row.payout, queries.plain(row.payout_account, queries.ACCOUNT), row.no_discount, row.donate_unsold


def _set_choices(row: Consignor, choices: Choices) -> None:
    if choices.payout not in rules.PAYOUTS:
        raise Invalid("payout_missing", CHOOSE, field="payout")
    if choices.payout != "transfer":  # least needed: no account is kept that nothing is paid to
        row.payout_account, row.payout_masked = "", ""
    elif choices.account:
        row.payout_account = queries.sealed(choices.account, queries.ACCOUNT)
        row.payout_masked = rules.masked_account(choices.account)
    elif not row.payout_account:
        raise Invalid("account_missing", ACCOUNT, field="payout_account")
    row.payout, row.no_discount, row.donate_unsold = choices.payout, choices.no_discount, choices.donate_unsold


def close(w: Work, row: Consignor) -> None:
    """At the wish of the person or the shop, once nothing is open. Raises Refused while an agreement or goods are."""
    own = row.account_id == w.actor.id
    if not own:
        demand_role(w, row.org_id, *STAFF)
    close_now(w, row, "person" if own else "shop")


def close_now(w: Work, row: Consignor, by: str) -> None:
    CONSIGNOR.next(row.state, "close")
    if attached.keeps_open(w.session, row.id):
        raise Refused("file_in_use", N_("There is still an open agreement or something in the shop. Settle that first."))
    walk(w, CONSIGNOR, row, "close", closed_at=w.now)
    w.record("market:consignor:closed", row.id, by=by)


def reopen(w: Work, row: Consignor) -> None:
    """The person brings something again: the clock of the erasure stops."""
    demand_role(w, row.org_id, *STAFF)
    walk(w, CONSIGNOR, row, "reopen", closed_at=None)
    w.record("market:consignor:reopened", row.id)
