"""One device of hdparm's output as a row, and what is odd about it."""

from collections.abc import Callable, Iterator

from privacy.evidence.model import DeviceRow, Finding, MediumKind, Source, Status, Technique
from privacy.evidence.readers.hdparm_device import Device, lines_of
from privacy.evidence.readers.marks import SHOWN, bounded, clash, gap, identity_marks, is_swapped, note

_ONCE = ("model", "serial", "wwn", "sectors48", "sectors28", "sector_size", "rotation")
_IDLE, _FROZEN, _RUNNING, _FAILED, _SUCCEEDED = "SD0", "SD1", "SD2", "SD3", "SD4"


def _sector(device: Device) -> int:
    return device.number("sector_size") or 512


def visible_bytes(device: Device) -> int | None:
    """What the drive shows now; a device that isn't ATA answers with nothing but zeros."""
    sectors = device.number("sectors48") or device.number("sectors28")
    if sectors is None and device.native:
        sectors = device.native[0][0]
    return bounded(sectors * _sector(device)) if sectors else None


def native_bytes(device: Device) -> int | None:
    """The most it could show, by `-N` and `--dco-identify`. 0 and 1 sectors are what devices answer that can't be asked."""
    sizes = [top for _, top, valid, _ in device.native if valid and top > 1]
    if (real := device.number("real_sectors")) is not None and real > 1:
        sizes.append(real)
    return bounded(max(sizes) * _sector(device)) if sizes else None


def medium_of(device: Device) -> MediumKind | None:
    rate = device.get("rotation")
    if rate is None:
        return None
    return "semiconductor" if rate == "Solid State Device" else "magnetic" if rate.isascii() and rate.isdigit() else None


def technique_of(device: Device) -> Technique | None:
    """Only a command that stands in the file: the status doesn't say what was done."""
    return device.commands[-1][0] if device.commands else None


def status_of(device: Device) -> Status | None:
    """The last status asked for, if the drive was heard. Idle without `Completed Without Error` tells nothing."""
    if "sanitize_failed" in device.marks or _state(device) == _FAILED:
        return "failed"
    ended = device.marks.get("completed", [])
    begun = max((line for _, line in device.commands), default=0)
    heard = not any(line > begun for line in device.sanitize_unheard)
    return "erased" if heard and _state(device) in (_IDLE, _SUCCEEDED) and any(line > begun for line in ended) else None


def _state(device: Device) -> str | None:
    return (device.last("state") or "")[:3] or None


def source_of(device: Device) -> Source | None:
    if not device.get("serial"):
        return None
    return "bridge" if is_swapped(device.get("model")) else "ata"


def row_of(device: Device) -> DeviceRow:
    """All outputs about one node together."""
    technique = technique_of(device)
    seen, native = visible_bytes(device), native_bytes(device)
    wwn = device.get("wwn")
    return DeviceRow(
        node=device.node,
        serial=device.get("serial"),
        model=device.get("model"),
        capacity_bytes=seen,
        method=f"ATA sanitize: {technique.replace('_', ' ')}" if technique else None,
        status=status_of(device),
        bus="ATA" if "identity" in device.marks and device.get("model") else None,
        hidden_sectors=None if seen is None or native is None else native > seen,
        medium=medium_of(device),
        technique=technique,
        own_command=technique is not None,
        native_bytes=native,
        serial_source=source_of(device),
        identities=(("wwn", wwn.lower()),) if wwn and wwn.strip("0") else (),
        security_enabled=device.security("enabled"),
        security_locked=device.security("locked"),
        security_frozen=device.security("frozen"),
    )


def device_findings(device: Device) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(device)


def _identity(device: Device) -> Iterator[Finding]:
    node = device.node
    for name in _ONCE:
        if len({value for value, _ in device.said.get(name, [])}) > 1:
            yield clash(f"{name}_disagrees", *lines_of(device, name), node=node)
    yield from identity_marks(device.get("serial"), device.get("model"), *lines_of(device, "serial", "model"), node=node)
    asked = device.marks.get("identity", [])
    if asked and not device.get("serial"):
        yield note("no_identity", True, *asked, node=node)
    if asked and device.get("serial") and "end" not in device.marks:
        yield gap("identity_end", *asked, node=node)


def _hidden(device: Device) -> Iterator[Finding]:
    seen, native = visible_bytes(device), native_bytes(device)
    lines = [line for *_, line in device.native]
    if device.native or "real_sectors" in device.said:
        value = None if seen is None or native is None else native > seen
        yield note("hidden_sectors", value, *lines, *lines_of(device, "real_sectors"), node=device.node)
    if seen is not None and native is not None and native < seen:
        yield clash("native_below_visible", *lines, node=device.node)


def _security(device: Device) -> Iterator[Finding]:
    if device.security("enabled"):
        yield note("security_left_on", True, *lines_of(device, "enabled"), node=device.node)
    elif device.security("enabled") is False and device.security("locked"):
        yield clash("locked_without_password", *lines_of(device, "enabled", "locked"), node=device.node)
    for name in ("enabled", "locked", "frozen"):
        if name not in device.said and "security" in device.marks:
            yield gap(f"security_{name}", *device.marks["security"], node=device.node)


def _sanitize(device: Device) -> Iterator[Finding]:
    node, state = device.node, _state(device)
    lines = (*device.status_asked, *lines_of(device, "state"))[:SHOWN]
    if "identity" in device.marks or "unsupported" in device.marks:
        able = sorted(name for name in device.features if name != "SANITIZE")
        told = "unsupported" in device.marks
        if told and "SANITIZE" in device.features:
            yield clash("sanitize_supported", *device.marks["unsupported"], node=node)
        known = bool(able) if told or device.get("serial") else None
        yield note("sanitize_supported", known, *device.features.values(), node=node, detail=", ".join(able) or None)
    if state == _RUNNING:
        yield note("in_progress", True, *lines, node=node)
    elif state == _FROZEN:
        yield note("sanitize_frozen", True, *lines, node=node)
    if device.status_asked and "state" not in device.said and "sanitize_error" not in device.marks:
        yield gap("sanitize_status", *device.status_asked, node=node)
    yield from _outcome(device)


def _outcome(device: Device) -> Iterator[Finding]:
    """Said of the same sanitize: done, and yet failed or still running; or a drive that didn't answer."""
    done, failed = device.marks.get("completed", []), device.marks.get("sanitize_failed", [])
    begun = max((line for _, line in device.commands), default=0)
    if any(line > begun for line in done) and any(line > begun for line in failed):
        yield clash("sanitize_outcome", *done, *failed, node=device.node)
    if device.sanitize_unheard:
        yield note("status_unheard", True, *device.sanitize_unheard, node=device.node)
    if done and _state(device) in (_RUNNING, _FROZEN) and done[-1] > lines_of(device, "state")[-1]:
        yield clash("sanitize_outcome", *done, node=device.node)


_CHECKS: tuple[Callable[[Device], Iterator[Finding]], ...] = (_identity, _hidden, _security, _sanitize)
