"""Backup and restore: all comes back as it was and as guarded as it was; what is damaged or doesn't fit changes nothing."""

import gzip
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect, select

from core import audit, clock, ids, migrate, secrets
from core.commands.audit import audit as audit_command
from core.commands.house import backup, prepare, restore
from core.files import FolderStore
from core.goods.register import keep_categories
from core.people.models import Account, Notice
from core.work import Actor, work

pytestmark = pytest.mark.slow  # seconds a test; `make quick` leaves it out, CI runs it

ROOT = Path(__file__).resolve().parents[3]
STRANGE = "a\u2028b\u2029c\x85d\x0be\u00e9\u4e2d\U0001f4bb \\n \" '; --"


def furnish(home) -> str:
    """People with strange words, categories, a log and a stored file. Returns the file's digest."""
    keep_categories(home.database)
    secrets.open_vault(home.data)
    with home.database.session() as session, work(session, Actor("system:test"), clock.now()) as w:
        account = Account(
            id=ids.new_id(), name="Alice", password_hash="-", of_age_at=w.now, created_at=w.now, language="zh"
        )
        w.session.add(account)
        w.session.flush()
        w.session.add(
            Notice(id=ids.new_id(), account_id=account.id, sentence=STRANGE, values={"x": STRANGE}, link="/", at=w.now)
        )
        w.record("core:account:opened", account.id, demo=False)
    home.record(3)
    (home.data / "keys").mkdir()
    (home.data / "keys" / "house.key").write_text("k")
    (home.data / "files").mkdir()
    (home.data / "files" / ".draft").write_text("half written")
    return FolderStore(home.data / "files").put(b"a tool's log", "evidence")


def everything(home) -> dict[str, list]:
    with home.database.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            name: sorted(map(repr, connection.execute(select(table)).all())) for name, table in found.tables.items()
        }


def saved(home, *words) -> Path:
    result = home.run(backup, *words)
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.splitlines()[0].removeprefix("saved to "))


def refused(result, error: str) -> str:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    said = json.loads(result.stderr)
    assert said["error"] == error
    return said["message"]


def is_empty(home) -> bool:
    with home.database.engine.connect() as connection:
        return inspect(connection).get_table_names() == []


def take_secret(old, new) -> None:
    shutil.copy(old.data / "deployment.secret", new.data / "deployment.secret")


def test_all_comes_back_as_it_was(new_home):
    old, new = new_home("old", prepared=True), new_home("new")
    digest = furnish(old)
    before, archive = everything(old), saved(old)
    take_secret(old, new)
    result = new.run(restore, str(archive))
    assert result.exit_code == 0, result.output
    assert everything(new) == before
    assert f"{sum(map(len, before.values())) - len(before['alembic_version'])} rows are back" in result.stdout
    assert "the audit log holds: 4 lines" in result.stdout
    assert FolderStore(new.data / "files").get(digest) == b"a tool's log"
    assert (new.data / "keys" / "house.key").read_text() == "k"
    assert not (new.data / "files" / ".draft").exists()


def test_a_house_moves_from_one_engine_to_the_other(new_home):
    """Save under the embedded database, put back on the server (in the server's run), and home again."""
    old, new, home = new_home("old", prepared=True, embedded=True), new_home("new"), new_home("home", embedded=True)
    furnish(old)
    take_secret(old, new)
    take_secret(old, home)
    assert new.run(restore, str(saved(old))).exit_code == 0
    assert home.run(restore, str(saved(new))).exit_code == 0
    assert everything(home) == everything(old)
    new.record(1)  # numbers go on where they were


def test_the_guards_are_back_too_and_the_chain_goes_on(new_home):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    take_secret(old, new)
    assert new.run(restore, str(saved(old))).exit_code == 0
    for sql in ("UPDATE audit_lines SET actor = 'x'", "DELETE FROM audit_lines", "DELETE FROM audit_seals"):
        with pytest.raises(Exception, match="append-only"):
            new.sql(sql)
    new.record(2)
    with new.database.session() as session:
        found = audit.verify(session)
    assert (found.ok, found.lines) == (True, 6)


def test_a_second_backup_of_the_copy_says_the_same(new_home):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    take_secret(old, new)
    first = saved(old)
    new.run(restore, str(first))
    assert tables_in(saved(new)) == tables_in(first)


