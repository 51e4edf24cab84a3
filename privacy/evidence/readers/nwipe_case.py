"""Everything one run says about one device, put side by side, before anything is concluded from it."""

from dataclasses import dataclass

from privacy.evidence.identity import is_masked
from privacy.evidence.readers.nwipe_lines import Event, moment
from privacy.evidence.readers.nwipe_plan import plan_of
from privacy.evidence.readers.nwipe_runs import Job, Run
from privacy.evidence.readers.nwipe_script import Plan, Reading, follow
from privacy.evidence.readers.nwipe_tables import Binding, Row, TableName, bind
from privacy.evidence.readers.text import visible

SECTOR = 512  # bytes; HPA and DCO values count these whatever the medium's own sectors are


@dataclass(frozen=True, slots=True)
class Case:
    """`plan` is None if the run doesn't say what it was asked to do; `rows` are the device's table rows."""

    run: Run
    job: Job
    plan: Plan | None
    reading: Reading | None
    rows: dict[TableName, Row]

    def part(self, kind: str, index: int) -> str | None:
        event = self.job.first(kind)
        return event.parts[index] if event else None

    @property
    def raw_serial(self) -> str | None:
        """As printed, also when masked; empty if the tool found none, None if no line says."""
        found = self.part("found", 3)
        return found.strip() if found is not None else self.part("serial", 0) or self._serial_of_row()

    def _serial_of_row(self) -> str | None:
        row = self.rows.get("status")
        return row.cells[-1].rpartition("/")[2].strip() if row else None

    @property
    def masked(self) -> bool:
        return is_masked(self.raw_serial) or self.run.option("quiet") == "1"

    @property
    def model(self) -> str | None:
        model = self.part("found", 1)
        return visible(model.strip()) or None if model is not None else None

    @property
    def bus(self) -> str | None:
        """ATA, NVME, USB, VIRT, ... The tool adds -SSD to what it takes for solid state."""
        kind = self.part("found", 0)
        return kind.partition("-")[0].strip() or None if kind is not None else None

    @property
    def capacity(self) -> int | None:
        text = self.part("geometry", 0)
        return int(text) or None if text is not None else None

    @property
    def solid_state(self) -> bool:
        """From 0.35 on the tool says so; that it doesn't is no proof of a spinning disk."""
        return self.bus in ("NVME", "MMC") or "-SSD" in (self.part("found", 0) or "")

    def sizes(self, kind: str) -> list[tuple[int, int]]:
        """(bytes, line) of every "bytes written" or "bytes read" line."""
        return [(event.numbers()[0], event.line) for event in self.job.events if event.kind == kind]

    def seconds(self) -> int | None:
        """From the method's first line to the device's last."""
        events = self.job.events
        return _between(events[0], events[-1]) if events else None

    def quickest(self, kind: str) -> int | None:
        """Seconds from a line to the "bytes written" or "bytes read" after it, the least over all passes of the whole medium."""
        whole = min((size for size, _ in self.sizes("written")), default=0)
        pairs = zip(self.job.events, self.job.events[1:], strict=False)
        gaps = [_between(before, after) for before, after in pairs if after.kind == kind and after.numbers()[0] >= whole]
        return min((gap for gap in gaps if gap is not None), default=None)

    def total(self, *kinds: str) -> int | None:
        """Bytes of all passes together; None if no line tells of one."""
        sizes = [size for kind in kinds for size, _ in self.sizes(kind)]
        return sum(sizes) if sizes else None

    def real_size(self) -> int | None:
        """The native size that the device admits to (HPA, DCO, or the Erasure Summary's total), None if not
        said. Values of 0 and 1 sectors are what bridges answer that can't be asked."""
        values = [int(event.parts[-1]) for kind in ("hpa", "dco") for event in self.job.facts.get(kind, [])]
        sizes = [value * SECTOR for value in values if value > 1]
        if row := self.rows.get("erased"):
            sizes.append(int(row.cells[1]))
        return max(sizes, default=0) or None


def _between(before: Event, after: Event) -> int | None:
    first, second = moment(before.stamp), moment(after.stamp)
    return int((second - first).total_seconds()) if first and second else None


def bindings(run: Run) -> dict[TableName, Binding]:
    """Each of the run's first tables of a kind, its rows given to devices."""
    started = [node for node, job in run.jobs.items() if job.events]
    return {name: bind(tables[0], started, list(run.jobs)) for name, tables in run.tables.items()}


def cases(run: Run) -> list[Case]:
    """The devices this run worked on; if it never began, those it had found."""
    tables = bindings(run)
    in_tables = {node for binding in tables.values() for node in binding.rows}
    at_work = [job for node, job in run.jobs.items() if job.events or node in in_tables]
    chosen = at_work or [job for job in run.jobs.values() if "found" in job.facts]
    return [_case(run, job, tables) for job in chosen]


def _case(run: Run, job: Job, tables: dict[TableName, Binding]) -> Case:
    plan = plan_of(run, job)
    reading = follow(job.events, plan) if plan else None
    rows = {name: binding.rows[job.node] for name, binding in tables.items() if job.node in binding.rows}
    return Case(run, job, plan, reading, rows)
