"""docs/audit.md: an export made by the house, checked by a second verifier and by `flask audit verify --file`."""

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from core import audit
from tests.independent import own_audit
from tests.independent.running import ROOT, Ran, flask, process, refused, shaped
from tests.stories import coat, wiped_laptop


@pytest.fixture
def lived(app, doing, alice, bob, wang, zhao, shop):
    """A house in which a laptop was wiped and a coat came in; all lines sealed."""
    wiped_laptop(app, doing, alice, wang, zhao, shop)
    for _ in range(3):
        coat(doing, bob)
    with doing() as w:
        audit.seal(w.session)
    return app


def exported(app) -> bytes:
    ran = flask("audit", "export", app=app)
    assert ran.code == 0, ran.err
    return ran.out


MADE: list[bytes] = []


@pytest.fixture
def export(request) -> bytes:
    """One export for all tests that need no house."""
    if not MADE:
        MADE.append(exported(request.getfixturevalue("lived")))
    return MADE[0]


def verified(raw: bytes, *words: str) -> Ran:
    return flask("audit", "verify", "--file", "-", "--json", *words, stdin=raw)


def agree(raw: bytes, head: str | None = None) -> own_audit.Checked:
    """Both verifiers say the same, in every field; exit codes as commands.md has them."""
    ran = verified(raw, *(("--head", head) if head else ()))
    own = own_audit.verify(raw, head)
    answer = shaped(ran, "audit-verify")
    assert {key: answer[key] for key in asdict(own)} == asdict(own)
    assert ran.code == (0 if own.ok else 1)
    return own


def split(raw: bytes) -> tuple[bytes, list[bytes], bytes]:
    """First row, the others, and what ends a row."""
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    first, *others = raw.removesuffix(end).split(end)
    return first, others, end


def joined(first: bytes, others: list[bytes], end: bytes) -> bytes:
    return end.join([first, *others]) + end


def test_a_genuine_export_holds(lived):
    own = agree(exported(lived))
    assert own.ok
    assert own.lines > 15
    inside = flask("audit", "verify", "--json", app=lived)
    answer = shaped(inside, "audit-verify")
    assert (inside.code, answer["ok"], answer["head"], answer["lines"]) == (0, True, own.head, own.lines)
    assert (answer["unsealed"], answer["sealed_until"]) == (0, own.sealed_until)


def test_its_form_is_as_the_document_says(export):
    table = own_audit.rows(export)
    assert table[0] == own_audit.COLUMNS
    for cells in table[1:]:
        assert not any(cell[:1] in "=+-@\t\r" for cell in cells if cell), cells
        assert re.fullmatch(r"[a-z]+:[a-z_]+:[a-z_]+", cells[3])
        assert len(cells[1]) == 27
    assert [int(cells[0]) for cells in table[1:]] == list(range(1, len(table)))


def test_rows_end_as_rfc_4180_says(export):
    assert export.count(b"\r\n") == export.count(b"\n")


def test_the_program_on_the_page_agrees(export, tmp_path):
    printed = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"), re.S)
    assert printed
    path = tmp_path / "export.csv"
    path.write_bytes(export)
    done = subprocess.run([sys.executable, "-I", "-c", printed.group(1), str(path)], capture_output=True, text=True)
    assert done.returncode == 0
    assert own_audit.verify(export).head in done.stdout


