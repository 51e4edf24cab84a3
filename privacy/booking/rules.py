"""What a wiping bench takes; when it has time is reckoned as at any desk (core/slot_rules.py). Pure."""

from collections.abc import Iterable, Sequence

from core.slot_rules import AHEAD, DAYS, GRACE, NOTICE, BadHours, Bench, Hours, free, read_hours, show_hours, slots

__all__ = [
    "AHEAD", "DAYS", "GRACE", "NOTICE", "BadHours", "Bench", "Hours", "free", "read_hours", "show_hours", "slots", "takes",
]  # fmt: skip


def takes(offered: Sequence[str], media: Iterable[str]) -> bool:
    """Can a bench that offers these kinds of storage wipe a device with these? An unknown kind is looked at there."""
    return all(kind in offered or kind == "unknown" for kind in media)
