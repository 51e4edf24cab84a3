"""When people may meet, and what an address and a tracking number look like. Pure."""

import re
from datetime import datetime, timedelta

from core.i18n import N_

SOONEST = timedelta(minutes=15)
LATEST = timedelta(days=14)
AFTER = timedelta(hours=24)
"""So long after an agreed meeting the reservation still holds."""

KEEP_ADDRESS = timedelta(days=30)
"""So long after the order has closed the address is kept for a return; then it is erased (PIPL 19: shortest time)."""

CARRIERS = {
    "sf": N_("SF Express"), "ems": N_("EMS, China Post"), "jd": N_("JD Logistics"), "yto": N_("YTO"), "zto": N_("ZTO"),
    "sto": N_("STO"), "yunda": N_("Yunda"), "other": N_("Another carrier"),
}  # fmt: skip


def meeting_fault(meet_at: datetime, now: datetime) -> str:
    """`too_soon`, `too_late`, or "" when the time is fine."""
    if meet_at < now + SOONEST:
        return "too_soon"
    return "too_late" if meet_at > now + LATEST else ""


def reserved_until(current: datetime, meet_at: datetime) -> datetime:
    """An agreed meeting keeps the reservation until a day after it; it never shortens it."""
    return max(current, meet_at + AFTER)


def mask_name(name: str) -> str:
    """王小明 -> 王**; Anna Li -> A**."""
    return f"{name.strip()[:1]}**"


def mask_mobile(number: str) -> str:
    """139****8000: enough for the courier's question, not for a call. At least four digits stay hidden, always."""
    digits = re.sub(r"\D", "", number)
    return f"{digits[: min(3, len(digits) - 8)]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_tracking(number: str) -> str:
    """SF12********90: the first and last few; at least four signs stay hidden."""
    tidy = re.sub(r"\s", "", number)
    hidden = max(4, len(tidy) - 6)
    return f"{tidy[: -2 - hidden]}{'*' * hidden}{tidy[-2:]}" if len(tidy) > 6 else "******"


def tidy_tracking(number: str) -> str:
    """Upper case without spaces; "" when it can't be a tracking number (8 to 30 letters and digits)."""
    tidy = re.sub(r"[\s-]", "", number).upper()
    return tidy if re.fullmatch(r"[A-Z0-9]{8,30}", tidy) else ""
