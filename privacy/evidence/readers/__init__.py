"""Readers of wipe evidence. Which one reads a file is decided by what stands in it, never by its name."""

import hashlib

from core.i18n import N_
from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import nwipe
from privacy.evidence.readers.text import read_text


def read(raw: bytes) -> Evidence:
    """The file as one value. Raises Unreadable: empty, too_big, binary, not_text, unrecognised,
    too_many_devices.

    Time and memory grow with the file's length only; a file that is cut off or contradicts itself is read,
    and says so.
    """
    text = read_text(raw)
    if nwipe.recognises(text):
        return nwipe.read(text, hashlib.sha256(raw).hexdigest())
    raise Unreadable(
        "unrecognised",
        N_("No known wipe tool wrote this file. At present the logs of nwipe and ShredOS can be read."),
    )
