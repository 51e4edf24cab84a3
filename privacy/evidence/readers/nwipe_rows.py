"""A device's case -> the row of facts the contract promises. What isn't said stays None."""

from privacy.evidence.methods import RANDOM, Method
from privacy.evidence.model import DeviceRow, Source, Status, Verification
from privacy.evidence.readers.nwipe_case import Case
from privacy.evidence.readers.nwipe_lines import moment
from privacy.evidence.readers.nwipe_plan import HIDDEN_TOLD, method_label, number_of
from privacy.evidence.readers.text import visible

_STATUS: dict[str, Status] = {
    "Erased": "erased",
    "-FAILED-": "failed",
    "UABORTED": "aborted",
    "INSANITY": "failed",
}
_SOURCES: dict[str, Source] = {"ATA": "ata", "IDE": "ata", "USB": "ata", "NVME": "nvme", "SCSI": "scsi", "SAS": "scsi"}
_BAD = frozenset({"empty_bad", "blank_bad", "check_bad"})
_HIDES_NOTHING = frozenset({"NVME", "MMC", "SAS", "VIRT"})  # HPA and DCO are ATA's
_LAST_CHECK = {"blank": "empty_ok", "random": "frp_ok", "zeros": "check_ok", "ones": "check_ok"}


def _kinds(case: Case) -> set[str]:
    return {event.kind for event in case.job.events}


def status_of(case: Case) -> Status | None:
    if row := case.rows.get("status"):
        return _STATUS.get(row.cells[0].strip())
    if any(event.kind == "closed_before_start" for event in case.run.closing):
        return "aborted"
    return None


def errors_of(case: Case) -> int | None:
    """The sum of the Error Summary's columns. Before 0.31 there was none: then nobody knows."""
    row = case.rows.get("errors")
    return sum(int(cell) for cell in row.cells if cell) if row else None


def _finished(case: Case) -> set[tuple[int, int]]:
    """(pass, round) of every finished pass."""
    return {(event.numbers()[0], event.numbers()[2]) for event in case.job.events if event.kind == "pass_end"}


def _ended_random(case: Case, method: Method) -> bool:
    """Was the random pattern written that comes after all rounds?"""
    kinds = [event.kind for event in case.job.events]
    return method.ending == "random" and "frp_start" in kinds and "written" in kinds[kinds.index("frp_start") :]


def passes_done(case: Case) -> int | None:
    if case.plan is None:
        return len(_finished(case)) if case.job.events else None
    return len(_finished(case)) + _ended_random(case, case.plan.method)


def random_done(case: Case) -> int | None:
    if case.plan is None or not case.plan.method.code:
        return None
    method = case.plan.method
    numbers = [number for number, _ in _finished(case) if number <= len(method.passes)]
    return sum(method.passes[number - 1] == RANDOM for number in numbers) + _ended_random(case, method)


def bytes_written(case: Case) -> int | None:
    """The least of all passes and of the Erasure Summary; 0 for a method that only looks."""
    if case.plan is not None and case.plan.method.verify_only and not case.sizes("written"):
        return 0
    sizes = [size for size, _ in case.sizes("written")]
    if row := case.rows.get("erased"):
        sizes.append(int(row.cells[0]))
    return min(sizes, default=None)


def verification_of(case: Case) -> Verification | None:
    if case.plan is None:
        return None
    return "only" if case.plan.method.verify_only else case.plan.verification


def _read_short(case: Case) -> bool:
    return any(case.capacity is not None and size < case.capacity for size, _ in case.sizes("read"))


def verified_of(case: Case) -> bool | None:
    """True only if every promised check is there and matched; False if one failed, none was asked for, or the
    log tells the outcome without one; None if it breaks off before."""
    kind, table = verification_of(case), case.rows.get("errors")
    bad_reads = bool(table and table.cells[1] and int(table.cells[1]))
    if kind == "none" or _kinds(case) & _BAD or bad_reads or _read_short(case):
        return False
    # with lines missing in between, the last check still stands for itself, but not for those of all passes
    enough = ("whole", "gap") if kind in ("last", "only") else ("whole",)
    if case.reading is not None and case.reading.outcome in enough and _last_check_there(case):
        return True
    return None if status_of(case) is None else False


