"""The lines of a log sorted into runs of the tool and, within a run, by device. Nothing is judged here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from privacy.evidence.readers.nwipe_lines import TOTAL, TROUBLE, Event, moment, read_line, split_head
from privacy.evidence.readers.nwipe_script import SCRIPTED
from privacy.evidence.readers.nwipe_tables import Table, TableName, heading
from privacy.evidence.readers.text import LONGEST_LINE, too_many_lines

_CLOSING = frozenset({"closed_well", "closed_with_errors", "closed_by_user", "closed_before_start"})
_IO_ERROR = re.compile(r"nwipe_[a-z_]{1,40}: (?:write|read|pwrite|pread|fdatasync|lseek)\b")
_HIDDEN = "HIDDEN SECTORS DETECTED"  # in any other wording than the one known
# lines that mean something, in one file: 24 disks under Gutmann's 35 passes with every pass verified leave 5,300
MOST_EVENTS = 15_000
_BACKWARDS = 5  # seconds a clock may be set back by the network before a log is called contradictory


@dataclass(slots=True)
class Job:
    """All lines about one device in one run. `trouble` are lines of level error or worse while it was being
    wiped."""

    node: str
    facts: dict[str, list[Event]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)

    def first(self, kind: str) -> Event | None:
        found = self.facts.get(kind)
        return found[0] if found else None


@dataclass(slots=True)
class Run:
    """One run of the tool. `total` is the line under the last table; `frames` are the stars around a warning of
    hidden sectors, `hidden` such warnings and `trouble` I/O errors that name no device."""

    number: int
    options: dict[str, list[Event]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    tables: dict[TableName, list[Table]] = field(default_factory=dict)
    total: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    closing: list[Event] = field(default_factory=list)
    backwards: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)

    def job(self, node: str) -> Job:
        return self.jobs.setdefault(node, Job(node))

    def option(self, name: str) -> str | None:
        found = self.options.get(name)
        return found[0].parts[0] if found else None

    @property
    def started(self) -> bool:
        return any(job.events for job in self.jobs.values())


class Sorter:
    """Takes the lines one by one. A new run begins where the tool introduces itself again or speaks after its
    closing line: people append runs to one file, and nwipe's own --logfile does too."""

    def __init__(self) -> None:
        self.runs: list[Run] = [Run(1)]
        self._table: Table | None = None
        self._geometry_of: str | None = None
        self._stamp = ""
        self._begun = False
        self._taken = 0

    @property
    def _run(self) -> Run:
        return self.runs[-1]

    def _count(self) -> None:
        """Raises Unreadable for a file of more lines that matter than any run leaves: each costs time in every check."""
        self._taken += 1
        if self._taken > MOST_EVENTS:
            raise too_many_lines(MOST_EVENTS)

    def take(self, number: int, line: str) -> None:
        if head := split_head(line):
            self._take_stamped(number, *head)
        elif line[:1] == "[" and (total := TOTAL.fullmatch(line.rstrip())):
            self._count()
            self._table = None
            self._run.total.append((number, total.groups()))
        elif table := heading(number, line.rstrip()):
            self._count()
            self._table = table
            self._run.tables.setdefault(table.name, []).append(table)
        elif self._table is not None and not self._table.closed:
            self._count()
            self._table.take(number, line)

    def _take_stamped(self, number: int, stamp: str, level: str, text: str) -> None:
        event = read_line(number, stamp, text)
        if event is not None and self._opens_new_run(event):
            self.runs.append(Run(len(self.runs) + 1))
            self._stamp, self._table, self._geometry_of = "", None, None
            self._begun = False
        if stamp < self._stamp and _set_back(self._stamp, stamp):
            self._run.backwards.append(number)
        self._stamp = stamp
        if event is not None:
            self._count()
            self._sort(event)
        elif _HIDDEN in text:
            self._run.hidden.append(number)
        if level in TROUBLE and self._begun:
            self._note_trouble(number, text)

    def _opens_new_run(self, event: Event) -> bool:
        run = self._run
        if run.closing:
            return True
        begun = self._begun or "options" in run.options
        return (event.kind in ("found", "options") and begun) or (event.kind == "intro" and bool(run.jobs))

    def _sort(self, event: Event) -> None:
        run = self._run
        if event.kind == "geometry_start":
            self._geometry_of = event.node
        if event.kind == "total_bytes" and self._geometry_of:
            event = Event(event.line, event.stamp, "geometry", self._geometry_of, event.parts)
        if event.kind in _CLOSING:
            run.closing.append(event)
        elif event.kind == "hidden_frame":
            run.frames.append(event.line)
        elif event.node is None:
            run.options.setdefault(event.kind.removeprefix("option_"), []).append(event)
        elif event.kind in SCRIPTED:
            self._begun = True
            run.job(event.node).events.append(event)
        else:
            run.job(event.node).facts.setdefault(event.kind, []).append(event)

    def _note_trouble(self, number: int, text: str) -> None:
        self._count()
        for word in text.replace("'", " ").split():
            job = self._run.jobs.get(word.rstrip(".,:"))
            if job is not None:
                job.trouble.append(number)
                return
        if _IO_ERROR.match(text):
            self._run.trouble.append(number)


def _set_back(before: str, after: str) -> bool:
    then, now = moment(before), moment(after)
    return then is None or now is None or (then - now).total_seconds() > _BACKWARDS


def _short(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, 1) if line and len(line) <= LONGEST_LINE)


def sort_runs(lines: Sequence[str]) -> list[Run]:
    """All runs in the file, in order; at least one, possibly empty."""
    sorter = Sorter()
    for number, line in _short(lines):
        sorter.take(number, line)
    return sorter.runs
