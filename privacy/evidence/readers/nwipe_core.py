"""What makes one wipe that very wipe: its times and figures, without any name of the disk."""

from privacy.evidence.core_digest import core_of
from privacy.evidence.readers.nwipe_case import Case


def cores_of(cases: list[Case]) -> list[str | None]:
    """One digest for each device of a run; None if the log has no line of its wipe. Devices of one run that can't be told
    apart by their figures are numbered, so that two honest disks wiped side by side don't look like copies."""
    found: list[str | None] = []
    seen: dict[str, int] = {}
    for case in cases:
        core = _core(case, 0)
        if core is not None:
            twin = seen[core] = seen.get(core, -1) + 1
            core = _core(case, twin) if twin else core
        found.append(core)
    return found


def _core(case: Case, twin: int) -> str | None:
    if not case.job.events:
        return None
    steps = [(event.kind, event.stamp, *event.parts) for event in case.job.events]
    status = case.rows.get("status")
    told = status.cells[:-1] if status else ()  # the last cell names the disk
    counted = [case.rows[name].cells for name in ("errors", "erased") if name in case.rows]
    return core_of("nwipe", case.run.option("banner"), case.capacity, steps, told, counted, twin)