def _last_check_there(case: Case) -> bool:
    if case.plan is None:
        return False
    ending = case.plan.method.ending
    wanted = "verified" if ending == "blank" and not case.plan.blank else _LAST_CHECK[ending]
    kinds = _kinds(case)
    # the oldest logs say of both a verify-only run and a blank that the medium "is empty"
    return wanted in kinds or (case.plan.method.verify_only and "empty_ok" in kinds)


def final_blank_of(case: Case) -> bool | None:
    kinds = _kinds(case)
    if "blank_bad" in kinds or (case.plan and (case.plan.method.ending != "blank" or not case.plan.blank)):
        return False
    if "blank_ok" in kinds:
        return True
    return None if status_of(case) is None else False


def hidden_of(case: Case) -> bool | None:
    """True if the tool says so or the device admits to more than was written; False only if the tool says
    so."""
    real, capacity = case.real_size(), case.capacity
    if "hidden" in case.job.facts or case.run.hidden or (real and capacity and real > capacity):
        return True
    return False if "hidden_none" in case.job.facts else None


def hidden_unknown_of(case: Case) -> bool:
    """From 0.35 on the tool looks for hidden sectors wherever a drive can have them, and says what it found."""
    if hidden_of(case) is not None:
        return False
    number = number_of(case.run)
    looks = number is not None and number >= HIDDEN_TOLD and case.bus not in _HIDES_NOTHING
    return looks or "hidden_unsure" in case.job.facts


def native_of(case: Case) -> int | None:
    """The size the drive admits to; that it hides nothing makes the visible size the native one."""
    return case.real_size() or (case.capacity if hidden_of(case) is False else None)


def source_of(case: Case) -> Source | None:
    """Whose serial it is. The tool asks the drive itself; through an adapter that passes nothing on, it is the adapter's."""
    if case.masked or not case.raw_serial:
        return None
    return "bridge" if "usb_bridge" in case.job.facts else _SOURCES.get(case.bus or "")


def row_of(case: Case, core: str | None = None) -> DeviceRow:
    """All there is to know about one device. Once the last table tells the outcome, what isn't in the log
    didn't happen; before that it isn't known."""
    plan, job, label = case.plan, case.job, method_label(case.run, case.job)
    serial = None if case.masked else visible(case.raw_serial or "") or None
    return DeviceRow(
        node=job.node,
        serial=serial,
        model=case.model,
        capacity_bytes=case.capacity,
        method=visible(label) if label else None,
        passes_done=passes_done(case),
        passes_asked=plan.method.passes_asked(plan.rounds) if plan else None,
        random_passes=random_done(case),
        rounds=plan.rounds if plan else None,
        final_blank=final_blank_of(case),
        verification=verification_of(case),
        verified=verified_of(case),
        bytes_written=bytes_written(case),
        errors=errors_of(case),
        status=status_of(case),
        started=_iso(job.events[0].stamp) if job.events else None,
        finished=_iso(job.events[-1].stamp) if job.events else None,
        method_code=plan.method.code or None if plan else None,
        random_asked=plan.method.random_asked(plan.rounds) if plan and plan.method.code else None,
        run=case.run.number,
        bus=case.bus,
        anonymised=case.masked,
        usb_bridge="usb_bridge" in job.facts,
        hidden_sectors=hidden_of(case),
        hidden_unknown=hidden_unknown_of(case),
        seconds=case.seconds(),
        quickest_pass=case.quickest("written"),
        quickest_read=case.quickest("read"),
        total_written=case.total("written"),
        medium="semiconductor" if case.solid_state else None,
        technique="overwrite" if case.job.events and not (plan and plan.method.verify_only) else None,
        native_bytes=native_of(case),
        serial_source=source_of(case),
        core=core,
    )


def _iso(stamp: str) -> str | None:
    when = moment(stamp)
    return when.isoformat() if when else None
