"""Reads what `ideviceinfo` says of an iPhone or iPad, as text or as a property list (-x), alone or with the answer of
`ideviceinfo -q com.apple.fmip` in the same file. A state, before or after an erase, never a proof of one.

Source: libimobiledevice's own output format and lockdown's keys; no file of a wiped phone was at hand. `Unactivated` doesn't tell
that no account holds the phone: Activation Lock looks the same.
"""

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import DeviceRow, Evidence, Finding, Lock
from privacy.evidence.readers.marks import clash, gap, identity_marks, is_whole, note
from privacy.evidence.readers.phones import imeis, yes_or_no
from privacy.evidence.readers.text import LONGEST_LINE, Text, visible

FORMAT = "ideviceinfo"
PARSER = "ideviceinfo 1"
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9]{2,60}): (.{0,400})")
_ACTIVE = {"Activated": True, "Unactivated": False}
_SUSPICIOUS = ("FactoryActivated", "WildcardActivated", "SoftActivation", "MismatchedIMEI", "MissingSIM")
_UDID = re.compile(r"([0-9A-Fa-f]{8})-([0-9A-Fa-f]{16})")
MOST_LINES = 20_000  # a phone answers some hundred
_OWN = ("UniqueDeviceID", "UniqueChipID", "ActivationState", "ProductType", "SerialNumber", "IsAssociated")

Values = Mapping[str, tuple[str, tuple[int, ...]]]


def recognises(decoded: Text | Element) -> bool:
    """A property list or lines with at least two of the keys that only lockdown has."""
    if isinstance(decoded, Element):
        return decoded.tag == "plist" and len({*_OWN} & {key.text for key in decoded.iter("key")}) > 1
    starts = {line.partition(":")[0] for line in decoded.lines[:5000] if len(line) < 200}
    return len({*_OWN} & starts) > 1


def read(decoded: Text | Element, sha256: str) -> Evidence:
    """One phone."""
    values, odd = _from_list(decoded) if isinstance(decoded, Element) else _from_text(decoded)
    phone, wrong = imeis(_said(values, f"InternationalMobileEquipmentIdentity{second}") for second in ("", "2"))
    serial = _said(values, "SerialNumber")
    findings = (*odd, *wrong, *_state(values), *_clashes(values), *identity_marks(serial, None))
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="ideviceinfo",
        tool_version=None,
        complete=is_whole(findings),
        devices=(_row(values, serial, phone),),
        findings=findings,
        kind="state",
        locks=tuple(_locks(values)),
        real_seen=False,
    )


def _from_text(text: Text) -> tuple[Values, list[Finding]]:
    """Keys at the left margin; what is indented belongs to another key."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    twice: list[int] = []
    for number, line in enumerate(text.lines[:MOST_LINES], 1):
        if line and len(line) <= LONGEST_LINE and (hit := _LINE.fullmatch(line.rstrip())):
            before = found.setdefault(hit[1], (hit[2].strip(), (number,)))
            if before[0] != hit[2].strip() and hit[1] in _OWN:
                twice += [*before[1], number]
    odd = [clash("two values in one place", *twice)] if twice else []
    if len(text.lines) > MOST_LINES:
        odd.append(gap("the lines beyond the first 20000"))
    return found, [*text.findings, *odd]


def _from_list(root: Element) -> tuple[Values, list[Finding]]:
    """The outermost dictionary, and those of query domains within it."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    twice = False
    for key, value in _pairs(root.find("dict")):
        inner = _pairs(value) if value.tag == "dict" and key.startswith("com.apple.") else ((key, value),)
        for name, one in inner:
            said = one.tag if one.tag in ("true", "false") else (one.text or "").strip()
            twice |= found.setdefault(name, (said, ()))[0] != said and name in _OWN
    return found, [clash("two values in one place")] if twice else []


def _pairs(dictionary: Element | None) -> Iterator[tuple[str, Element]]:
    parts = list(dictionary) if dictionary is not None else []
    for key, value in zip(parts[::2], parts[1::2], strict=False):
        if key.tag == "key" and key.text:
            yield key.text, value


def _said(values: Values, key: str) -> str | None:
    found = values.get(key)
    return visible(found[0])[:200].strip() or None if found else None


def _at(values: Values, *keys: str) -> tuple[int, ...]:
    return tuple(line for key in keys for line in values.get(key, ("", ()))[1])


def _row(values: Values, serial: str | None, phone: tuple[tuple[str, str], ...]) -> DeviceRow:
    names = (("udid", "UniqueDeviceID"), ("ecid", "UniqueChipID"), ("meid", "MobileEquipmentIdentifier"))
    others = tuple((kind, said) for kind, key in names if (said := _said(values, key)) is not None)
    return DeviceRow(
        serial=serial,
        model=_said(values, "ProductType"),
        serial_source="system" if serial else None,
        identities=(*phone, *others),
        core=_core(values),
    )


def _core(values: Values) -> str | None:
    """The phone's own clock, to the microsecond, at which it was asked."""
    when = _said(values, "TimeIntervalSince1970")
    return core_of("ideviceinfo", when) if when and re.fullmatch(r"[0-9]{9,11}\.[0-9]{3,9}", when) else None


def _state(values: Values) -> Iterator[Finding]:
    state = _said(values, "ActivationState")
    lines = _at(values, "ActivationState")
    yield note("activated", _ACTIVE.get(state or ""), *lines, detail=state)
    active = _ACTIVE.get(state or "")
    yield note("after_reset", None if active is None else not active, *lines)
    if state in _SUSPICIOUS:
        yield note("suspicious_activation", True, *lines, detail=state)
    yield note("brick_state", yes_or_no(_said(values, "BrickState")), *_at(values, "BrickState"))
    sim = _said(values, "SIMStatus")
    inserted = None if sim is None else "NotInserted" not in sim
    yield note("sim_inserted", inserted, *_at(values, "SIMStatus"))
    yield note("os_version", None, *_at(values, "ProductVersion"), detail=_said(values, "ProductVersion"))


def _clashes(values: Values) -> Iterator[Finding]:
    if _said(values, "ActivationState") == "Activated" and yes_or_no(_said(values, "BrickState")):
        yield clash("activation and brick state", *_at(values, "ActivationState", "BrickState"))
    udid, ecid, chip = (_said(values, key) for key in ("UniqueDeviceID", "UniqueChipID", "ChipID"))
    hit = _UDID.fullmatch(udid or "")
    # the newer form of a UDID is the chip's kind and its ECID in hexadecimal digits
    for text, part in ((ecid, 2), (chip, 1)):
        if hit and text and re.fullmatch(r"[0-9]{1,20}", text) and int(text) != int(hit[part], 16):
            yield clash("device id and chip id", *_at(values, "UniqueDeviceID", "UniqueChipID", "ChipID"))


def _locks(values: Values) -> Iterator[Lock]:
    """`IsAssociated` is what Find My says; without the answer it isn't known. Activation Lock can't be read here at all."""
    for kind, key in (("find_my", "IsAssociated"), ("passcode", "PasswordProtected")):
        yield Lock(kind=kind, on=yes_or_no(_said(values, key)), lines=_at(values, key))
    yield Lock(kind="mdm", on=True if yes_or_no(_said(values, "IsSupervised")) else None, lines=_at(values, "IsSupervised"))
    yield Lock(kind="activation", on=None)
