"""What is done with a file of things: it is sent, looked through, ordered to be taken in, or given up."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core import ids, secrets
from core.csv_files import BadFile
from core.db import get_locked
from core.errors import Invalid, Refused
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.people.models import Organisation
from core.states import walk
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods import taking_many
from market.channels.consignment.goods.fixed_words import CAME_BY
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.importing import keeping, queries
from market.channels.consignment.importing.looking import open_table
from market.channels.consignment.importing.models import GoodsImport
from market.channels.consignment.importing.states import IMPORT

READ: Final = "market:read_goods_import"
TAKE: Final = "market:take_goods_import"
KEPT: Final = timedelta(days=7)
AT_ONCE: Final = 200
"""So many lines are looked through while their sender waits; more of them by a job."""


class BadTable(Invalid):
    """The file can't be used; `sentence` with `values` says why. `column`: the one it is about, a code, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`came_by`: how its things were come by where a line doesn't say, "" for no answer; `once`: the form's key."""

    raw: bytes
    came_by: str = ""
    once: str = ""


def checked_lines(sent: Sent) -> int:
    """How many lines the file has. Raises BadTable where it can't be used as a whole, Invalid at the field. Needs no Work."""
    if sent.came_by and sent.came_by not in CAME_BY:
        raise Invalid("came_by_missing", N_("Choose one of the answers offered."), field="came_by")
    if sent.came_by == "other":
        sentence = N_("What was come by otherwise is told line by line, with the words for it.")
        raise Invalid("came_by_other", sentence, field="came_by")
    try:
        return len(open_table(sent.raw, sent.came_by).lines)
    except BadFile as no:
        raise BadTable("bad_table", no.sentence, field="file", values=no.values) from no


def send(w: Work, intake: Intake, sent: Sent, lines: int) -> str:
    """Keep a file for looking through it; `lines`: as `checked_lines` counted them. Returns the import's id. Sent twice, kept
    once. Raises Refused once the visit is closed."""
    demand_role(w, intake.org_id, *STAFF)
    if intake.state != "open":
        raise Refused("intake_closed", taking_many.CLOSED)
    digest = secrets.keyed_digest(hashlib.sha256(sent.raw).hexdigest(), "goods_import")
    return done_once(w, "goods_import", sent.once, lambda: _send(w, intake, sent, digest, lines), intake.id, digest, sent.came_by)


def _send(w: Work, intake: Intake, sent: Sent, digest: str, lines: int) -> str:
    row = GoodsImport(
        id=ids.new_id(), org_id=intake.org_id, intake_id=intake.id, state="reading", digest=digest, file=keeping.keep(sent.raw),
        report="", came_by=sent.came_by, all_or_nothing=True, lines=lines, fit=0, taken=0, fault="", by=w.actor.id,
        ordered_by=None, at=w.now, ended_at=None, erase_at=w.now + KEPT,
    )  # fmt: skip
    w.put(row)
    w.record("market:goods_import:sent", row.id, org=row.org_id, intake=intake.id, lines=lines)
    if lines > AT_ONCE:
        w.later(READ, import_id=row.id)
    return row.id


def order(w: Work, row: GoodsImport, *, all_or_nothing: bool, again: bool, once: str = "") -> str:
    """Say that it be taken in. Returns its id. Raises Refused while a line is wrong and all are wanted, where nothing fits, for
    the very file that was taken in before without `again`, and once the visit is closed. Sent twice, taken in once."""
    demand_role(w, row.org_id, *STAFF)
    return done_once(w, "goods_import_order", once, lambda: _order(w, row, all_or_nothing, again), row.id)


def _order(w: Work, row: GoodsImport, all_or_nothing: bool, again: bool) -> str:
    IMPORT.next(row.state, "order")
    if row.intake.state != "open":
        raise Refused("intake_closed", taking_many.CLOSED)
    if not row.fit:
        raise Refused("nothing_fits", N_("No line of this file can be taken in. Put it right and send it again."))
    if all_or_nothing and row.fit < row.lines:
        sentence = N_("Some lines are wrong. Put them right and send the file again, or take the tick away.")
        raise Refused("lines_wrong", sentence, field="all_or_nothing")
    get_locked(w.session, Organisation, row.org_id)  # the same file in two rows: one is ordered after the other
    if not again and queries.find_taken(w.session, row.org_id, row.digest) is not None:
        raise Refused("taken_before", N_("Tick that it is to be taken in once more."), field="again")
    walk(w, IMPORT, row, "order", all_or_nothing=all_or_nothing, ordered_by=w.actor.id, fault="")
    w.record("market:goods_import:ordered", row.id, all_or_nothing=all_or_nothing)
    w.later(TAKE, import_id=row.id)
    return row.id


def give_up(w: Work, row: GoodsImport) -> None:
    """It isn't taken in after all; the file is erased."""
    demand_role(w, row.org_id, *STAFF)
    end(w, row)


def end(w: Work, row: GoodsImport) -> None:
    """Nothing came of it."""
    keeping.forget(w, row.file, row.report)
    walk(w, IMPORT, row, "give_up", ended_at=w.now, file="", report="", erase_at=None)
    w.record("market:goods_import:given_up", row.id, org=row.org_id)
