"""Attacks on what reads files and writes tables: XML that opens other files, bombs, floods, letters that nobody sees, formulas."""

import contextlib
import io
import json
import time
import zipfile
import zlib

import pytest
from sqlalchemy import select

from core import sheets
from privacy import verify
from privacy.evidence.readers.text import LARGEST
from privacy.wipes.models import EvidenceFile
from tests import stories
from tests.privacy.evidence.logs import DISK, DODSHORT, Edit, raw
from tests.privacy.evidence.readers.test_blancco import BODY, HOSTILE
from tests.stories import Disk

pytestmark = pytest.mark.slow  # half a second a test; `make quick` leaves it out, CI runs it

HDD = stories.disks("hdd")
MINE = Disk(DISK, "hdd", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_answered_at_once_and_kept_nowhere(session, on_bench, send, name):
    job_id = on_bench(Disk("WD-WCC2E0000X05", "hdd", ""))
    begun = time.monotonic()
    found = send(job_id, HOSTILE[name])
    assert found.status == 422 and not found.verdicts and time.monotonic() - begun < 10
    assert session.scalars(select(EvidenceFile)).all() == []
    session.rollback()


def test_the_same_report_without_its_bomb_is_read(on_bench, send):
    found = send(on_bench(Disk("WD-WCC2E0000X05", "hdd", "")), b"<?xml version='1.0'?>\n" + BODY)
    assert found.status == 303 and "statement_only" in found.reasons, "and is still only somebody's word"


BYTES = {
    "nothing": b"",
    "zeros": b"\0" * 4096,
    "zeros inside": raw(DODSHORT).replace(b"Erased", b"Era\0sed"),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
    "no encoding at all": b"\xff\xfe\xfd\xfc" * 99,
    "deep JSON": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "endless JSON": b'{"a": [' + b"1," * 900_000 + b"1]}",
    "a zip": b"PK\x03\x04" + b"\0" * 64,
    "a PDF that ends at once": b"%PDF-1.7\n%%EOF",
    "a PDF with a bomb": b"%PDF-1.7\n1 0 obj<</Length 9/Filter/FlateDecode>>stream\n" + zlib.compress(b"\0" * 50_000_000) + b"\nendstream endobj\n%%EOF",
    "more than 16 MiB": b"[" * (LARGEST + 1),
    "one line of 16 MiB": b"[2026/11/22 06:40:40]  notice: " + b"x" * (LARGEST - 40),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_any_bytes_get_an_answer_and_never_a_pass(on_bench, send, cleared, name):
    job_id = on_bench(MINE)
    begun = time.monotonic()
    found = send(job_id, BYTES[name])
    assert found.status in (303, 422) and not found.passed and time.monotonic() - begun < 30
    assert not cleared(job_id)


def test_two_gigabytes_are_turned_away_by_their_length(app, on_bench, wang):
    """A body is not read to its end to be told that it is too large."""

    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            Endless.given += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    job_id = on_bench(MINE)
    begun = time.monotonic()
    answer = wang.client().post(
        f"/wipes/{job_id}/evidence", content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": io.BufferedReader(Endless())},
    )  # fmt: skip
    assert answer.status_code == 413 and time.monotonic() - begun < 10 and Endless.given < 200 * 1024 * 1024


def test_letters_that_nobody_sees_make_no_other_disk(on_bench, send, wang, zhao):
    """A mark that turns the reading direction, or of no width, within a serial."""
    for odd in ("\u202e", "\u200b", "\u2066", "\ufeff"):
        job_id = on_bench(Disk(f"{DISK[:-4]}{'ABCD'[hash(odd) % 4]}{ord(odd) % 1000:03d}", "hdd", ""))
        made = str(Edit.of(DODSHORT).change(DISK, DISK[:-1] + odd + DISK[-1:]))
        found = send(job_id, made.encode())
        assert not found.passed
        page = wang.client().get(f"/wipes/{job_id}/bench").text
        assert odd not in page
    assert send(on_bench(MINE), raw(DODSHORT)).passed


def test_a_name_that_is_a_script_is_shown_as_text(session, on_bench, send, zhao, wang):
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log + b"<script>alert(1)</script>\n")
    file = session.scalars(select(EvidenceFile.id)).one()
    session.rollback()
    for path in (f"/evidence/{file}", f"/wipes/{job_id}/bench", f"/wipes/{job_id}/verify"):
        answer = zhao.client().get(path) if "bench" not in path else wang.client().get(path)
        assert answer.status_code == 200 and "<script>alert" not in answer.text
    download = zhao.client().get(f"/evidence/{file}/download")
    assert download.headers["Content-Disposition"].startswith("attachment") and download.mimetype == "application/octet-stream"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", " ="])
def test_what_people_type_is_no_formula_in_a_table(begin):
    typed = f'{begin}HYPERLINK("http://evil.example";"click")'
    written = sheets.row([typed, "X1"])
    import csv

    (one, other) = next(csv.reader(io.StringIO(written, newline="")))
    assert one == f"'{typed}" and other == "X1"


def test_an_organisation_named_like_a_formula_is_no_formula_in_the_export(app, doing, people, session, alice, ines, zhao):
    """The chain of a thing, as an inspector downloads it."""
    import csv

    evil = people.organisation('=HYPERLINK("http://evil.example")')
    wei = people.person("Wei")
    people.give_role(wei, "wipe_operator", evil)
    item_id = stories.laptop(doing, alice, disks=[HDD[0]])
    stories.started(doing, item_id, alice, wei, evil)
    answer = ines.client().get(f"/regulator/items/{item_id}/chain.csv")
    assert answer.status_code == 200
    cells = [one for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")) for one in row]
    assert any("HYPERLINK" in one for one in cells) or len(cells) > 20
    assert not [one for one in cells if one.lstrip(" ").startswith(("=", "+", "-", "@"))]


# --- the verifier that strangers run -------------------------------------------------------------------------------------


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(14):
            archive.writestr(f"evidence/{n:064x}", b"\0" * 20_000_000)
    return out.getvalue()


@pytest.mark.parametrize("name", ["bomb", "a path that leads out", "a name twice", "no bundle"])
def test_a_hostile_bundle_is_unusable_and_not_valid(name, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil" if "path" in name else "manifest.json", b"{}")
        if "twice" in name:
            with pytest.warns(UserWarning):
                archive.writestr("manifest.json", b"{}")
    made = bomb() if name == "bomb" else out.getvalue()
    begun = time.monotonic()
    with contextlib.suppress(verify.Unusable):
        assert verify.examine(made).verdict != "valid"
    assert time.monotonic() - begun < 20 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made", [b'{"a":1,"a":2}', b'{"a":1.5}', b"[" * 9000, b'{"a":NaN}', b'{"a":"\\ud800"}', b'{"a":1e9}', b"\xff"])
def test_json_that_two_programs_could_read_differently_is_unusable(made):
    with pytest.raises(verify.Unusable):
        verify.examine(made)


def test_and_a_genuine_paper_is_usable(anonymous, number):
    assert verify.examine(anonymous.get(f"/certificates/{number}.json").data).verdict in ("unknown", "valid")
    assert json.loads(anonymous.get(f"/certificates/{number}.json").data)["kind"] == "wipe_certificate"
