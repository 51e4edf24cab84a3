"""Files of sixteen MiB made to keep a reader busy: each ends soon, read in part and never as whole, or refused."""

import time

import pytest

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.text import LARGEST, MOST_LINES, read_text
from tests.privacy.evidence.readers.answers import raw

pytestmark = pytest.mark.slow
SIZE = LARGEST - 4096
SANITIZE, DRIVE, SEA, VOLUME = (
    raw("synthetic-nvme-block.txt"), raw("hdparm-ssd.txt"), raw("synthetic-seachest-block.txt"), raw("synthetic-bde-on.txt"),
)  # fmt: skip


def filled(head: bytes, piece: bytes) -> bytes:
    return head + piece * ((SIZE - len(head)) // len(piece))


FLOODS = {
    "one answer again and again": filled(b"", SANITIZE),
    "nothing but short lines": filled(b"", b"a\n"),
    "nothing but blanks": filled(SANITIZE, b" " * 4000 + b"\n"),
    "labels without end": filled(SANITIZE, b"label with some text : value and more of it, so that lines stay few\n"),
    "devices without end": filled(DRIVE, b"/dev/x: " + b" " * 60 + b"\n"),
    "dashes without end": filled(SEA, b"/dev/x - " + b"a - " * 900 + b"\n"),
    "volumes without end": filled(VOLUME, b"Volume C: [" + b"x" * 60 + b"]\n"),
    "runs without end": filled(SEA, b" openSeaChest_Erase - openSeaChest drive utilities - NVMe Enabled\n"),
    "colours without end": filled(SANITIZE, b"\x1b[0m"),
    "smart logs without end": filled(SANITIZE, b"Smart Log for NVME device:x namespace-id:1\n"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_soon(name: str):
    begun = time.process_time()
    try:
        evidence = read(FLOODS[name])
    except Unreadable as problem:
        assert problem.code in ("too_big", "unrecognised")
    else:
        # blanks and colours are no part of any answer
        assert not evidence.complete or name in ("nothing but blanks", "dashes without end", "colours without end")
        assert len(evidence.devices) <= 256
    assert time.process_time() - begun < 8


def test_a_log_of_the_largest_house_is_still_read():
    lines = b"[2026/11/22 06:49:38]    info: nwipe 0.42\n" * (MOST_LINES - 1)
    assert len(read_text(lines[: LARGEST - 10]).lines) > 300_000
    with pytest.raises(Unreadable) as caught:
        read_text(b"a\n" * (MOST_LINES + 1))
    assert caught.value.code == "too_big" and caught.value.values == {"limit": MOST_LINES}