def tables_in(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.name.startswith("tables/")}


def test_nobody_else_reads_an_archive_and_the_secret_stays_out_unless_asked(home, tmp_path):
    furnish(home)
    archive = saved(home, "--out", str(tmp_path / "out" / "house.tar.gz"))
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        manifest = json.loads(tar.extractfile("manifest.json").read())
    assert "deployment.secret" not in names
    assert manifest["revision"] == migrate.head()
    secret = (home.data / "deployment.secret").read_text().strip().rpartition(":")[2]
    assert secret not in json.dumps(manifest)
    with tarfile.open(saved(home, "--with-secret", "--out", str(tmp_path / "with.tar.gz"))) as tar:
        assert "deployment.secret" in tar.getnames()
    assert not list(tmp_path.rglob("*.part"))


def test_a_backup_without_its_secret_is_not_put_back_into_a_strange_house(new_home):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    archive = saved(old)
    assert "deployment secret" in refused(new.run(restore, str(archive)), "bad_backup")
    assert is_empty(new)
    take_secret(old, new)
    assert new.run(restore, str(archive)).exit_code == 0


def test_a_backup_with_its_secret_brings_it(new_home):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    assert new.run(restore, str(saved(old, "--with-secret"))).exit_code == 0
    assert (new.data / "deployment.secret").read_text() == (old.data / "deployment.secret").read_text()
    assert stat.S_IMODE((new.data / "deployment.secret").stat().st_mode) == 0o600


def test_a_house_in_use_is_never_overwritten(new_home):
    old, used = new_home("old", prepared=True), new_home("used", prepared=True)
    furnish(old)
    take_secret(old, used)
    before = everything(used)
    assert "not empty" in refused(used.run(restore, str(saved(old))), "bad_backup")
    assert everything(used) == before


def damaged(raw: bytes, how: str) -> bytes:
    middle = len(raw) // 2
    return {
        "cut": raw[:middle],
        "without its end": raw[:-6],
        "flipped": raw[:middle] + bytes([raw[middle] ^ 0x10]) + raw[middle + 1 :],
        "wrong sum": raw[:-8] + bytes([raw[-8] ^ 1]) + raw[-7:],
        "no gzip": b"PK\x03\x04" + raw,
        "empty": b"",
        "no tar": gzip.compress(b"hello" * 1000),
    }[how]


@pytest.mark.parametrize("how", ["cut", "without its end", "flipped", "wrong sum", "no gzip", "empty", "no tar"])
def test_a_damaged_archive_is_refused_and_leaves_nothing(new_home, tmp_path, how):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    take_secret(old, new)
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(damaged(saved(old).read_bytes(), how))
    refused(new.run(restore, str(bad)), "bad_backup")
    assert is_empty(new)
    assert not (new.data / "files").exists()


