"""A second verifier of an exported audit log, written from docs/audit.md alone. Reads CSV and JSON with its own eyes."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

COLUMNS = ["seq", "at", "actor", "word", "subject", "facts", "previous", "hash"]
NOTHING = "0" * 64
HASH = re.compile(r"[0-9a-f]{64}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
TEXT = re.compile(r"[A-Za-z0-9_.:/@+-]{0,160}")


class Unusable(Exception):
    """Not an export at all."""


@dataclass(frozen=True)
class Checked:
    ok: bool
    lines: int
    head: str
    sealed_until: str | None
    first_bad: int | None


def rows(raw: bytes) -> list[list[str]]:
    """RFC 4180 by hand: cells in quotes, doubled quotes, CRLF or LF at the end of a row."""
    text = raw.decode("utf-8-sig")
    found: list[list[str]] = []
    row: list[str] = []
    cell, quoted, i = "", False, 0
    while i < len(text):
        sign = text[i]
        if quoted:
            if sign == '"' and text[i + 1 : i + 2] == '"':
                cell, i = cell + '"', i + 1
            elif sign == '"':
                quoted = False
            else:
                cell += sign
        elif sign == '"':
            quoted = True
        elif sign == ",":
            row, cell = [*row, cell], ""
        elif sign == "\n" or text[i : i + 2] == "\r\n":
            i += sign == "\r"
            found, row, cell = [*found, [*row, cell]], [], ""
        else:
            cell += sign
        i += 1
    if row or cell:
        found.append([*row, cell])
    return found


def canonical(value: Any) -> str:
    """RFC 8785 for ASCII texts, whole numbers, true, false and null."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    raise ValueError(value)


def verify(raw: bytes, head: str | None = None) -> Checked:
    table = rows(raw)
    if not table or table[0] != COLUMNS:
        raise Unusable(table[:1])
    previous: str | None = None
    seq = at = None
    seen = set()
    lines = 0
    for cells in table[1:]:
        number = _holds(cells, previous, seq)
        if number is None:
            return Checked(False, lines, previous or NOTHING, at, seq + 1 if seq is not None else _said(cells))
        seen |= {cells[6], cells[7]}
        seq, at, previous, lines = number, cells[1], cells[7], lines + 1
    ok = head is None or head in (seen or {NOTHING})
    return Checked(ok, lines, previous or NOTHING, at, None)


def _said(cells: list[str]) -> int | None:
    """Of a first row nothing but its own word says which number it has."""
    return int(cells[0]) if re.fullmatch(r"[1-9][0-9]*", cells[0], re.ASCII) else None


def _holds(cells: list[str], previous: str | None, seq: int | None) -> int | None:
    """The line's number if all that the document asks of it is so."""
    if len(cells) != 8 or not re.fullmatch(r"[1-9][0-9]*", cells[0], re.ASCII):
        return None
    line = dict(zip(COLUMNS, cells, strict=True))
    number = int(line["seq"])
    if not (HASH.fullmatch(line["previous"]) and HASH.fullmatch(line["hash"]) and TIME.fullmatch(line["at"])):
        return None
    if (number == 1) != (line["previous"] == NOTHING) or (seq is not None and number != seq + 1):
        return None
    if previous is not None and line["previous"] != previous:
        return None
    try:
        facts = json.loads(line["facts"])
        if not isinstance(facts, dict) or canonical(facts) != line["facts"]:
            return None
        if any(isinstance(value, str) and not TEXT.fullmatch(value) for value in facts.values()):
            return None
    except ValueError:
        return None
    body = {key: line[key] for key in ("actor", "at", "subject", "word")} | {"facts": facts, "seq": number}
    digest = hashlib.sha256(bytes.fromhex(line["previous"]) + canonical(body).encode("utf-8")).hexdigest()
    return number if digest == line["hash"] else None
