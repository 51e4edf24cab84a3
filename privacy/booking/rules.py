"""What a wiping bench takes; when it has time is reckoned as at any desk (core/slot_rules.py). Pure."""

from collections.abc import Iterable, Sequence


def takes(offered: Sequence[str], media: Iterable[str]) -> bool:
    """Can a bench that offers these kinds of storage wipe a device with these? An unknown kind is looked at there."""
    return all(kind in offered or kind == "unknown" for kind in media)