def rewritten(source: Path, target: Path, change) -> Path:
    """The archive with members changed: `change(name, raw)` gives new bytes, or None to leave it out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            raw = old.extractfile(member).read()
            replaced = change(member.name, raw)
            if replaced is not None:
                member.size = len(replaced)
                new.addfile(member, io.BytesIO(replaced))
        extra = change("+", b"")
        if extra:
            new.addfile(extra)
    return target


def evil(name: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return link


CHANGES = {
    "not ours": lambda name, raw: b'{"format": "other"}' if name == "manifest.json" else raw,
    "no object": lambda name, raw: b"[]" if name == "manifest.json" else raw,
    "no manifest": lambda name, raw: None if name == "manifest.json" else raw,
    "unknown revision": lambda name, raw: raw.replace(migrate.head().encode(), b"fffffff") if name == "manifest.json" else raw,
    "a table is missing": lambda name, raw: None if name == "tables/accounts.jsonl" else raw,
    "no JSON": lambda name, raw: b"{" if name == "tables/accounts.jsonl" else raw,
    "an unknown column": lambda name, raw: b'{"colour": "red"}\n' if name == "tables/accounts.jsonl" else raw,
    "a row of nobody": lambda name, raw: raw.replace(b'"account_id": "', b'"account_id": "x') if name == "tables/notices.jsonl" else raw,
    "a link": lambda name, raw: evil("files/photo") if name == "+" else raw,
    "a way out": lambda name, raw: evil("files/../../x") if name == "+" else raw,
    "another file": lambda name, raw: evil("config") if name == "+" else raw,
}  # fmt: skip


@pytest.mark.parametrize("how", CHANGES)
def test_an_archive_that_was_made_up_is_refused_and_leaves_nothing(new_home, tmp_path, how):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    take_secret(old, new)
    bad = rewritten(saved(old), tmp_path / "bad.tar.gz", lambda name, raw: CHANGES[how](name, raw) if name != "+" or how in ("a link", "a way out", "another file") else None)  # fmt: skip
    refused(new.run(restore, str(bad)), "bad_backup")
    assert is_empty(new)


def test_a_log_that_was_changed_in_the_archive_is_told(new_home, tmp_path):
    old, new = new_home("old", prepared=True), new_home("new")
    furnish(old)
    take_secret(old, new)
    plain = rewritten(saved(old), tmp_path / "plain.tar.gz", lambda name, raw: None if name == "+" else raw.replace(b"thing1", b"thing9"))  # fmt: skip
    third = new_home("third")
    take_secret(old, third)
    refused(third.run(restore, str(plain)), "bad_backup")

    def as_before_digests(name, raw):
        """Who changes rows can also say that it is an archive from before there were digests: the chain tells."""
        if name in ("+", "digests.json"):
            return None
        return raw.replace(b"thing1", b"thing9").replace(b"xunshi-backup-2", b"xunshi-backup-1")

    bad = rewritten(saved(old), tmp_path / "bad.tar.gz", as_before_digests)
    result = new.run(restore, str(bad))
    assert result.exit_code == 1
    assert "DOES NOT HOLD" in result.stdout


def test_what_cant_be_done_is_said(new_home, tmp_path):
    bare = new_home("bare")
    assert "nothing to save" in refused(bare.run(backup), "no_backup")
    refused(bare.run(restore, str(tmp_path / "none.tar.gz")), "missing")
    refused(bare.run(restore), "usage")
    blocked = tmp_path / "a file"
    blocked.write_text("x")
    full = new_home("full", prepared=True)
    refused(full.run(backup, "--out", str(blocked / "x.tar.gz")), "unwritable")


def test_tables_of_unknown_origin_are_left_alone(app, tmp_path):
    """The tests' own database was not made by the migrations."""
    runner = app.test_cli_runner()
    assert "not made by" in refused(runner.invoke(prepare, []), "unknown_tables")
    assert "not made by" in refused(runner.invoke(backup, []), "no_backup")
    some = tmp_path / "some.tar.gz"
    some.write_bytes(b"")
    refused(runner.invoke(restore, [str(some)]), "bad_backup")


def test_prepare_makes_a_house_and_does_no_harm_again(new_home):
    home = new_home("fresh")
    assert home.run(prepare).exit_code == 0
    assert migrate.current(home.database) == migrate.head()
    assert home.sql("SELECT count(*) FROM categories")[0][0] > 10
    before = everything(home)
    assert home.run(prepare).exit_code == 0
    assert everything(home) == before
    assert not (home.data / "backups").exists(), "nothing was to be stepped up, so nothing was saved"


@pytest.mark.slow
@pytest.mark.enginefree
def test_the_whole_way_as_a_person_types_it(tmp_path):
    """Real processes: prepare, save, put back elsewhere, verify and export there."""
    flask = Path(sys.executable).with_name("flask")

    def typed(folder: str, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PORT")}
        environ["XUNSHI_DATA"] = str(tmp_path / folder)
        return subprocess.run([str(flask), *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    assert typed("one", "audit", "verify", "--json").returncode == 2
    assert typed("one", "prepare").returncode == 0
    made = typed("one", "backup", "--with-secret", "--out", str(tmp_path / "house.tar.gz"))
    assert made.returncode == 0, made.stderr
    back = typed("two", "restore", str(tmp_path / "house.tar.gz"))
    assert back.returncode == 0, back.stderr
    found = typed("two", "audit", "verify", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["ok"] is True
    out = typed("two", "audit", "export")
    assert out.stdout.startswith("seq,at,actor,word,subject,facts,previous,hash\n")
    assert typed("two", "restore", str(tmp_path / "house.tar.gz")).returncode == 2


def test_the_log_command_is_the_one_of_the_contract():
    options = {one.name for one in audit_command.commands["export"].params}
    assert options == {"start", "end", "out"}
    assert "--until" in audit_command.commands["export"].params[1].opts
