"""Does the stored log hold? Every leaf is hashed anew and compared with the stored nodes, every checkpoint, and the
checkpoints that somebody kept elsewhere. What is wrong is named with the number of the leaf."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from core import canonical
from core.db import stamp
from privacy.clearance.log import facts, keys, note, queries
from privacy.clearance.log.models import LogCheckpoint, LogLeaf, LogNode
from privacy.clearance.log.settings import pace
from privacy.clearance.log.tree import Growing, leaf_hash
from privacy.clearance.models import Certificate
from privacy.verify import Checkpoint, Unusable, parse_checkpoint

MOST = 200
Row = tuple[bytes, str, str, str]  # the leaf's bytes, and beside them kind, subject, created
CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, at which leaf. Codes: missing, changed, not_written_so, node, checkpoint, signature, rollback, fork,
    certificate. `index` of a fork is the first leaf that may differ."""

    code: str
    index: int
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`outside`: agrees, differs, unknown (not signed by this log), or None when none was given. `back_dated`: numbers of
    leaves that claim to be older than leaves before them; the log holds all the same, but somebody has to explain them."""

    ok: bool
    size: int
    root: str
    checkpoints: int
    waiting: int
    outside: str | None
    first_bad: int | None
    back_dated: list[int]
    findings: list[Finding]


class Ahead:
    """Rows (number, text) in order, of which one asks for rising numbers. `head` is the next that nobody asked for."""

    def __init__(self, rows: Iterator[tuple[int, str]]) -> None:
        self.rows = rows
        self.head = next(rows, None)

    def at(self, number: int) -> str | None:
        while self.head is not None and self.head[0] < number:
            self.head = next(self.rows, None)
        if self.head is None or self.head[0] > number:
            return None
        found = self.head[1]
        self.head = next(self.rows, None)
        return found


class Checker:
    def __init__(self, session: Session, outside: Sequence[Checkpoint] = ()) -> None:
        self.session, self.outside = session, sorted(outside, key=lambda one: one.size)
        self.findings: list[Finding] = []
        self.back_dated: list[int] = []
        self.newest = ""
        self.agreed = self.confirmed = 0  # up to where our own checkpoints hold, and those kept elsewhere
        self.differs = False
        self.tree = Growing()
        self.levels: dict[int, Ahead] = {}
        self.logs = [(one.name, bytes.fromhex(one.public)) for one in keys.log_keys(session)]

    def bad(self, code: str, index: int, detail: str = "") -> None:
        if len(self.findings) < MOST:
            self.findings.append(Finding(code, index, detail))

    def run(self) -> Checked:
        unknown = self._unknown()
        stored = list(self.session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size)))
        heads = {one.size: one for one in stored}
        last = max(heads, default=0)
        for index, row in _numbered(self._rows(), last):
            self._leaf(index, row)
            if (size := self.tree.size) in heads:
                self._head(heads[size])
            for kept in self.outside:
                if kept.size == size and kept not in unknown:
                    self._kept(kept)
        self._ends()
        for kept in self.outside:
            if kept.size > self.tree.size and kept not in unknown:
                self.differs = True
                self.bad("rollback", self.tree.size, f"leaves {self.tree.size} to {kept.size - 1} are gone")
        self._certificates()
        return self._answer(len(stored), bool(unknown))

    def _answer(self, checkpoints: int, unknown: bool) -> Checked:
        outside = ("differs" if self.differs else "unknown" if unknown else "agrees") if self.outside else None
        first = min((one.index for one in self.findings), default=None)
        root, waiting = self.tree.root().hex(), queries.waiting(self.session)
        found = sorted(self.findings, key=lambda one: one.index)
        ok = not found and outside in (None, "agrees")
        return Checked(ok, self.tree.size, root, checkpoints, waiting, outside, first, self.back_dated[:MOST], found)

    def _unknown(self) -> list[Checkpoint]:
        """Checkpoints given that no key of this log has signed: they say nothing about it."""
        return [one for one in self.outside if not self._ours(one)]

    def _ours(self, one: Checkpoint) -> bool:
        return any(name == one.origin and note.signed_by(one.note, name, key) for name, key in self.logs)

    def _rows(self) -> Iterator[tuple[int, Row]]:
        data, created = queries.stored_bytes(self.session), type_coerce(LogLeaf.created, String)
        query = (
            select(LogLeaf.leaf_index, data, LogLeaf.kind, LogLeaf.subject, created)
            .where(LogLeaf.leaf_index.is_not(None))
            .order_by(LogLeaf.leaf_index)
            .execution_options(yield_per=1000)
        )
        for index, raw, kind, subject, at in self.session.execute(query):
            yield int(index or 0), (bytes(raw), str(kind), str(subject), str(at))

    def _leaf(self, index: int, row: Row | None) -> None:
        stored = self._stored(0, index)
        if row is None:
            self.bad("missing", index)
            found = stored or b"\x00" * 32
        else:
            found = leaf_hash(row[0])
            if stored is not None and found != stored:
                self.bad("changed", index)
                found = stored  # so that the rest is judged by itself
            self._written(index, row)
        made = self.tree.add(found)
        for level, at, one in made:
            there = self._stored(level, at) if level else stored
            if there != one:
                self.bad("node", at << level, f"level {level}, {at}" + ("" if there else ", missing"))

    def _stored(self, level: int, index: int) -> bytes | None:
        """The next stored node of this level, which must be number `index`; None when it is gone or no hash."""
        if level not in self.levels:
            query = select(LogNode.node_index, LogNode.hash).where(LogNode.level == level).order_by(LogNode.node_index)
            rows = self.session.execute(query.execution_options(yield_per=1000))
            self.levels[level] = Ahead((int(at), str(found)) for at, found in rows)
        found = self.levels[level].at(index)
        return bytes.fromhex(found) if found and re.fullmatch("[0-9a-f]{64}", found) else None

    def _written(self, index: int, row: Row) -> None:
        """Do the columns beside the text say what the text says? And does its time go on?"""
        data, kind, subject, created = row
        try:
            value = canonical.read(data)
            same = (value["type"], value["subject"], value["created"]) == (kind, subject, created)
        except (ValueError, KeyError, TypeError):
            self.bad("changed", index, "no leaf")
            return
        if not same or canonical.encode(value) != data:
            self.bad("not_written_so", index)
        if CREATED.fullmatch(created):
            if self.newest and created < stamp(datetime.fromisoformat(self.newest) - pace().back_dated):
                self.back_dated.append(index)
            self.newest = max(self.newest, created)

    def _head(self, head: LogCheckpoint) -> None:
        """A checkpoint of our own at this size."""
        try:
            said = parse_checkpoint(head.note)
            plain = (said.size, said.root.hex()) == (head.size, head.root)
        except Unusable:
            self.bad("signature", head.size - 1, "no checkpoint")
            return
        if not plain or not self._ours(said):
            self.bad("signature", head.size - 1, f"checkpoint {head.size}")
        if said.root != self.tree.root():
            said_of = f"leaves {self.agreed} to {head.size - 1}"
            self.bad("checkpoint", self.agreed, f"{said_of} don't make the root signed at {head.size}")
        else:
            self.agreed = head.size

    def _kept(self, kept: Checkpoint) -> None:
        first = self.confirmed
        if kept.root == self.tree.root():
            self.confirmed = kept.size
        else:
            self.differs = True
            self.bad("fork", first, f"leaves {first} to {kept.size - 1} aren't those of the checkpoint that was kept")

    def _ends(self) -> None:
        """Nothing may be stored beyond the last checkpoint."""
        highest = self.session.scalar(select(func.max(LogLeaf.leaf_index)))
        if highest is not None and highest >= self.tree.size:
            self.bad("checkpoint", self.tree.size, f"leaves {self.tree.size} to {highest} stand in no checkpoint")
        for level, rest in self.levels.items():
            if rest.head is not None:
                at = rest.head[0]
                self.bad("node", max(at << level, self.tree.size), f"level {level}, {at}, too many")

    def _certificates(self) -> None:
        """The certificates that we show against their leaves."""
        joined = (LogLeaf.subject == Certificate.number) & (LogLeaf.kind == facts.ISSUED)
        stored = queries.stored_bytes(self.session)
        query = select(Certificate.number, Certificate.digest, LogLeaf.leaf_index, stored).join(LogLeaf, joined)
        for number, digest, index, data in self.session.execute(query.execution_options(yield_per=1000)):
            try:
                said = json.loads(bytes(data))["body"]["digest"]
            except (ValueError, KeyError, TypeError):
                continue  # found above
            if said != digest and index is not None:
                self.bad("certificate", index, str(number))


def _numbered(rows: Iterator[tuple[int, Row]], size: int) -> Iterator[tuple[int, Row | None]]:
    """Leaf for leaf up to `size`, None where one is gone."""
    expected = 0
    for index, row in rows:
        while expected < min(index, size):
            yield expected, None
            expected += 1
        if index >= size:
            break
        yield index, row
        expected = index + 1
    for gone in range(expected, size):
        yield gone, None


def check(session: Session, outside: Sequence[Checkpoint] = ()) -> Checked:
    """Read the whole log. `outside`: checkpoints kept elsewhere, which show a cut, a fork or a rewriting that the
    database alone can't."""
    return Checker(session, outside).run()
