"""Files of sixteen MiB made to keep a reader busy: each ends soon, read in part and never as whole, or refused."""

import time
from collections.abc import Callable

import pytest

from privacy.clearance.rules import judge
from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.nwipe_runs import MOST_EVENTS
from privacy.evidence.readers.text import LARGEST, MOST_LINES, read_text
from tests.harness.pace import soon
from tests.privacy.evidence.logs import DODSHORT, NEWEST, PROFILE
from tests.privacy.evidence.logs import raw as log
from tests.privacy.evidence.readers.answers import raw
from tests.privacy.evidence.readers.hostile import HANGS

pytestmark = pytest.mark.slow
SIZE = LARGEST - 4096
SANITIZE, DRIVE, SEA, VOLUME = (
    raw("synthetic-nvme-block.txt"), raw("hdparm-ssd.txt"), raw("synthetic-seachest-block.txt"), raw("synthetic-bde-on.txt"),
)  # fmt: skip


def filled(head: bytes, piece: bytes) -> bytes:
    return head + piece * ((SIZE - len(head)) // len(piece))




def repeated(head: bytes, piece: bytes, times: int) -> bytes:
    return head + piece * min(times, (SIZE - len(head)) // len(piece))


LOG, NEW = log(DODSHORT), log(NEWEST)
HEAD = LOG[: LOG.index(b"       sda | Erased")]


def line(part: str, of: bytes = LOG) -> bytes:
    return next(one for one in of.splitlines(keepends=True) if part.encode() in one)


# sixteen MiB, or as many lines as are read at all
FLOODS: dict[str, Callable[[], bytes]] = {
    "one answer again and again": lambda: filled(b"", SANITIZE),
    "nothing but short lines": lambda: filled(b"", b"a\n"),
    "nothing but blanks": lambda: filled(SANITIZE, b" " * 4000 + b"\n"),
    "labels without end": lambda: filled(SANITIZE, b"label with some text : value and more of it, so that lines stay few\n"),
    "devices without end": lambda: filled(DRIVE, b"/dev/x: " + b" " * 60 + b"\n"),
    "dashes without end": lambda: filled(SEA, b"/dev/x - " + b"a - " * 900 + b"\n"),
    "volumes without end": lambda: filled(VOLUME, b"Volume C: [" + b"x" * 60 + b"]\n"),
    "runs without end": lambda: filled(SEA, b" openSeaChest_Erase - openSeaChest drive utilities - NVMe Enabled\n"),
    "colours without end": lambda: filled(SANITIZE, b"\x1b[0m"),
    "smart logs without end": lambda: filled(SANITIZE, b"Smart Log for NVME device:x namespace-id:1\n"),
    "labels, as many as are read": lambda: repeated(SANITIZE, b"label with some text : value and more of it\n", 59_000),
    "volumes, as many as are read": lambda: repeated(VOLUME, b"Volume C: [" + b"x" * 60 + b"]\n", 59_000),
    "runs, as many as are read": lambda: repeated(SEA, b" openSeaChest_Erase - openSeaChest drive utilities - NVMe Enabled\n", 59_000),
    "wipes without end": lambda: filled(b"", LOG),
    "wipes, as many as are read": lambda: repeated(b"", LOG, 340),
    "newest wipes, as many as are read": lambda: repeated(b"", NEW, 300),
    "passes without end": lambda: filled(LOG, line("Starting pass 2/3")),
    "passes, as many as are read": lambda: repeated(LOG, line("Starting pass 2/3"), 14_800),
    "bytes written, as many as are read": lambda: repeated(LOG, line("bytes written"), 14_800),
    "disks found, as many as are read": lambda: repeated(LOG, line("Found /dev/sda"), 14_800),
    "rows, as many as are read": lambda: repeated(HEAD, line("| Erased |"), 14_800),
    "tables, as many as are read": lambda: repeated(LOG, line("HH:MM:SS"), 14_800),
    "errors, as many as are read": lambda: repeated(LOG, b"[2026/11/22 06:40:42]   error: " + b"/dev/sda " * 100 + b"\n", 14_800),
    "lines that mean nothing, as many as are read": lambda: repeated(LOG, line("processor-frequency"), 59_000),
    "progress, as many as are read": lambda: repeated(LOG, b"[2026/11/22 06:40:42]    info: /dev/sda: 12.34%, round 1 of 1" + b"." * 200 + b"\n", 59_000),
    "disks, as many as are read": lambda: b"".join(b"[2026/11/22 06:40:42]  notice: Invoking method 'DoD Short' on /dev/x%d\n" % at for at in range(990))
    + line("HH:MM:SS") + b"--\n" + b"".join(b"       x%d | Erased |   0 B/s | 00:00:05 | M/S\n" % at for at in range(990)),
    "parts of JSON": lambda: b'{"json_format_version":[1,0],"smartctl":{"version":[7,3]},"ata_smart_attributes":{"table":[' + b'{"id":9},' * 148_000 + b"1]}}",
    "one text of JSON": lambda: b'{"json_format_version":[1,0],"a":"' + b"x" * (SIZE - 99) + b'"}',
    "letters of JSON": lambda: b'{"a":"' + b"\\u00e4" * (SIZE // 6 - 9) + b'"}',
    "disks of JSON": lambda: b'{"Devices":[' + b",".join(b'{"SerialNumber":"S%d"}' % at for at in range(140_000)) + b"]}",
    "erasures of XML": lambda: b"<report><blancco_erasure_report>" + b'<entries name="erasure"><entry name="state">x</entry></entries>' * 24_000
    + b"</blancco_erasure_report></report>",
    "keys of a property list": lambda: b"<plist><dict>" + b"<key>UniqueDeviceID</key><string>a</string>" * 24_000 + b"</dict></plist>",
    "lines of a phone": lambda: repeated(b"[ro.crypto.state]: [encrypted]\n", b"      Account {name=a, type=b}\n", 59_000),
    "pages of a report": lambda: b"%PDF-1.3\r\n" + b"1 0 obj\r\n" * 1_700_000,
}  # fmt: skip


# blanks, colours and lines of some other kind are no part of what a tool always writes
HARMLESS = (
    *("nothing but blanks", "dashes without end", "colours without end"),
    *("progress, as many as are read", "lines that mean nothing, as many as are read"),
)


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_soon(name: str):
    made = FLOODS[name]()
    begun = time.process_time()
    try:
        evidence = read(made)
    except Unreadable as problem:
        assert problem.code in ("too_big", "unrecognised", "malformed", "too_many_devices")
    else:
        assert judge(evidence, None, PROFILE, "magnetic").verdict != "pass" or name in HARMLESS
        assert len(evidence.devices) <= 1000
    assert soon(begun, HANGS)


def test_a_log_of_the_largest_house_is_still_read():
    """24 disks under Gutmann's 35 passes, each verified: 24 x 220 lines that mean something. Ten such runs are too many."""
    assert 24 * (35 * 6 + 10) < MOST_EVENTS < 10 * 24 * (35 * 6 + 10)
    lines = b"[2026/11/22 06:49:38]    info: a line of some other kind\n" * (MOST_LINES - 1)
    assert len(read_text(lines).lines) == MOST_LINES
    with pytest.raises(Unreadable) as caught:
        read_text(b"a\n" * (MOST_LINES + 1))
    assert caught.value.code == "too_big" and caught.value.values == {"limit": MOST_LINES}
