"""From bytes to lines, once for all readers: size, encoding, line ends and terminal codes, each oddity a
finding."""

import re
from dataclasses import dataclass

from core.i18n import N_
from privacy.evidence.model import Finding, Unreadable

LARGEST = 16 * 1024 * 1024  # bytes; a log of a hundred disks is under 1 MiB
MOST_LINES = 60_000  # a wipe of forty days that told its progress every minute; each line costs every reader some time
LONGEST_LINE = 4096  # characters; the tools themselves cut at 1024

_LINE_END = re.compile(r"\r\n|\n|\r")
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[@-~]|[ -/]{1,4}[0-~]|[@-Z\\-_])")
# C0 and C1 controls, the marks that turn the reading direction, and line separators that a terminal or a page
# obeys
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Text:
    """The lines without their ends (line 1 first) and what was odd about the bytes."""

    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


def decoded(raw: bytes) -> tuple[str, str | None]:
    """The text and, if it isn't in UTF-8, a finding's code that says so. Raises Unreadable: too_big, binary, empty, not_text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") and len(raw) <= LARGEST:
        return _wide(raw), "encoding_utf16"  # what PowerShell's `>` writes
    return _narrow(_checked(raw).removeprefix(b"\xef\xbb\xbf"))


def _wide(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError as problem:
        raise _not_text() from problem
    _checked(text.encode("utf-8")[:LARGEST])
    return text


def _not_text() -> Unreadable:
    return Unreadable("not_text", N_("The file is not text in UTF-8 or GBK. Export the log again as a plain text file."))


def _narrow(raw: bytes) -> tuple[str, str | None]:
    for encoding, oddity in (("utf-8", None), ("gbk", "encoding_gbk")):
        try:
            return raw.decode(encoding), oddity
        except UnicodeDecodeError:
            continue
    raise _not_text()


def _checked(raw: bytes) -> bytes:
    if len(raw) > LARGEST:
        raise Unreadable(
            "too_big",
            N_("The file is larger than %(limit)s MiB. Send the log of one run only."),
            {"limit": LARGEST // 1024 // 1024},
        )
    if b"\0" in raw:
        raise Unreadable(
            "binary",
            N_("The file is not plain text. Send the tool's own file, not a photo or an archive."),
        )
    if not raw.strip():
        raise Unreadable("empty", N_("The file is empty. Check that the tool had finished when you copied its log."))
    return raw


def too_many_lines(limit: int) -> Unreadable:
    return Unreadable("too_big", N_("The file has more than %(limit)s lines. Send the log of one run only."), {"limit": limit})


def visible(text: str) -> str:
    """The text with every invisible or direction-turning character replaced, fit to be shown."""
    return _UNSEEN.sub("\ufffd", text)


def read_text(raw: bytes) -> Text:
    """Raises Unreadable: too_big, binary, empty, not_text."""
    text, oddity = decoded(raw)
    oddities = [oddity] if oddity else []
    if "\x1b" in text:
        oddities.append("terminal_codes")
        text = _ANSI.sub("", text)
    kinds = {"\r\n": text.count("\r\n")}
    kinds["\n"], kinds["\r"] = text.count("\n") - kinds["\r\n"], text.count("\r") - kinds["\r\n"]
    if sum(1 for count in kinds.values() if count) > 1:
        oddities.append("mixed_line_ends")
    if sum(kinds.values()) > MOST_LINES:
        raise too_many_lines(MOST_LINES)
    lines = tuple(_LINE_END.split(text)) if "\r" in text else tuple(text.split("\n"))
    findings = [Finding(code=code, value=True) for code in oddities]
    long = tuple(number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE)[:20]
    if long:
        findings.append(Finding(code="long_lines", value=True, lines=long))
    return Text(lines, tuple(findings))