@pytest.mark.parametrize("column", range(8), ids=own_audit.COLUMNS)
def test_one_flipped_bit_in_any_column_is_found_at_its_line(export, column):
    first, others, end = split(export)
    for nth in (0, len(others) // 2, len(others) - 1):
        row = others[nth]
        cells = row.split(b",")
        before, length = sum(len(cell) + 1 for cell in cells[:column]), len(cells[column])
        if column >= 5:  # facts have commas of their own; the two hashes end the row
            before, length = {5: (row.index(b"{") - 1, 3), 6: (len(row) - 129, 64), 7: (len(row) - 64, 64)}[column]
        for at in {before, before + length // 2, before + length - 1}:
            for bit in range(8):
                spoiled = row[:at] + bytes([row[at] ^ 1 << bit]) + row[at + 1 :]
                _is_found(joined(first, [*others[:nth], spoiled, *others[nth + 1 :]], end), nth + 1)


def _is_found(raw: bytes, number: int) -> None:
    """Not one spoiled export may be answered with yes; where it can be read, the first bad line is named."""
    ran = verified(raw)
    assert ran.code in (1, 2), raw[:400]
    if ran.code == 2:
        refused(ran)
        return
    answer = shaped(ran, "audit-verify")
    assert answer["ok"] is False
    assert answer["lines"] == number - 1
    try:
        own = own_audit.verify(raw)
    except UnicodeDecodeError:
        return
    assert (own.ok, own.lines) == (False, number - 1)
    assert answer["first_bad"] in (own.first_bad, None)


def test_a_flipped_bit_in_every_byte_of_a_short_export_is_found(export):
    first, others, end = split(export)
    short = joined(first, others[:4], end)
    quiet = []
    for at in range(len(short)):
        spoiled = bytearray(short)
        spoiled[at] ^= 1 << (at * 5 + 3) % 8
        if verified(bytes(spoiled)).code == 0:
            quiet.append((at, bytes(spoiled[max(0, at - 20) : at + 20])))
    assert quiet == []


@pytest.mark.parametrize("gone", [1, 5, -2])
def test_a_removed_line_is_found(export, gone):
    first, others, end = split(export)
    number = gone if gone > 0 else len(others) + gone
    own = agree(joined(first, [*others[:number], *others[number + 1 :]], end))
    assert (own.ok, own.first_bad, own.lines) == (False, number + 1, number)


@pytest.mark.parametrize("at", [0, 4, -2])
def test_swapped_lines_are_found(export, at):
    first, others, end = split(export)
    at = at % len(others)
    others[at], others[at + 1] = others[at + 1], others[at]
    own = own_audit.verify(joined(first, others, end))
    answer = shaped(verified(joined(first, others, end)), "audit-verify")
    assert (own.ok, answer["ok"]) == (False, False)
    if at:  # moved at the very beginning it could also be the beginning of a part
        assert own == agree(joined(first, others, end))
        assert own.first_bad == at + 1


def test_a_doubled_line_is_found(export):
    first, others, end = split(export)
    own = agree(joined(first, [*others[:3], others[2], *others[3:]], end))
    assert (own.ok, own.first_bad) == (False, 4)


def test_a_cut_off_end_is_found_with_a_head_only(export):
    whole = agree(export)
    first, others, end = split(export)
    for left in (len(others) - 1, 3, 0):
        short = joined(first, others[:left], end)
        assert agree(short).ok
        ran = verified(short, "--head", whole.head)
        assert (ran.code, ran.json["ok"], ran.json["lines"]) == (1, False, left)
        assert own_audit.verify(short, whole.head).ok is False


def test_a_head_noted_earlier_is_found_in_the_chain(export):
    table = own_audit.rows(export)
    for cells in (table[1], table[6], table[-1]):
        assert agree(export, cells[7]).ok
    ran = verified(export, "--head", "ab" * 32)
    assert (ran.code, ran.json["ok"]) == (1, False)
    refused(verified(export, "--head", "xyz"))


def test_a_part_verifies_by_itself_and_against_a_head_before_it(export):
    first, others, end = split(export)
    part = joined(first, others[5:9], end)
    assert agree(part).lines == 4
    before, inside, after = (own_audit.rows(export)[n][7] for n in (5, 7, 12))
    assert agree(part, before).ok
    assert agree(part, inside).ok
    assert verified(part, "--head", after).code == 1


def test_an_end_in_the_middle_of_a_row_is_found(export):
    first, others, end = split(export)
    whole = joined(first, others[:5], end)
    for cut in range(len(joined(first, others[:4], end)) + 1, len(whole) - len(end), 7):
        assert verified(whole[:cut]).code == 1


def test_line_ends_and_a_byte_order_mark_change_nothing(export):
    """A spreadsheet saves CRLF and a mark; the program on the page reads with utf-8-sig."""
    plain = export.replace(b"\r\n", b"\n")
    for raw in (plain, plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain):
        assert agree(raw).head == own_audit.verify(export).head


@pytest.mark.parametrize("raw", [b"", b"\n", b"seq,at\n", b"hello", b"\x00\x01", b"PK\x03\x04"])
def test_what_is_no_export_is_refused(raw):
    refused(verified(raw))


def test_facts_that_mean_the_same_but_are_not_canonical_do_not_hold(export):
    """“facts is the canonical JSON of the object”: white space or another order is a changed cell."""
    first, others, end = split(export)
    nth = next(n for n, row in enumerate(others) if b'"{""' in row)
    others[nth] = others[nth].replace(b'"{""', b'"{ ""', 1)
    assert agree(joined(first, others, end)).first_bad == nth + 1


def test_days_give_the_whole_run_of_lines(lived):
    export = exported(lived)
    first, last = (own_audit.rows(export)[n][1][:10] for n in (1, -1))
    assert flask("audit", "export", "--from", first, "--until", last, app=lived).out == export
    none = flask("audit", "export", "--from", "2020-01-01", "--until", "2020-01-02", app=lived)
    assert agree(none.out) == own_audit.Checked(True, 0, own_audit.NOTHING, None, None)
    refused(flask("audit", "export", "--from", "2020-01-03", "--until", "2020-01-02", app=lived))
    refused(flask("audit", "export", "--from", "yesterday", app=lived))


def test_the_button_on_the_page_gives_an_export_that_both_accept(lived, ines):
    answer = ines.client().get("/regulator/log/export")
    assert answer.status_code == 200
    own = agree(answer.data)
    assert own.ok
    assert own.lines > 15


def test_out_writes_the_same_bytes(lived, tmp_path):
    export = exported(lived)
    ran = flask("audit", "export", "--out", tmp_path / "log.csv", app=lived)
    assert ran.code == 0
    assert (tmp_path / "log.csv").read_bytes() == export


def test_as_a_process_from_a_file(export, tmp_path):
    path: Path = tmp_path / "log.csv"
    path.write_bytes(export)
    ran = process("flask", "audit", "verify", "--file", path, "--json", data=tmp_path / "none")
    assert (ran.code, ran.json["head"]) == (0, own_audit.verify(export).head)
    path.write_bytes(export.replace(b"T", b"t", 1))
    assert process("flask", "audit", "verify", "--file", path, "--json", data=tmp_path / "none").code == 1
