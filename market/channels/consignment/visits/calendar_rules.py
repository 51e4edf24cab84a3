"""A visit as a calendar file (iCalendar, RFC 5545). Pure: times go in as aware values and come out in UTC, so that no calendar
has to know a zone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

FOLD: Final = 75  # octets of a line, RFC 5545, 3.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`uid`: the same for every version of one visit; `version`: counts up with every change, so that a calendar takes the newer
    one; `made`: when this file was made."""

    uid: str
    version: int
    made: datetime
    start: datetime
    until: datetime
    title: str
    place: str
    words: str
    link: str
    off: bool = False


def ics(one: Entry) -> str:
    """The file, with the line ends and the folding that the format asks for; a day and an hour before, the calendar reminds."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xunshi//Consignment visits//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "BEGIN:VEVENT", f"UID:{one.uid}", f"SEQUENCE:{one.version}", f"DTSTAMP:{_utc(one.made)}", f"DTSTART:{_utc(one.start)}",
        f"DTEND:{_utc(one.until)}", f"SUMMARY:{_text(one.title)}", f"LOCATION:{_text(one.place)}",
        f"DESCRIPTION:{_text(one.words)}", f"URL:{one.link}", f"STATUS:{'CANCELLED' if one.off else 'CONFIRMED'}",
        *([] if one.off else [*_alarm("-P1D", one.title), *_alarm("-PT1H", one.title)]), "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _alarm(before: str, title: str) -> list[str]:
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", f"TRIGGER:{before}", "END:VALARM"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    r"""RFC 5545, 3.3.11: a backslash before \ ; and , and \n for a line end. Other control signs have no place in a text."""
    plain = "".join(sign for sign in value.replace("\r\n", "\n") if sign == "\n" or sign.isprintable())
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """In pieces of at most 75 octets, never within a letter; each further piece begins with a blank that isn't part of it."""
    pieces, size = [""], 0
    for sign in line:
        wide = len(sign.encode())
        if size + wide > FOLD:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += wide
    return "\r\n".join(pieces)
