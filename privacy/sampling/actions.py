"""The draw, the third person's try, and what follows when data is found: all of it in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import ids
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import Item
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.ports import CustodyRaised, ItemHeld, happened
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.clearance import actions as clearances
from privacy.clearance import queries as papers
from privacy.clearance.models import Clearance
from privacy.evidence.readers.text import LARGEST
from privacy.sampling import queries, rules
from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw
from privacy.sampling.settings import shares
from privacy.sampling.states import CHECK
from privacy.wipes import challenge_photos, people
from privacy.wipes.models import Verification, WipeJob
from privacy.wipes.naming import demand_named

KIND = "recovery"
MOST_PHOTOS = 6
REFUSALS = {
    "checker_owns": N_("This is your own device, so somebody else tries."),
    "checker_wiped": N_("You wiped this device. A third person tries to recover data."),
    "checker_verified": N_("You verified this wipe. A third person tries to recover data."),
    "checker_family": N_("One of the people of this wipe is declared as your family, so somebody else tries."),
    "checker_colleague": N_("The two people of this wipe are close, so somebody of another organisation tries."),
}
DRAWN = N_("The wipe %(number)s was drawn for a recovery try. Your device stays at the point until then.")
DRAWN_BAGGED = N_(
    "The wipe %(number)s was drawn for a recovery try. Please bring the sealed bag to a point, as it is; until then nobody can "
    "reserve your device."
)
MISSING = {
    "result": N_("Please choose one of the answers offered."),
    "why": N_("Say why it could not be done."),
    "tool": N_("Name the tool you tried with."),
    "version": N_("Say which version of the tool it was."),
    "searched": N_("Tick what you searched for."),
    "report": N_("Attach the tool's own report."),
    "photos": N_("Take a photo of the device as you tried it, with the check's code in the picture."),
}
ELSEWHERE = N_(
    "By the record the device is at another organisation. Let it be handed on to yours first, on the page “Who holds it”: who "
    "tries has it in hand."
)


def draw_due(w: Work) -> None:
    """Sweep: every acceptance that a signed checkpoint covers gets its draw, once."""
    for verification, leaf in queries.to_draw(w.session, shares()):
        checkpoint = queries.checkpoint_of(w.session, leaf)
        if checkpoint is not None and leaf.leaf_index is not None:
            _draw(w, verification, leaf.leaf_index, checkpoint.size, checkpoint.root)


def _draw(w: Work, verification: Verification, leaf_index: int, size: int, root: str) -> SampleDraw:
    job = w.session.get_one(WipeJob, verification.job_id)
    reasons = queries.reasons(w.session, verification, shares())
    share, ticket = rules.percent(reasons, shares().base, shares().raised), rules.ticket(root, job.number)
    row = SampleDraw(
        id=ids.new_id(), verification_id=verification.id, job_id=job.id, job_number=job.number, leaf_index=leaf_index, size=size,
        root=root, ticket=f"{ticket:016x}", share=share, reasons=list(reasons), drawn=rules.is_drawn(ticket, share), at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:sample:drawn", job.id, draw=row.id, drawn=row.drawn, share=share, size=size)
    check = _open(w, verification, "drawn", reasons, None) if row.drawn else None
    if check is not None:
        _tell_owner(w, check, DRAWN_BAGGED if queries.is_bagged_at_home(w.session, check.item_id) else DRAWN)
    cause = queries.found_in_batch(w.session, job)
    if cause is not None:
        _open_in_batch(w, verification, cause)
    return row


def _open(w: Work, verification: Verification, why: str, reasons: Sequence[str], cause: RecoveryTry | None) -> SampleCheck | None:
    """A check of this wipe, mandatory where a try on another wipe is the cause; None where nothing rests on it any more."""
    clearance = queries.clearance_of(w.session, verification.id)
    if clearance is None or clearance.state not in queries.WITHIN_REACH:
        return None
    job = w.session.get_one(WipeJob, verification.job_id)
    check = SampleCheck(
        id=ids.new_id(), verification_id=verification.id, clearance_id=clearance.id, job_id=job.id, item_id=job.item_id,
        org_id=job.org_id, operator_id=verification.operator_id, verifier_id=verification.verifier_id,
        owner_id=verification.owner_id, tools=list(queries.tools_of(w.session, job.id)), why=why,
        cause_id=cause.id if cause else None, mandatory=cause is not None, elsewhere=bool(rules.CLOSE & set(reasons)),
        code=ids.new_checked_code(), opened_at=w.now, ended_at=None,
    )  # fmt: skip
    w.session.add(check)
    w.session.flush()
    w.record("privacy:check:opened", check.id, job=job.id, item=job.item_id, why=why)
    return check


def _tell_owner(w: Work, check: SampleCheck, sentence: str) -> None:
    """Whoever owns it now; after a sale that isn't who had it wiped."""
    job, owner = w.session.get_one(WipeJob, check.job_id), w.session.get_one(Item, check.item_id).owner_id
    notify(w, owner, sentence, f"/wipes/{job.id}" if owner == job.owner_id else _paper(w, check), number=job.number)


