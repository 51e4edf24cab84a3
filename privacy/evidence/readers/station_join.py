"""Several answers about one device, and the log of its wipe, put together to one row; where they disagree, a contradiction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from privacy.evidence.identity import normalise_serial, same_serial
from privacy.evidence.model import Counters, DeviceRow, Evidence, Finding
from privacy.evidence.readers.doc import count, word
from privacy.evidence.readers.marks import bounded, clash, gap
from privacy.evidence.readers.station_inner import Inner

_T = TypeVar("_T")
_UNBINDING = "nvme-id-ctrl"  # tells the controller's whole capacity, which may hold several namespaces


def joined(value: Mapping[str, object], inner: Inner, wipe: Evidence | None) -> tuple[DeviceRow | None, list[Finding]]:
    """The row, None if no answer is about a device, and what disagrees."""
    node = word(value, "device", "node")
    rows = [(name, row) for name, one in inner for row in one.devices]
    if not rows:
        return None, [gap("no_answer")]
    marks = [clash("other_device") for _, row in rows if row.node and not _same_node(row.node, node)]
    marks += [clash("several_devices") for _, one in inner if len(one.devices) > 1]
    row, said = _state(node, count(value, "device", "size_bytes"), rows)
    marks += said
    row = replace(row, finished=(word(value, "taken") or "")[:19] or None)
    if wipe is not None:
        row, said = _with_wipe(row, wipe)
        marks += said
    return row, marks


def _same_node(inner: str, node: str | None) -> bool:
    """nvme-cli names the controller, nvme0, where the node is a namespace, /dev/nvme0n1."""
    name, own = inner.removeprefix("/dev/"), (node or "").removeprefix("/dev/")
    return name == own or (own.startswith(f"{name}n") and name.startswith("nvme"))


def _state(node: str | None, size: int | None, rows: list[tuple[str, DeviceRow]]) -> tuple[DeviceRow, list[Finding]]:
    marks: list[Finding] = []

    def one(detail: str, pick: Callable[[DeviceRow], _T | None], skip: str = "") -> _T | None:
        """The value that all answers share; the first one and a contradiction where they don't."""
        said = [found for name, row in rows if name != skip and (found := pick(row)) is not None]
        if len(set(said)) > 1:
            marks.append(clash(detail))
        return said[0] if said else None

    serials = [row.serial for _, row in rows if row.serial]
    if len({normalise_serial(serial) or serial for serial in serials}) > 1:
        marks.append(clash("inner_outer_serial"))
    capacity = one("capacity_disagrees", lambda row: row.capacity_bytes, skip=_UNBINDING)
    if capacity is not None and size is not None and capacity != size:
        marks.append(clash("capacity_disagrees"))
    found = DeviceRow(
        node=node,
        serial=serials[0] if serials else None,
        model=one("model_disagrees", lambda row: row.model),
        capacity_bytes=capacity if capacity is not None else bounded(size),
        bus=one("bus_disagrees", lambda row: row.bus),
        medium=one("medium_disagrees", lambda row: row.medium),
        method=one("method_disagrees", lambda row: row.method),
        passes_done=one("passes_disagree", lambda row: row.passes_done),
        passes_asked=one("passes_disagree", lambda row: row.passes_asked),
        random_passes=one("passes_disagree", lambda row: row.random_passes),
        technique=one("technique_disagrees", lambda row: row.technique),
        own_command=any(row.own_command for _, row in rows),
        status=one("status_disagrees", lambda row: row.status),
        native_bytes=one("native_disagrees", lambda row: row.native_bytes),
        hidden_sectors=one("hidden_sectors_disagree", lambda row: row.hidden_sectors),
        security_enabled=one("security_disagrees", lambda row: row.security_enabled),
        security_locked=one("security_disagrees", lambda row: row.security_locked),
        security_frozen=one("security_disagrees", lambda row: row.security_frozen),
        serial_source="bridge" if any(row.serial_source == "bridge" for _, row in rows) else one(
            "source_disagrees", lambda row: row.serial_source
        ),
        usb_bridge=any(row.usb_bridge for _, row in rows),
        identities=_identities(rows, marks),
        counters=_counters([row.counters for _, row in rows if row.counters], marks),
        core=next((row.core for _, row in rows if row.core), None),
    )  # fmt: skip
    return found, marks


def _identities(rows: Iterable[tuple[str, DeviceRow]], marks: list[Finding]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for _, row in rows:
        for kind, name in row.identities:
            if found.setdefault(kind, name.lower()) != name.lower():
                marks.append(clash("identity_disagrees"))
    return tuple(sorted(found.items()))


def _counters(said: list[Counters], marks: list[Finding]) -> Counters | None:
    """Asked within a minute, so hours may have gone up by one and bytes a little; cycles not at all."""
    if not said:
        return None
    hours = [one.power_on_hours for one in said if one.power_on_hours is not None]
    cycles = [one.power_cycles for one in said if one.power_cycles is not None]
    written = [one.bytes_written for one in said if one.bytes_written is not None]
    if (hours and max(hours) - min(hours) > 1) or len(set(cycles)) > 1 or (written and written != sorted(written)):
        marks.append(clash("counters_disagree"))
    erased = [one.data_erased for one in said if one.data_erased is not None]
    return Counters(
        power_on_hours=max(hours, default=None),
        power_cycles=max(cycles, default=None),
        bytes_written=max(written, default=None),
        data_erased=erased[0] if erased else None,
    )


def _with_wipe(state: DeviceRow, wipe: Evidence) -> tuple[DeviceRow, list[Finding]]:
    """The wipe's facts under the device's own identity: the last run on this serial."""
    runs = [row for row in wipe.devices if same_serial(row.serial, state.serial)]
    if not runs:
        return state, [clash("inner_outer_serial")]
    run = runs[-1]
    marks = []
    hidden = True if True in (state.hidden_sectors, run.hidden_sectors) else state.hidden_sectors
    hidden = run.hidden_sectors if hidden is None else hidden
    if run.capacity_bytes is not None and state.capacity_bytes is not None and run.capacity_bytes != state.capacity_bytes:
        marks.append(clash("capacity_disagrees"))
    return (
        replace(
            run,
            node=state.node,
            serial=state.serial,
            model=state.model or run.model,
            bus=state.bus or run.bus,
            usb_bridge=state.usb_bridge or run.usb_bridge,
            medium=state.medium or run.medium,
            native_bytes=max((size for size in (state.native_bytes, run.native_bytes) if size is not None), default=None),
            hidden_sectors=hidden,
            hidden_unknown=run.hidden_unknown and hidden is None,
            serial_source=state.serial_source,
            identities=state.identities,
            counters=state.counters,
            security_enabled=state.security_enabled,
            security_locked=state.security_locked,
            security_frozen=state.security_frozen,
        ),
        marks,
    )  # fmt: skip
