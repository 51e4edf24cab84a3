"""One erasure of an eReuse Workbench snapshot: its steps, what they add up to, and where they can't be true.

Source: the Workbench's own source text (eReuse/workbench, erase.py: shred for EraseBasic; for EraseSectors one shred pass of
zeros if asked, then badblocks -w with random data, which reads back) and devicehub-teal's models, read.
"""

from dataclasses import dataclass
from typing import Final

from privacy.evidence.model import Finding, Status, Verification
from privacy.evidence.readers.doc import Json, at, members, word
from privacy.evidence.readers.marks import clash
from privacy.evidence.readers.stamps import Stamp, stamp

SOFTWARE: Final = ("EraseBasic", "EraseSectors")
KINDS: Final = (*SOFTWARE, "EraseCrypto", "ErasePhysical", "EraseDataWipe")
_STEPS: Final = ("StepZero", "StepRandom")
_GOOD: Final = ("Info", "Notice")
_BAD: Final = ("Error",)
MOST_STEPS = 100  # of one erasure; Gutmann's method has 35
_IDLE = 3600  # seconds that a job may go on beyond its last step


@dataclass(frozen=True, slots=True)
class Step:
    kind: str | None
    severity: str | None
    begin: Stamp | None
    end: Stamp | None

    @property
    def times(self) -> tuple[str | None, str | None]:
        return _exact(self.begin), _exact(self.end)


@dataclass(frozen=True, slots=True)
class Erasure:
    """`path` is where it stands in the file."""

    path: str
    kind: str
    severity: str | None
    begin: Stamp | None
    end: Stamp | None
    steps: tuple[Step, ...]

    @property
    def times(self) -> tuple[object, ...]:
        """What no other erasure can share, to the microsecond; empty if the file has no times."""
        if self.begin is None and self.end is None and not any(step.begin for step in self.steps):
            return ()
        return (_exact(self.begin), _exact(self.end), tuple((step.kind, *step.times) for step in self.steps))

    @property
    def by_software(self) -> bool:
        return self.kind in SOFTWARE

    @property
    def status(self) -> Status | None:
        """As the tool calls it. A warning is neither good nor bad, so it is unknown."""
        said = (self.severity, *(step.severity for step in self.steps))
        if not self.by_software or not self.steps:
            return None
        if any(one in _BAD for one in said):
            return "failed"
        return "erased" if all(one in _GOOD for one in said) else None

    def done(self, kind: str | None = None) -> int | None:
        """Finished passes, all or of one kind; None if a step is of a kind that isn't known."""
        if not self.by_software or any(step.kind not in _STEPS for step in self.steps):
            return None
        good = [step for step in self.steps if step.severity in _GOOD and step.end is not None]
        return sum(1 for step in good if kind in (None, step.kind))

    @property
    def verification(self) -> Verification | None:
        """badblocks reads back what it wrote, shred doesn't."""
        if not self.by_software:
            return None
        return "last" if self.kind == "EraseSectors" and self.steps[-1:] and self.steps[-1].kind == "StepRandom" else "none"

    @property
    def seconds(self) -> int | None:
        return int(self.begin.seconds_to(self.end)) if self.begin and self.end else None

    @property
    def quickest(self) -> int | None:
        found = [int(step.begin.seconds_to(step.end)) for step in self.steps if step.begin and step.end]
        return min(found, default=None)


def _exact(one: Stamp | None) -> str | None:
    return one.moment.isoformat() if one else None


def erasure_of(action: Json, path: str) -> Erasure | None:
    """The action as an erasure, or None if it is something else."""
    kind = word(action, "type")
    if kind is None or not kind.startswith("Erase"):
        return None
    steps = tuple(
        Step(word(one, "type"), word(one, "severity"), _when(one, "startTime"), _when(one, "endTime"))
        for one in members(action, "steps")[: MOST_STEPS + 1]
    )
    return Erasure(path, kind, word(action, "severity"), _when(action, "startTime"), _when(action, "endTime"), steps)


def _when(value: Json, key: str) -> Stamp | None:
    found = at(value, key)
    return stamp(found) if isinstance(found, str) else None


def clashes(erasure: Erasure) -> list[Finding]:
    """Contradictions within one erasure."""
    found = [*_times_clash(erasure), *_steps_clash(erasure)]
    return [clash(f"{why}: {erasure.path}") for why in dict.fromkeys(found)]


def _times_clash(erasure: Erasure) -> list[str]:
    spans = [(erasure.begin, erasure.end), *((step.begin, step.end) for step in erasure.steps)]
    known = [begin.seconds_to(end) for begin, end in spans if begin and end]
    found = []
    if any(span == 0 for span in known):
        found.append("instant erase")
    if any(span < 0 for span in known):
        found.append("ends before it begins")
    return found


def _steps_clash(erasure: Erasure) -> list[str]:
    found, begin, end = [], erasure.begin, erasure.end
    begins = [step.begin for step in erasure.steps if step.begin]
    ends = [step.end for step in erasure.steps if step.end]
    if any(begin and one.moment < begin.moment for one in begins) or any(end and one.moment > end.moment for one in ends):
        found.append("step outside its job")
    if end and ends and max(one.seconds_to(end) for one in ends[-1:]) > _IDLE:
        found.append("job goes on after its last step")
    if any(before.moment > after.moment for before, after in zip(ends, begins[1:], strict=False)):
        found.append("steps overlap")
    if erasure.severity and erasure.steps and not _agrees(erasure):
        found.append("severity of job and steps")
    if erasure.by_software and not erasure.steps:
        found.append("no steps")
    if len(erasure.steps) > MOST_STEPS:
        found.append("more steps than any method has")
    if erasure.kind == "EraseSectors" and erasure.steps and erasure.steps[-1].kind == "StepZero":
        found.append("steps and method")
    return found


def _agrees(erasure: Erasure) -> bool:
    """The tool gives a job the severity of its steps: an error in one is an error of the job, and the other way round."""
    return (erasure.severity in _BAD) == any(step.severity in _BAD for step in erasure.steps)