def _paper(w: Work, check: SampleCheck) -> str:
    certificate = papers.certificate_of_clearance(w.session, check.clearance_id)
    return f"/certificates/{certificate.number}" if certificate else "/certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the third person says: `report` and `photos` are the bytes sent, the check's code on a photo; `opened_bag`: was the
    sealed bag opened for it."""

    result: str
    tool: str = ""
    version: str = ""
    searched: Sequence[str] = ()
    report: bytes = b""
    photos: Sequence[bytes] = ()
    why: str = ""
    opened_bag: bool = False


def try_recovery(w: Work, bench: Bench, check: SampleCheck, told: Told, signed_in_at: datetime | None) -> RecoveryTry:
    """Record a try. Nothing found ends the check; data found revokes the certificate and opens the batch; what could not be
    done leaves the check open, because unknown is never a pass.

    Raises SecondFactorNeeded, Forbidden for the wrong person, Refused for a device out of reach or not in the recorded keeping of
    the third person's organisation, Invalid at a field."""
    item = locked(w, check.item_id)
    w.session.refresh(check, with_for_update=True)
    org_id = _demand_checker(w, check, signed_in_at)
    clearance = w.session.get_one(Clearance, check.clearance_id)
    _demand_reachable(w, check, clearance, item, told)
    _demand_told(w, check, told)
    row = _keep(w, bench, check, clearance, told, org_id, signed_in_at)
    if row.opened_bag:
        _unseal(w, clearance)
    if told.result == "nothing":
        walk(w, CHECK, check, "clear", ended_at=w.now)
        _tell_owner(w, check, N_("The recovery try on %(number)s found nothing. Your device can go on its way."))
    elif told.result == "found":
        walk(w, CHECK, check, "find", ended_at=w.now)
        _found(w, check, row)
    return row


def _demand_checker(w: Work, check: SampleCheck, signed_in_at: datetime | None) -> str:
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    why = rules.may_try(queries.hands_of(w.session, check, w.now), w.actor.id)
    if why:
        raise Forbidden(why, REFUSALS[why])
    orgs, line = people.orgs_as(w.session, w.actor.id, "wipe_verifier"), custody.find_holder(w.session, check.item_id)
    return line.holder_id if line is not None and line.holder_id in orgs else min(orgs)


def _demand_reachable(w: Work, check: SampleCheck, clearance: Clearance, item: Item, told: Told) -> None:
    CHECK.next(check.state, "clear")
    if clearance.state not in queries.WITHIN_REACH:
        raise Refused("out_of_reach", N_("The clearance of this device has ended, so nothing rests on this wipe any more."))
    if told.result == "not_done":
        return
    if not custody.is_with_staff(w.session, item.id):
        raise Refused("bring_it_first", N_("Take the device in at a counter first, bag and all: then it can be tried."))
    if not people.is_here(w.session, item.id, people.orgs_as(w.session, w.actor.id, "wipe_verifier")):
        raise Refused("device_elsewhere", ELSEWHERE)


def take_in(w: Work, check: SampleCheck, org_id: str) -> None:
    """It comes to the counter of the third person's organisation: in its sealed bag, or after a sale, when its new owner brings
    it of the own free will and takes it home again afterwards."""
    demand_role(w, org_id, "wipe_verifier")
    item, clearance = locked(w, check.item_id), w.session.get_one(Clearance, check.clearance_id)
    if check.state != "open" or not queries.is_to_bring(w.session, item.id, clearance):
        raise Refused("not_to_take_in", N_("This device isn't with its owner, or its check is over."))
    custody.move(w, item, holder_kind="org", holder_id=org_id, place="counter", why="taken_in")


def _demand_told(w: Work, check: SampleCheck, told: Told) -> None:
    field = rules.missing(told.result, told.searched, told.tool, told.version, report=bool(told.report), why=told.why)
    if field:
        raise Invalid(f"{field}_missing", MISSING[field], field=field)
    if told.result == "not_done":
        return
    if not rules.is_other_tool(told.tool, check.tools):
        raise Invalid("same_tool", N_("The device was wiped with this tool. Try with a different product."), field="tool")
    if len(told.report) > LARGEST:
        raise Invalid("report_large", N_("A report may have 16 MB."), field="report")
    demand_named(w.session, check.item_id, told.report)
    if not told.photos:
        raise Invalid("photos_missing", MISSING["photos"], field="photos")


