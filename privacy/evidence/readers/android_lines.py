"""What stands in a capture of an Android phone: properties, settings and the answers of a few commands, each with its line.

A capture is one text with the outputs of `adb shell getprop`, `settings list global`, `settings list secure`,
`dumpsys account` and others one after another, or a JSON object with one text for each command. What a line is, is told by the
line itself, so the order and the headings don't matter; only a bare answer (`1`) needs the command above it.

Source: AOSP's own formats of getprop, `settings list` and AccountManagerService's dump; no capture of a wiped phone was at hand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from privacy.evidence.readers.doc import Doc
from privacy.evidence.readers.text import LONGEST_LINE, Text, visible

_PROPERTY = re.compile(r"\[([a-zA-Z0-9_.:-]{2,100})\]: \[(.{0,400})\]")
_SETTING = re.compile(r"([a-z][a-z0-9_]{3,60})=(.{0,200})")
_ASKED = re.compile(r".{0,60}?\bsettings get (?:--user \w{1,10} )?(?:global|secure|system) ([a-z][a-z0-9_]{3,60})\s{0,4}")
_ACCOUNTS = re.compile(r"\s{0,8}Accounts: ([0-9]{1,4})\s{0,4}")
_ACCOUNT = re.compile(r"\s{0,12}Account \{name=.{0,300}, type=(.{1,200})\}\s{0,4}")
_HISTORY = re.compile(r"\s{0,8}-?[0-9]{1,9},action_(?:called_)?account_add\b.{0,300}")
_IMEI = re.compile(r"\s{0,8}(?:IMEI|Device ID|imei)[^:=]{0,20}[:=]\s{0,4}([0-9][0-9 /-]{13,24})\s{0,4}")
_VOLUME = re.compile(r"\s{0,4}(public|private|emulated):?\S{0,40} (?:mounted|unmounted|checking|removed)\b.{0,80}")
_CARD = re.compile(r".{0,200}\s/storage/[0-9A-F]{4}-[0-9A-F]{4}(?:\s.{0,200})?")
# what `ls -l` answers about the marker, not the command that asks for it
_RESET = re.compile(r"(ls: |-[rwxst-]{9}[ .+].{1,80} )(?:/data/misc/bootstat/)?factory_reset(: .{1,80})?")
_OWNER = re.compile(r"\s{0,8}(?:Device Owner|Profile Owner|Device owner|Profile owner)\b.{0,80}")
_NO_OWNER = re.compile(r"\s{0,4}no owners\s{0,4}", re.IGNORECASE)
MOST_LINES = 60_000
_MOST_IMEIS = 20


@dataclass(slots=True)
class Capture:
    """Values with their lines. A name that stands there twice keeps both."""

    properties: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    settings: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    accounts: list[tuple[int, int]] = field(default_factory=list)
    imeis: list[str] = field(default_factory=list)
    volumes: list[tuple[str, int]] = field(default_factory=list)
    markers: list[tuple[str, int]] = field(default_factory=list)
    seen: dict[str, list[int]] = field(default_factory=dict)
    cut: bool = False

    def prop(self, *names: str) -> str | None:
        """The first of these properties that has a value."""
        found = (value for name in names for value, _ in self.properties.get(name, [])[:1])
        return next((visible(value).strip() for value in found if value.strip()), None)

    def setting(self, name: str) -> str | None:
        found = self.settings.get(name)
        return found[0][0].strip() if found and found[0][0].strip() not in ("", "null") else None

    def lines_of(self, *names: str) -> tuple[int, ...]:
        return tuple(line for name in names for _, line in (*self.properties.get(name, []), *self.settings.get(name, [])))

    def seen_at(self, kind: str) -> list[int]:
        """Lines of one kind of answer that has no value: account, history, owner, no_owner."""
        return self.seen.get(kind, [])

    @property
    def twice(self) -> tuple[int, ...]:
        """Lines of the properties and settings that are there with two different values."""
        both = (*self.properties.values(), *self.settings.values())
        return tuple(line for found in both if len({value for value, _ in found}) > 1 for _, line in found)


def lines_in(decoded: Text | Doc) -> Sequence[str]:
    """The capture's lines; of a JSON object each key is a line of its own above its text."""
    if isinstance(decoded, Text):
        return decoded.lines
    value = decoded.value
    if not isinstance(value, dict) or len(value) > 200:
        return ()
    parts = [f"{key}\n{text}" for key, text in value.items() if isinstance(text, str)]
    return "\n".join(parts).replace("\r", "").split("\n")


def looks_like_one(lines: Sequence[str]) -> bool:
    """Does any of the first lines say something only Android says?"""
    for line in lines[:20_000]:
        if line[:4] in ("[ro.", "[sys", "[gsm", "[per") and _PROPERTY.fullmatch(line.rstrip()[:600]):
            return True
        if line.startswith(("device_provisioned=", "user_setup_complete=", "secure_frp_mode=")):
            return True
    return False


def capture(lines: Sequence[str]) -> Capture:
    """Every line sorted; those that say nothing known are passed over."""
    found, asked = Capture(cut=len(lines) > MOST_LINES), None
    for number, line in enumerate(lines[:MOST_LINES], 1):
        if not line or len(line) > LONGEST_LINE:
            continue
        if hit := _ASKED.fullmatch(line[-140:]):
            asked = hit[1]
        elif asked is not None and line.strip():
            found.settings.setdefault(asked, []).append((line.strip()[:200], number))
            asked = None
        else:
            _sort(found, number, line.rstrip())
    return found


def _sort(found: Capture, number: int, line: str) -> None:
    if line[:1] == "[":
        if hit := _PROPERTY.fullmatch(line):
            found.properties.setdefault(hit[1], []).append((hit[2], number))
        return
    if hit := _SETTING.fullmatch(line):
        found.settings.setdefault(hit[1], []).append((hit[2], number))
    for kind, value in _answers(line[:400]):
        if kind == "accounts":
            found.accounts.append((int(value), number))
        elif kind == "imei":
            found.imeis += [value] if len(found.imeis) < _MOST_IMEIS else []
        elif kind in ("volume", "marker"):
            (found.volumes if kind == "volume" else found.markers).append((value, number))
        else:
            found.seen.setdefault(kind, []).append(number)


def _answers(line: str) -> Iterator[tuple[str, str]]:
    """What kind of answer the line is, if any, and its value."""
    if hit := _ACCOUNTS.fullmatch(line):
        yield "accounts", hit[1]
    elif _ACCOUNT.fullmatch(line):
        yield "account", ""
    elif _HISTORY.fullmatch(line):
        yield "history", ""
    elif hit := _IMEI.fullmatch(line):
        yield "imei", hit[1]
    elif hit := _VOLUME.fullmatch(line):
        yield "volume", hit[1]
    elif "/storage/" in line and _CARD.fullmatch(line):
        yield "volume", "public"
    elif "factory_reset" in line and (hit := _RESET.fullmatch(line)):
        yield "marker", f"{hit[1]}{hit[2] or ''}".strip(" :")
    elif _NO_OWNER.fullmatch(line):
        yield "no_owner", ""
    elif _OWNER.fullmatch(line):
        yield "owner", ""
