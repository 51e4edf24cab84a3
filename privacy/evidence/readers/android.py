"""Reads a capture of an Android phone before or after a reset: its state, never a proof that anything was erased."""

import re
from collections.abc import Iterator

from privacy.evidence.core_digest import core_of
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import Counters, DeviceRow, Evidence, Finding, Lock
from privacy.evidence.readers.android_lines import Capture, capture, lines_in, looks_like_one
from privacy.evidence.readers.doc import Doc
from privacy.evidence.readers.marks import clash, gap, identity_marks, is_whole, note
from privacy.evidence.readers.phones import imeis, yes_or_no
from privacy.evidence.readers.text import Text, visible

FORMAT = "android-capture"
PARSER = "android 1"
_SERIALS = ("ro.serialno", "ro.boot.serialno")
_CRYPTO = {"encrypted": True, "unencrypted": False}
_BOOT = {"green": True, "yellow": False, "orange": False, "red": False}
_LOCKED = {"locked": True, "unlocked": False}
_LEAST_TIMES = 3  # boot times that tell one boot from another


def recognises(decoded: Text | Doc) -> bool:
    return looks_like_one(lines_in(decoded))


def read(decoded: Text | Doc, sha256: str) -> Evidence:
    """One phone. Lines are those of the text; of a JSON object, of its texts one after another."""
    found = capture(lines_in(decoded))
    phone, odd = imeis(found.imeis)
    findings = (*decoded.findings, *odd, *_state(found), *_clashes(found), *_identity(found))
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="adb",
        tool_version=None,
        complete=is_whole(findings),
        devices=(_row(found, phone),),
        findings=findings,
        kind="state",
        locks=tuple(_locks(found)),
        real_seen=False,
    )


def _row(found: Capture, phone: tuple[tuple[str, str], ...]) -> DeviceRow:
    serial, boots = found.prop(*_SERIALS), found.setting("boot_count")
    return DeviceRow(
        serial=serial,
        model=found.prop("ro.product.model", "ro.product.system.model"),
        serial_source="system" if serial else None,
        identities=phone,
        counters=Counters(boot_count=int(boots)) if boots and re.fullmatch(r"[0-9]{1,9}", boots) else None,
        core=_core(found),
    )


def _core(found: Capture) -> str | None:
    """The nanoseconds at which each service began are one boot's own."""
    began = (name for name in found.properties if name.startswith("ro.boottime."))
    times = sorted((name, value) for name in began for value, _ in found.properties[name])
    return core_of("android", times, found.setting("boot_count")) if len(times) >= _LEAST_TIMES else None


def _state(found: Capture) -> Iterator[Finding]:
    kind = found.prop("ro.crypto.type") if found.prop("ro.crypto.state") == "encrypted" else None
    encrypted = _CRYPTO.get(found.prop("ro.crypto.state") or "")
    yield note("encrypted", encrypted, *found.lines_of("ro.crypto.state", "ro.crypto.type"), detail=kind)
    state = found.prop("ro.boot.verifiedbootstate")
    yield note("verified_boot", _BOOT.get(state or ""), *found.lines_of("ro.boot.verifiedbootstate"), detail=state)
    yield note("boot_locked", _boot_locked(found), *found.lines_of("ro.boot.flash.locked", "ro.boot.vbmeta.device_state"))
    yield note("frp_supported", True if found.prop("ro.frp.pst") else None, *found.lines_of("ro.frp.pst"))
    for code in ("device_provisioned", "user_setup_complete", "secure_frp_mode"):
        yield note(code, yes_or_no(found.setting(code)), *found.lines_of(code))
    yield note("after_reset", _after(found), *found.lines_of("device_provisioned", "user_setup_complete"))
    yield note("accounts", _accounts(found), *(line for _, line in found.accounts), detail=_how_many(found))
    if found.seen_at("history"):
        yield note("account_history", True, *found.seen_at("history"))
    yield note("sd_card", _card(found), *(line for _, line in found.volumes))
    yield note("esim", yes_or_no(found.setting("euicc_provisioned")), *found.lines_of("euicc_provisioned"))
    yield from _marker(found)
    if found.prop("ro.kernel.qemu", "ro.boot.qemu") == "1":
        yield note("emulator", True, *found.lines_of("ro.kernel.qemu", "ro.boot.qemu"))


def _boot_locked(found: Capture) -> bool | None:
    said = {yes_or_no(found.prop("ro.boot.flash.locked")), _LOCKED.get(found.prop("ro.boot.vbmeta.device_state") or "")} - {None}
    return said.pop() if len(said) == 1 else None


def _after(found: Capture) -> bool | None:
    """Set-up not gone through: a reset phone at its first screens. Gone through: used, before a reset or after another one."""
    provisioned, complete = (yes_or_no(found.setting(name)) for name in ("device_provisioned", "user_setup_complete"))
    if provisioned is None and complete is None:
        return None
    return not (provisioned or complete)


def _how_many(found: Capture) -> str | None:
    return str(sum(count for count, _ in found.accounts)) if found.accounts else None


def _accounts(found: Capture) -> bool | None:
    if found.seen_at("account"):
        return True
    return any(count for count, _ in found.accounts) if found.accounts else None


def _card(found: Capture) -> bool | None:
    """A card in the slot survives a reset."""
    return any(kind == "public" for kind, _ in found.volumes) if found.volumes else None


def _marker(found: Capture) -> Iterator[Finding]:
    """Its time is that of the first boot after the reset, by the phone's own clock."""
    for said, line in found.markers[:5]:
        there = None if "ermission denied" in said else "No such file" not in said
        yield note("factory_reset_marker", there, line, detail=visible(said[:100]) or None)


def _clashes(found: Capture) -> Iterator[Finding]:
    if found.cut:
        yield gap("the lines beyond the first 100000")
    if found.twice:
        yield clash("two values in one place", *found.twice)
    one, other = (normalise_serial(found.prop(name)) for name in _SERIALS)
    if one and other and one != other:
        yield clash("inner and outer serial", *found.lines_of(*_SERIALS))
    flash, state = yes_or_no(found.prop("ro.boot.flash.locked")), _LOCKED.get(found.prop("ro.boot.vbmeta.device_state") or "")
    if None not in (flash, state) and flash != state:
        yield clash("boot lock", *found.lines_of("ro.boot.flash.locked", "ro.boot.vbmeta.device_state"))
    if found.accounts and found.seen_at("account") and sum(count for count, _ in found.accounts) < len(found.seen_at("account")):
        yield clash("accounts", *(line for _, line in found.accounts))
    if _after(found) and _accounts(found):
        yield clash("accounts before set-up", *(line for _, line in found.accounts))
    if found.seen_at("owner") and found.seen_at("no_owner"):
        yield clash("owners", *found.seen_at("owner"), *found.seen_at("no_owner"))


def _identity(found: Capture) -> Iterator[Finding]:
    serial = found.prop(*_SERIALS)
    return identity_marks(serial, found.prop("ro.product.model"), *found.lines_of(*_SERIALS))


def _locks(found: Capture) -> Iterator[Lock]:
    """That nothing is locked is only known where the phone says so."""
    yield Lock(kind="accounts", on=_accounts(found), lines=tuple(line for _, line in found.accounts)[:20])
    yield Lock(kind="frp", on=yes_or_no(found.setting("secure_frp_mode")), lines=found.lines_of("secure_frp_mode")[:20])
    owned = True if found.seen_at("owner") else False if found.seen_at("no_owner") else None
    yield Lock(kind="mdm", on=owned, lines=tuple(found.seen_at("owner") or found.seen_at("no_owner"))[:20])
