"""From bytes to lines: encodings, line ends and terminal codes make no difference to a genuine log, and are remarked on."""

import pytest

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.text import LONGEST_LINE, read_text, visible
from tests.privacy.evidence.logs import DODSHORT, raw, text, verdict_of

GENUINE = raw(DODSHORT)
LINES = text(DODSHORT).split("\n")


def codes(log: bytes) -> set[str]:
    return {finding.code for finding in read(log).findings if finding.value}


SAME = {
    "as it is": (GENUINE, set()),
    "Windows line ends": (GENUINE.replace(b"\n", b"\r\n"), set()),
    "old Macintosh line ends": (GENUINE.replace(b"\n", b"\r"), set()),
    "mixed line ends": (GENUINE.replace(b"\n", b"\r\n", 20), {"mixed_line_ends"}),
    "captured from a serial console": (GENUINE.replace(b"\n", b"\r\r\n"), {"mixed_line_ends"}),
    "byte order mark": (b"\xef\xbb\xbf" + GENUINE, set()),
    "UTF-16 as PowerShell writes it": (text(DODSHORT).encode("utf-16"), {"encoding_utf16"}),
    "colours": (GENUINE.replace(b"[SUCCESS]", b"\x1b[1;32m[SUCCESS]\x1b[0m"), {"terminal_codes"}),
    "a note in GBK": ("技术员：王师傅\n".encode("gbk") + GENUINE, {"encoding_gbk"}),
    "a note in UTF-8": ("技术员：王师傅\n".encode() + GENUINE, set()),
    "blank lines at the end": (GENUINE + b"\n\n\n", set()),
    "no line end at the end": (GENUINE.rstrip(), set()),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_log_however_it_was_carried(name: str):
    log, oddities = SAME[name]
    assert verdict_of(log).verdict == "pass"
    assert codes(log) == oddities


def test_an_overwritten_line_of_a_terminal_is_seen_in_both_versions():
    """`-FAILED-` with a carriage return and `Erased` over it."""
    row = next(line for line in LINES if "| Erased |" in line)
    hidden = text(DODSHORT).replace(row, row.replace(" Erased ", "-FAILED-") + "\r" + row)
    assert verdict_of(hidden).verdict != "pass"


REFUSED = {
    "empty": (b"", "empty"),
    "only blanks": (b" \r\n\t\n", "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "unrecognised"),
    "a NUL byte": (GENUINE + b"\0", "binary"),
    "UTF-16 without a byte order mark": (text(DODSHORT).encode("utf-16-le"), "binary"),
    "half a UTF-16 character": (text(DODSHORT).encode("utf-16")[:-1], "not_text"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\0", "malformed"),
    "no encoding at all": (GENUINE + b"\xff\xff\xff", "not_text"),
    "a letter": (b"Dear shop, I wiped it myself. Erased! DoD Short, 1R+B+VL", "unrecognised"),
    "a web page": (b"<html><script>alert(1)</script></html>", "unrecognised"),
    "the last table alone": ("\n".join(LINES[-9:-3]).encode(), "unrecognised"),
    "another tool": (b"[2026/11/22 06:40:42]  notice: shred: /dev/sda: pass 1/3 (random)...", "unrecognised"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_log_is_refused_with_a_code_and_the_way_on(name: str):
    log, code = REFUSED[name]
    with pytest.raises(Unreadable) as caught:
        read(log)
    assert caught.value.code == code
    assert caught.value.status == 422
    assert caught.value.sentence.count(".") >= 2  # what is wrong, and what to do


def test_the_name_of_a_file_decides_nothing():
    """Only the content does: the reader never sees a name."""
    assert read(GENUINE).format == "nwipe-log"


def test_lines_are_counted_from_one_and_cut_at_line_ends_only():
    assert read_text(b"one\ntwo\x0bstill two\x0cand\x1cmore\r\nthree\rfour").lines == (
        "one", "two\x0bstill two\x0cand\x1cmore", "three", "four",
    )  # fmt: skip


def test_a_line_longer_than_any_tool_writes_makes_the_log_incomplete():
    long = GENUINE + b"[2026/11/22 06:40:42]    info: " + b"A" * LONGEST_LINE + b"\n"
    evidence = read(long)
    assert not evidence.complete
    (finding,) = [finding for finding in evidence.findings if finding.code == "long_lines"]
    assert finding.lines == (len(LINES),)


def test_nothing_invisible_is_shown():
    assert visible("a\u202eb\x07c\x1b[0m\u2028") == "a\ufffdb\ufffdc\ufffd[0m\ufffd"
    assert visible("中文 <b>") == "中文 <b>"  # marking up is the page's affair