def _keep(
    w: Work, bench: Bench, check: SampleCheck, clearance: Clearance, told: Told, org_id: str, signed_in_at: datetime | None
) -> RecoveryTry:
    assert signed_in_at is not None
    done = told.result != "not_done"
    digest = bench.store.put(told.report, KIND) if told.report else None
    if digest and queries.report_used(w.session, digest):
        raise Invalid("report_used", N_("This very report was attached to another try."), field="report")
    try_id = ids.new_id()
    row = RecoveryTry(
        id=try_id, check_id=check.id, operator_id=check.operator_id, verifier_id=check.verifier_id, owner_id=check.owner_id,
        checker_id=w.actor.id, org_id=org_id, tool=told.tool.strip()[:60] if done else "",
        tool_key=rules.tool_key(told.tool)[:60] if done else "", version=told.version.strip()[:40] if done else "",
        searched=sorted(set(told.searched)) if done else [], result=told.result, why="" if done else told.why, digest=digest,
        size=len(told.report), photos=[_photo(w, bench, check, try_id, one) for one in told.photos[:MOST_PHOTOS]],
        opened_bag=clearance.seal_number if _opens(clearance, told) else "", signed_in_at=signed_in_at, at=w.now,
    )  # fmt: skip
    w.put(row)
    w.record(
        "privacy:check:tried", check.id, **{"try": row.id, "job": check.job_id, "result": row.result, "digest": digest or ""}
    )
    return row


def _photo(w: Work, bench: Bench, check: SampleCheck, try_id: str, raw: bytes) -> str:
    return challenge_photos.keep(w, bench, raw, item_id=check.item_id, act="try", subject_id=try_id, field="photos")


def _opens(clearance: Clearance, told: Told) -> bool:
    """No tool reads a medium through a closed bag."""
    return clearance.state == "valid" and clearance.kept == "sealed_bag" and (told.opened_bag or told.result != "not_done")


def _unseal(w: Work, clearance: Clearance) -> None:
    """The bag was opened before the third person's eyes: from now on the device is kept at the point, and may be sealed anew."""
    clearance.kept, clearance.seal_number, clearance.seal_photo = "at_point", "", ""
    w.session.flush()
    w.record("privacy:bag:opened", clearance.id, item=clearance.item_id)


def _found(w: Work, check: SampleCheck, row: RecoveryTry) -> None:
    """The certificate goes, the listing comes down, and everything of that operator, tool and day is checked."""
    certificate = papers.certificate_of_clearance(w.session, check.clearance_id)
    if certificate is not None and certificate.state in ("issued", "delivered"):
        clearances.revoke(w, certificate, "data_found")
    opened = [one for one in queries.batch_of(w.session, check) if _open_in_batch(w, one, row)]
    w.record("privacy:check:batch", check.id, opened=len(opened))
    sentence = N_("Data was found after your wipe %(number)s. Every wipe you made that day with this tool is checked.")
    notify(w, check.operator_id, sentence, f"/wipes/{check.job_id}", number=w.session.get_one(WipeJob, check.job_id).number)


def _open_in_batch(w: Work, verification: Verification, cause: RecoveryTry) -> bool:
    """Make its check mandatory, or open one, unless a try found nothing there already; off sale at once."""
    if queries.was_clean(w.session, verification.id):
        return False
    clearance = queries.clearance_of(w.session, verification.id)
    check = queries.open_check(w.session, clearance.id) if clearance else None
    if check is None:
        reasons = queries.reasons(w.session, verification, shares())
        check = _open(w, verification, "batch", reasons, cause)
    elif not check.mandatory:
        check.mandatory, check.cause_id = True, cause.id
        w.session.flush()
        w.record("privacy:check:opened", check.id, job=check.job_id, item=check.item_id, why="batch")
    if check is None:
        return False
    if clearance is not None and clearance.state == "valid":
        happened(w, ItemHeld(check.item_id, "being_checked"))
        _tell_owner(w, check, N_("The wipe %(number)s is checked once more. Until then your device is off sale."))
    else:
        _tell_owner(
            w, check, N_("The wipe %(number)s of your device is in question. Bring it to a point: it is checked for free.")
        )
    return True


def hold_back(w: Work, event: CustodyRaised) -> None:
    """A device that waits for its recovery try isn't sold under the third person's hands. Its owner may take it home unsealed:
    then its clearance ends, and nothing rests on the wipe any more."""
    if event.why == "sold":
        queries.demand_unheld(w.session, event.item_id)
