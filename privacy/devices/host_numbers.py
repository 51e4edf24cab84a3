"""What a wiping log says of the computer that it ran on: serial numbers of system, board and chassis (SMBIOS). Pure.

nwipe prints them at its start, as dmidecode tells them. On a bench they are the bench's own; run on the device itself they are
its."""

import re
from typing import Final

from core.goods.placeholders import is_placeholder

FORMATS: Final = frozenset({"nwipe-log"})
HEAD = 20_000  # bytes; nwipe prints them before anything else
_LINE = re.compile(
    r"^\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\]\s+(?:notice|info): "
    r"(?:system|baseboard|chassis)-serial-number = ([!-~][ -~]{0,59})$",
    re.M,
)


def numbers_in(format: str, raw: bytes) -> tuple[str, ...]:
    """Each number once, in the file's order, fillers left out; nothing for other formats."""
    if format not in FORMATS:
        return ()
    found = (hit.strip() for hit in _LINE.findall(raw[:HEAD].decode("utf-8", "replace").replace("\r\n", "\n")))
    return tuple(dict.fromkeys(one for one in found if not is_placeholder(one)))
