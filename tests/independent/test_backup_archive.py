"""docs/commands.md, docs/deploy.md: `flask backup` saves database and files into one archive, `flask restore` puts it back into
an empty data folder. What stands in the archive is read by hand."""

import hashlib
import json
import random
import shutil
from pathlib import Path

import pytest

from tests.independent import own_archive
from tests.independent.running import Ran, process, refused

pytestmark = [pytest.mark.slow, pytest.mark.enginefree]


@pytest.fixture(scope="module")
def archives(lived_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("archives")
    found = {}
    for name, more in (("plain", ()), ("whole", ("--with-secret",))):
        ran = process("flask", "backup", "--out", folder / name, *more, data=lived_in)
        assert ran.code == 0, ran.err
        found[name] = (folder / name).read_bytes()
    return found


def test_the_archive_is_for_its_owner_only(lived_in, tmp_path):
    assert process("flask", "backup", "--out", tmp_path / "a", data=lived_in).code == 0
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0


def put_back(archive: bytes, folder: Path, secret: Path | None = None) -> Ran:
    """Into an empty data folder, or one that has its secret already."""
    data = folder / "back"
    data.mkdir(exist_ok=True)
    if secret:
        shutil.copy(secret, data / "deployment.secret")
    path = folder / "archive"
    path.write_bytes(archive)
    return process("flask", "restore", path, data=data)


def ordered(tables: dict[str, list[dict]]) -> dict[str, list[str]]:
    return {name: sorted(json.dumps(row, sort_keys=True, default=repr) for row in rows) for name, rows in tables.items()}


def nothing_came(data: Path) -> None:
    """No row of the house and no file of it is there."""
    left = own_archive.tables(data) if (data / "xunshi.db").exists() else {}
    assert {name: len(rows) for name, rows in left.items() if rows and name not in ("alembic_version", "categories")} == {}
    assert [name for name in own_archive.files(data) if name.startswith("files/")] == []


def test_every_row_and_file_of_the_house_is_in_the_archive(lived_in, archives):
    found = own_archive.members(archives["plain"])
    database = own_archive.tables(lived_in)
    saved = {
        name.split("/")[1].removesuffix(".jsonl"): own_archive.rows(body)
        for name, body in found.items()
        if name.startswith("tables/")
    }
    assert set(database) - set(saved) <= {"alembic_version", "sqlite_sequence"}
    assert sum(map(len, saved.values())) > 100
    for name, rows in saved.items():
        assert len(rows) == len(database[name]), name
        assert [set(row) for row in rows] == [set(row) for row in database[name]], name
    saved_files = {name: hashlib.sha256(body).hexdigest() for name, body in found.items() if name.startswith("files/")}
    assert saved_files == {f"files/{name}": digest for name, digest in own_archive.files(lived_in / "files").items()}
    for name, digest in saved_files.items():
        assert name.rsplit("/", 1)[1] == digest


def test_the_secret_is_in_it_only_if_asked(lived_in, archives):
    secret = (lived_in / "deployment.secret").read_bytes()
    kept = {line.strip() for line in secret.split() if len(line) > 20} or {secret.strip()}
    plain, whole = own_archive.members(archives["plain"]), own_archive.members(archives["whole"])
    assert not [name for name, body in plain.items() if any(one in body for one in kept)]
    assert [name for name, body in whole.items() if body == secret]
    about = {"manifest.json", "digests.json"}
    assert {k: v for k, v in whole.items() if k in plain.keys() - about} == {k: v for k, v in plain.items() if k not in about}
    digests = [json.loads(archive["digests.json"]) for archive in (plain, whole)]
    assert set(digests[1]) - set(digests[0]) == {"deployment.secret"}


def test_it_comes_back_as_it_was(lived_in, archives, tmp_path):
    ran = put_back(archives["whole"], tmp_path)
    assert ran.code == 0, ran.err
    back = tmp_path / "back"
    assert ordered(own_archive.tables(back)) == ordered(own_archive.tables(lived_in))
    assert own_archive.files(back / "files") == own_archive.files(lived_in / "files")
    assert (back / "deployment.secret").read_bytes() == (lived_in / "deployment.secret").read_bytes()
    before, after = (process("flask", "audit", "export", data=data) for data in (lived_in, back))
    assert (after.code, after.out) == (0, before.out)


def test_keys_come_back_too(lived_in, archives, tmp_path):
    """The log's key and the signers' keys stand in the data folder; without them a house that is back can't sign on."""
    if not (lived_in / "keys").exists():
        pytest.skip("this house has no keys yet")
    assert put_back(archives["whole"], tmp_path).code == 0
    assert own_archive.files(tmp_path / "back" / "keys") == own_archive.files(lived_in / "keys")


def test_without_the_secret_it_comes_back_beside_its_own_one(lived_in, archives, tmp_path):
    ran = put_back(archives["plain"], tmp_path, lived_in / "deployment.secret")
    assert ran.code == 0, ran.err
    assert ordered(own_archive.tables(tmp_path / "back")) == ordered(own_archive.tables(lived_in))


def test_a_house_in_use_is_not_overwritten(copied, archives, tmp_path):
    before = own_archive.tables(copied), own_archive.files(copied / "files")
    path = tmp_path / "archive"
    path.write_bytes(archives["whole"])
    refused(process("flask", "restore", path, data=copied))
    assert (own_archive.tables(copied), own_archive.files(copied / "files")) == before


def changed(archive: bytes, how: str) -> bytes:
    found = own_archive.members(archive)
    photo = next(name for name in found if name.startswith("files/"))
    accounts = "tables/accounts.jsonl"
    if how == "no manifest":
        del found["manifest.json"]
    elif how == "another format":
        found["manifest.json"] = found["manifest.json"].replace(b"xunshi-backup", b"xunshi-packup")
    elif how == "a table gone":
        del found[accounts]
    elif how == "a table nobody knows":
        found["tables/strangers.jsonl"] = b'{"id": "x"}\n'
    elif how == "a broken row":
        found[accounts] = found[accounts][:-20]
    elif how == "a row short of a column":
        rows = own_archive.rows(found[accounts])
        rows[-1].pop("name")
        found[accounts] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    elif how == "a row twice":
        found[accounts] += found[accounts].splitlines(keepends=True)[0]
    elif how == "a row less":
        found["tables/contacts.jsonl"] = b"".join(found["tables/contacts.jsonl"].splitlines(keepends=True)[:-1])
    elif how == "a photo's bit":
        found[photo] = bytes([found[photo][0] ^ 1]) + found[photo][1:]
    elif how == "a photo gone":
        del found[photo]
    elif how == "a way out of the folder":
        found["files/../../outside"] = b"x"
    elif how == "an absolute way":
        found["/tmp/outside-of-the-house"] = b"x"
    return own_archive.written(found)


def test_an_archive_written_anew_by_the_second_writer_is_taken(archives, tmp_path):
    """The genuine twin of the spoiled ones below."""
    assert put_back(changed(archives["whole"], "not at all"), tmp_path).code == 0


@pytest.mark.parametrize("how", [
    "no manifest", "another format", "a table gone", "a broken row", "a row short of a column", "a row twice",
    "a way out of the folder", "an absolute way", "a table nobody knows",
    "a row less", "a photo's bit",
    "a photo gone",
])  # fmt: skip
def test_a_spoiled_archive_is_refused_and_nothing_is_left(archives, tmp_path, how):
    refused(put_back(changed(archives["whole"], how), tmp_path))
    nothing_came(tmp_path / "back")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("cut", [1, 8, 100_000])
def test_a_cut_off_archive_is_refused_and_nothing_is_left(archives, tmp_path, cut):
    refused(put_back(archives["whole"][:-cut], tmp_path))
    nothing_came(tmp_path / "back")


def test_one_flipped_bit_is_refused_and_nothing_is_left(archives, tmp_path):
    """Anywhere in the packed stream or in its checksum."""
    archive, drawn = archives["whole"], random.Random(1)
    places = [drawn.randrange(20, len(archive)) for _ in range(2)] + [len(archive) - 6]
    for nth, at in enumerate(places):
        spoiled = bytearray(archive)
        spoiled[at] ^= 1 << drawn.randrange(8)
        folder = tmp_path / str(nth)
        folder.mkdir()
        refused(put_back(bytes(spoiled), folder))
        nothing_came(folder / "back")


def test_after_a_refusal_the_genuine_archive_is_still_taken(lived_in, archives, tmp_path):
    refused(put_back(archives["whole"][:-9], tmp_path))
    assert put_back(archives["whole"], tmp_path).code == 0
    assert ordered(own_archive.tables(tmp_path / "back")) == ordered(own_archive.tables(lived_in))


def test_a_log_that_was_changed_in_the_archive_is_told(archives, tmp_path):
    """`flask restore --help`: exit 1, it is back, but its log doesn't verify. Who changes a line of the log makes the digests anew too;
    with the old digests the archive isn't taken at all."""
    found = own_archive.members(archives["whole"])
    name = "tables/audit_lines.jsonl"
    rows = own_archive.rows(found[name])
    rows[3]["actor"] = "system:other"
    found[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    unlike = tmp_path / "unlike"
    unlike.mkdir()
    refused(put_back(own_archive.written(found), unlike))
    nothing_came(unlike / "back")
    digests = json.loads(found["digests.json"])
    digests[name] = hashlib.sha256(found[name]).hexdigest()
    found["digests.json"] = json.dumps(digests).encode()
    ran = put_back(own_archive.written(found), tmp_path)
    assert ran.code == 1, ran.err
    assert process("flask", "audit", "verify", data=tmp_path / "back").code == 1


@pytest.mark.parametrize("raw", [b"", b"hello", b"\x1f\x8b", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(raw, tmp_path):
    refused(put_back(raw, tmp_path))
    nothing_came(tmp_path / "back")
