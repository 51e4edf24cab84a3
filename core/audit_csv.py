"""The audit log as CSV: one row a sealed line, every hash beside its bytes, so that anybody can check it without us."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import canonical
from core.audit import START, AuditLine, AuditSeal, Kept, chain, kept

COLUMNS = ("seq", "at", "actor", "word", "subject", "facts", "previous", "hash")
_HASH = re.compile(r"[0-9a-f]{64}")
_SEQ = re.compile(r"[1-9][0-9]{0,15}")


def rows(session: Session, start: datetime | None = None, end: datetime | None = None) -> Iterator[str]:
    """CSV text (RFC 4180: rows end with CR LF), header first. `start`, `end`: midnights; the end's day is included.

    A part of the log verifies by itself, because its first row names the hash before it. Lines are numbered as they
    are sealed, which isn't quite the order of their times: a part is the whole run from its first to its last line."""
    first, last = _run(session, start, end)
    yield _row(COLUMNS)
    if first is None:
        return
    for one in kept(session, first, last):
        at, actor, word, subject = one.at or "", one.actor or "", one.word or "", one.subject or ""
        yield _row((one.seq, at, actor, word, subject, _facts(one), one.previous, one.hash))


def _run(session: Session, start: datetime | None, end: datetime | None) -> tuple[int | None, int | None]:
    """Numbers of the first and the last sealed line of these days; (None, None) when there is none."""
    query = select(func.min(AuditSeal.seq), func.max(AuditSeal.seq))
    if start or end:
        query = query.join(AuditLine, AuditLine.line_no == AuditSeal.line_no)
    if start:
        query = query.where(AuditLine.at >= start)
    if end:
        query = query.where(AuditLine.at < end + timedelta(days=1))
    first, last = session.execute(query).one()
    return first, last


def _facts(one: Kept) -> str:
    """Canonical text; what can't be read any more goes out as it stands, and fails the check."""
    try:
        return canonical.encode(json.loads(one.facts or "")).decode()
    except (ValueError, RecursionError):
        return one.facts or ""


def verify(text: str, head: str | None = None) -> dict[str, Any]:
    """Check an export: `{ok, lines, head, sealed_until, first_bad}`. Raises ValueError when it is no export of ours.

    `first_bad` is the number of the first line that doesn't hold, or the one that should follow when only `head` is
    missing; null when it can't be told."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError("the first line doesn't name the columns of an audit export")
    previous, count, until, seq, seen = "", 0, None, None, head in (None, START)
    for row in reader:
        if not _good(row, previous, seq):
            return _found(False, count, previous, until, seq + 1 if seq else _seq(row))
        seen = seen or head in (row["previous"], row["hash"])
        previous, until, seq, count = row["hash"], row["at"], int(row["seq"]), count + 1
    return _found(seen, count, previous, until, None if seen else (seq or 0) + 1)


def _found(ok: bool, lines: int, head: str, until: str | None, first_bad: int | None) -> dict[str, Any]:
    return {"ok": ok, "lines": lines, "head": head or START, "sealed_until": until, "first_bad": first_bad}


def _good(row: dict[str, Any], previous: str, before: int | None) -> bool:
    try:
        cells = [row[name] for name in COLUMNS]
        if len(row) != len(COLUMNS) or not _SEQ.fullmatch(row["seq"]) or not _HASH.fullmatch(row["previous"]):
            return False
        seq, facts = int(row["seq"]), json.loads(row["facts"])
        if not isinstance(facts, dict) or canonical.encode(facts).decode() != row["facts"]:
            return False  # the same facts in other letters could tell a reader something else
        body = canonical.encode({**dict(zip(COLUMNS[1:5], cells[1:5], strict=True)), "facts": facts, "seq": seq})
        in_order = before is None or seq == before + 1
        starts_right = seq != 1 or row["previous"] == START
        follows = not previous or row["previous"] == previous
        return in_order and starts_right and follows and chain(row["previous"], body) == row["hash"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _seq(row: dict[str, Any]) -> int | None:
    seq = row.get("seq")
    return int(seq) if isinstance(seq, str) and _SEQ.fullmatch(seq) else None


def _row(values: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()
