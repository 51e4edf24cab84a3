"""Where smartctl's JSON contradicts itself, what is missing, and what people should know."""

from collections.abc import Callable, Iterator

from privacy.evidence.model import Finding
from privacy.evidence.readers.doc import Json, count, members, truth, word
from privacy.evidence.readers.marks import LARGEST, clash, gap, identity_marks, note
from privacy.evidence.readers.smartctl_values import attributes, bus_of, is_bridge, model_of, seconds_apart, sectors_written

_QUARTER = 900  # zones differ from UTC by whole quarters of an hour
_FARTHEST = 14 * 3600
# smartctl(8), "Exit status": each bit tells of one thing
_USAGE, _NOT_OPENED, _COMMAND_FAILED, _FAILING, _PREFAIL, _WAS_PREFAIL, _ERRORS_LOGGED, _TESTS_FAILED = range(8)


def findings_in(value: Json) -> Iterator[Finding]:
    """All of them, for one device."""
    node = word(value, "device", "name")
    for check in _CHECKS:
        yield from check(value, node)


def _exit(value: Json, node: str | None) -> Iterator[Finding]:
    status = count(value, "smartctl", "exit_status")
    if status is None or status > 255:
        yield gap("exit_status", node=node)
        return
    if status >> _USAGE & 1 or status >> _NOT_OPENED & 1:
        yield gap("not_opened", node=node)
        if word(value, "serial_number"):
            yield clash("read_though_not_opened", node=node)
    if status >> _COMMAND_FAILED & 1:
        yield note("command_failed", True, node=node)
    if status >> _FAILING & 1 or truth(value, "smart_status", "passed") is False:
        yield note("smart_failing", True, node=node)
        if not status >> _FAILING & 1:
            yield clash("smart_status", node=node)


def _messages(value: Json, node: str | None) -> Iterator[Finding]:
    """What it said it couldn't do."""
    said = [word(one, "string") or "" for one in members(value, "smartctl", "messages")]
    if is_bridge(value) or any("USB bridge" in text for text in said):
        yield note("usb_bridge", True, node=node)


def _identity(value: Json, node: str | None) -> Iterator[Finding]:
    opened = model_of(value) is not None or word(value, "serial_number") is not None
    if opened and word(value, "serial_number") is None:
        yield gap("serial", node=node)
    if opened and bus_of(value) is None:
        yield gap("protocol", node=node)
    yield from identity_marks(word(value, "serial_number"), model_of(value), node=node)


def _sizes(value: Json, node: str | None) -> Iterator[Finding]:
    blocks, size, size_of = (
        count(value, "user_capacity", "blocks"),
        count(value, "user_capacity", "bytes"),
        count(value, "logical_block_size"),
    )
    if blocks is not None and size is not None and size_of is not None and blocks * size_of != size:
        yield clash("size_disagrees", node=node)
    if any(number is not None and number > LARGEST for number in (blocks, size)):
        yield clash("number_out_of_range", node=node)


def _clock(value: Json, node: str | None) -> Iterator[Finding]:
    """Both ways of telling the time are printed at once, so they differ by a zone and nothing else."""
    apart = seconds_apart(value)
    if apart is not None and (apart % _QUARTER or abs(apart) > _FARTHEST):
        yield clash("clock_disagrees", node=node)


def _counters(value: Json, node: str | None) -> Iterator[Finding]:
    """The same counter told in two places. Device statistics aren't compared: drives round them in their own ways."""
    hours, cycles = count(value, "power_on_time", "hours"), count(value, "power_cycle_count")
    again = (
        (hours, count(value, "nvme_smart_health_information_log", "power_on_hours")),
        (cycles, count(value, "nvme_smart_health_information_log", "power_cycles")),
        *((hours, told) for told in attributes(value, 9, "Power_On_Hours")),
        *((cycles, told) for told in attributes(value, 12, "Power_Cycle_Count")),
    )
    for first, second in again:
        if first is not None and second is not None and first != second:
            yield clash("counters_disagree", node=node)
    if (sectors_written(value) or 0) > LARGEST:
        yield clash("number_out_of_range", node=node)


def _security(value: Json, node: str | None) -> Iterator[Finding]:
    enabled, locked = truth(value, "ata_security", "enabled"), truth(value, "ata_security", "locked")
    if enabled:
        yield note("security_left_on", True, node=node)
    elif enabled is False and locked:
        yield clash("locked_without_password", node=node)


def _protocol(value: Json, node: str | None) -> Iterator[Finding]:
    """Logs that only another protocol has, and flash that turns."""
    bus = bus_of(value)
    foreign = {"ATA": "nvme_smart_health_information_log", "NVME": "ata_smart_attributes", "SCSI": "ata_smart_attributes"}
    if bus and isinstance(value, dict) and foreign[bus] in value:
        yield clash("protocol_disagrees", node=node)
    if bus == "NVME" and count(value, "rotation_rate"):
        yield clash("medium_disagrees", node=node)


_CHECKS: tuple[Callable[[Json, str | None], Iterator[Finding]], ...] = (
    _exit, _messages, _identity, _sizes, _clock, _counters, _security, _protocol,
)  # fmt: skip
