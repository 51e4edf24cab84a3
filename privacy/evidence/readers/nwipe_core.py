"""What makes one wipe that very wipe: when each of its steps happened and how much it wrote, without any name of the disk."""

from privacy.evidence.core_digest import core_of
from privacy.evidence.readers.nwipe_case import Case


def core(case: Case) -> str | None:
    """One digest for a device of a run; None if the log has no line of its wipe.

    Only what can't be changed without changing the wipe's story: the steps, their seconds and figures. Speed, version, tables and
    a method's spelling could be, so they are not in it. Two disks wiped side by side, equal to the second, have one core: a
    core belongs to the file that told it first, which may prove each of them."""
    if not case.job.events:
        return None
    steps = [(event.kind, event.stamp, *(() if event.kind == "invoke" else event.parts)) for event in case.job.events]
    return core_of("nwipe", case.capacity, steps)
