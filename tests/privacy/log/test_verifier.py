"""The verifier as a stranger uses it: one copied file, the network off, with and without `cryptography`."""

import base64
import copy
import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import canonical, clock, signing
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance import house_key
from privacy.clearance.log import checkpoint, keys, proof, queries, tiles, tree
from privacy.clearance.log.bundle import make_bundle
from privacy.clearance.log.papers import download
from privacy.clearance.queries import get_certificate
from tests.harness.json_shape import misfits, schema

SCHEMA = schema("verify")


@dataclass
class Stranger:
    """Somebody with a folder: FILE, keys, a checkpoint, and a copy of the one file."""

    folder: Path

    def write(self, name, value):
        path = self.folder / name
        path.write_bytes(value if isinstance(value, bytes) else canonical.encode(value) if not isinstance(value, str) else value.encode())
        return str(path)

    def run(self, *args, bare=False, lang="en"):
        """`bare`: without site-packages, so without `cryptography`."""
        copied = self.folder / "copied.py"
        copied.write_bytes(Path(verify.__file__).read_bytes())
        environ = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        flags = ["-I", "-S"] if bare else ["-I"]
        command = [sys.executable, *flags, str(copied), *args, "--lang", lang]
        return subprocess.run(command, capture_output=True, cwd=self.folder, env=environ, timeout=60)

    def verdict(self, *args, bare=False):
        done = self.run(*args, "--json", bare=bare)
        value = json.loads(done.stdout)
        assert done.stderr == b"" and done.returncode == (0 if value["verdict"] == "valid" else 1)
        assert misfits(value, SCHEMA) == []
        return value["verdict"], {one["code"]: one["ok"] for one in value["checks"]}


@pytest.fixture
def stranger(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Stranger(folder)


@pytest.fixture
def trust(app, session, number):
    return house_key.key_list(bench_of(app.extensions["xunshi"]).keys, keys.listed(session))


@pytest.fixture
def paper(session, number):
    return json.loads(canonical.encode(download(session, get_certificate(session, number), clock.now())))


def judged(paper, trust, outside=None):
    found = verify.examine(canonical.encode(paper), verify.read_keys(canonical.encode(trust)), outside)
    return found.verdict, {one.code: one.ok for one in found.checks if one.ok is not True}


@pytest.mark.parametrize("bare", [False, True])
def test_a_genuine_certificate_alone_in_a_folder(stranger, paper, trust, bare):
    file, known = stranger.write("c.json", paper), stranger.write("keys.json", trust)
    verdict, checks = stranger.verdict(file, "--trust", known, bare=bare)
    assert verdict == "valid" and set(checks.values()) == {True} and len(checks) >= 9
    changed = json.loads(json.dumps(paper).replace("magnetic", "magnetik"))
    verdict, checks = stranger.verdict(stranger.write("bad.json", changed), "--trust", known, bare=bare)
    assert verdict == "invalid" and checks["signature"] is False and checks["digest"] is False
    said = stranger.run(file, "--trust", known, bare=bare, lang="zh")
    assert "有效" in said.stdout.decode() and "离线无法得知" in said.stdout.decode() and said.returncode == 0
    assert "can't be seen offline" in stranger.run(file, "--trust", known, bare=bare).stdout.decode()


def test_without_trusted_keys_the_signer_is_not_confirmed(stranger, paper, trust):
    paper["keys"] = trust["keys"]
    file = stranger.write("c.json", paper)
    assert stranger.verdict(file)[0] == "unknown"
    assert "Signer not confirmed" in stranger.run(file).stdout.decode()
    value = json.loads(stranger.run(file, "--json").stdout)
    assert "signer_not_confirmed" in value["notes"] and "revocation_after_as_of" in value["notes"]
    other = {"kind": "xunshi_keys", "version": 1, "keys": []}
    assert stranger.verdict(file, "--trust", stranger.write("k.json", other))[0] == "unknown"


UNUSABLE = [
    [], ["missing.json"], ["empty"], ["float.json"], ["twice.json"], ["other.json"], ["list.json"], ["deep.json"], ["c.json", "--trust", "missing.json"],
    ["c.json", "--trust", "c.json"], ["c.json", "--checkpoint", "c.json"], ["c.json", "--nonsense"], ["broken.zip"], ["."], ["bare.json"],
]  # fmt: skip


@pytest.mark.parametrize("args", UNUSABLE, ids=" ".join)
def test_what_cannot_be_used_is_told_with_exit_2(stranger, args):
    stranger.write("c.json", {"kind": "wipe_certificate", "version": 1, "body": {}, "signatures": []})
    files = {"empty": b"", "float.json": b'{"a":1.5}', "twice.json": b'{"a":1,"a":2}', "list.json": b"[]", "deep.json": b"[" * 9000, "broken.zip": b"PK\x03\x04xx"}
    for name, data in files.items():
        stranger.write(name, data)
    stranger.write("other.json", {"kind": "shopping_list", "version": 1})
    stranger.write("bare.json", {"kind": "wipe_certificate", "version": 1})
    done = stranger.run(*args)
    assert done.returncode == 2 and done.stdout == b"" and set(json.loads(done.stderr)) == {"error", "message"}


BENT = [
    ("leaf", lambda p: p["log"].update(leaf=p["log"]["leaf"].replace('"epoch":1', '"epoch":2')), {"inclusion", "leaf"}),
    ("another leaf", lambda p: p["log"].update(leaf=p["log"]["leaf"].replace("issued", "ended")), {"leaf", "inclusion"}),
    ("not canonical", lambda p: p["log"].update(leaf=" " + p["log"]["leaf"]), {"leaf", "inclusion"}),
    ("proof index", lambda p: p["log"].update(proof=p["log"]["proof"].replace("index ", "index 1")), {"inclusion", "leaf"}),
    ("proof size", lambda p: p["log"].update(proof=p["log"]["proof"].replace("/log\n", "/log\n1", 1)), {"inclusion", "checkpoint"}),
    ("no proof", lambda p: p["log"].pop("proof"), {"in_log"}),
    ("digest", lambda p: p.update(digest="0" * 64), {"digest"}),
    ("kind", lambda p: p.update(kind="appraisal_report"), {"form", "leaf"}),
    ("signature", lambda p: p["signatures"][0].update(value_b64="A" * 86 + "=="), {"signature"}),
    ("algorithm", lambda p: p["signatures"][0].update(alg="none"), {"signature"}),
    ("revoked", lambda p: p.update(state="revoked"), {"stands"}),
    ("time over", lambda p: p.update(as_of="2099-01-01T00:00:00.000000Z"), {"stands"}),
    ("no signature", lambda p: p.update(signatures=[]), {"two_persons", "leaf"}),
    ("same one twice", lambda p: p["signatures"].append(p["signatures"][0]), {"two_persons", "leaf"}),
]


def test_each_lie_is_named(paper, trust):
    assert judged(paper, trust) == ("valid", {})
    for name, bend, wanted in BENT:
        one = copy.deepcopy(paper)
        bend(one)
        verdict, bad = judged(one, trust)
        assert verdict == "invalid" and {code for code, ok in bad.items() if ok is False} == wanted, name


def test_what_is_not_there_is_unknown(paper, trust):
    for bend, wanted in ((lambda p: p.update(log={"state": "being_entered"}), "in_log"), (lambda p: p.pop("state"), "stands")):
        one = copy.deepcopy(paper)
        bend(one)
        verdict, bad = judged(one, trust)
        assert verdict == "unknown" and bad[wanted] is None


ROLES = [
    ("certificate", {"until": "2020-01-01T00:00:00.000000Z"}, "invalid"), ("certificate", {"from": "2099-01-01T00:00:00.000000Z"}, "invalid"),
    ("certificate", {"revoked_at": "2020-01-01T00:00:00.000000Z"}, "invalid"), ("certificate", {"revoked_at": "2099-01-01T00:00:00.000000Z"}, "unknown"),
    ("certificate", {"until": "2099-01-01T00:00:00.000000Z"}, "valid"), ("certificate", {"role": "log"}, "invalid"),
    ("log", {"revoked_at": "2099-01-01T00:00:00.000000Z"}, "unknown"), ("log", {"name": "elsewhere/log"}, "unknown"), ("log", {"role": "certificate"}, "unknown"),
]  # fmt: skip


def test_a_key_is_good_for_its_role_and_time(paper, trust):
    for role, change, wanted in ROLES:
        known = copy.deepcopy(trust)
        next(one for one in known["keys"] if one["role"] == role).update(change)
        assert judged(paper, known)[0] == wanted, (role, change)


def test_a_key_list_that_lies_is_no_key_list(paper, trust):
    trust["keys"][0]["key_id"] = "0" * 16
    with pytest.raises(verify.Unusable):
        judged(paper, trust)


def grown(sequence, append, session, paper):
    """The checkpoint that the paper carries, and a later one."""
    before = verify.parse_proof(paper["log"]["proof"]).checkpoint.note.raw
    append("more")
    session.rollback()
    sequence()
    session.rollback()
    return before, queries.latest(session)


def test_a_checkpoint_kept_outside(app, session, stranger, number, paper, trust, append, sequence):
    before, now = grown(sequence, append, session, paper)
    file, known = stranger.write("c.json", paper), stranger.write("keys.json", trust)
    kept = stranger.write("kept", before)
    assert stranger.verdict(file, "--trust", known, "--checkpoint", kept)[0] == "valid"
    later = stranger.write("later", now.note)
    verdict, checks = stranger.verdict(file, "--trust", known, "--checkpoint", later)
    assert verdict == "unknown" and checks["consistency"] is None
    old = verify.parse_checkpoint(before)
    link = stranger.write("link.json", queries.consistency_json(session, old.size, now.size))
    assert stranger.verdict(file, "--trust", known, "--checkpoint", later, "--consistency", link)[0] == "valid"
    key = house_key.log_key(bench_of(app.extensions["xunshi"]).keys)
    fork = stranger.write("fork", checkpoint.sign(old.origin, old.size, bytes(32), key))
    verdict, checks = stranger.verdict(file, "--trust", known, "--checkpoint", fork)
    assert verdict == "invalid" and checks["consistency"] is False and checks["kept_checkpoint"] is True
    longer = stranger.write("longer", checkpoint.sign(old.origin, now.size, bytes(32), key))
    assert stranger.verdict(file, "--trust", known, "--checkpoint", longer, "--consistency", link)[0] == "invalid"
    unsigned = stranger.write("unsigned", checkpoint.sign(old.origin, old.size, old.root, signing.from_seed(bytes(32))))
    assert stranger.verdict(file, "--trust", known, "--checkpoint", unsigned)[0] == "unknown"


@pytest.fixture
def bundle(app, session, number):
    return make_bundle(session, bench_of(app.extensions["xunshi"]), [get_certificate(session, number)], clock.now())


def repacked(data, change):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return out.getvalue()


@pytest.mark.parametrize("bare", [False, True])
def test_a_bundle_holds_all_that_proves_it(stranger, bundle, trust, bare):
    file, known = stranger.write("b.zip", bundle), stranger.write("keys.json", trust)
    verdict, checks = stranger.verdict(file, "--trust", known, bare=bare)
    assert verdict == "valid" and {"files", "inclusion", "evidence", "same_leaf", "own_inclusion"} <= set(checks)
    assert stranger.verdict(file)[0] == "unknown"
    names = zipfile.ZipFile(io.BytesIO(bundle)).namelist()
    assert any(name.startswith("evidence/") for name in names) and "readme.txt" in names and "verify.py" in names


def test_a_bundle_for_the_public_has_no_tools_files(app, session, number, trust):
    made = make_bundle(session, bench_of(app.extensions["xunshi"]), [get_certificate(session, number)], clock.now(), evidence=False)
    assert not any(name.startswith("evidence/") for name in zipfile.ZipFile(io.BytesIO(made)).namelist())
    assert verify.examine(made, verify.read_keys(canonical.encode(trust))).verdict == "valid"


@pytest.mark.parametrize("prefix", ["evidence/", "certificates/", "proofs/", "leaves.jsonl", "keys.json", "readme.txt", "checkpoint"])
def test_a_changed_file_of_a_bundle_is_named(bundle, trust, prefix):
    known = verify.read_keys(canonical.encode(trust))

    def change(files):
        name = next(name for name in sorted(files) if name.startswith(prefix))
        files[name] = files[name].replace(b"a", b"b", 1)

    try:
        found = verify.examine(repacked(bundle, change), known)
    except verify.Unusable:
        return
    assert found.verdict == "invalid" and any(one.code == "files" and one.ok is False and one.detail for one in found.checks)


def test_a_file_more_or_less_is_seen(bundle, trust):
    known = verify.read_keys(canonical.encode(trust))
    for change in (lambda files: files.update(extra=b"x"), lambda files: files.pop("readme.txt")):
        assert verify.examine(repacked(bundle, change), known).verdict == "invalid"


@pytest.mark.parametrize("entries", [
    [("../../etc/passwd", b"x")], [("/abs", b"x")], [("a//b", b"x")], [(".hidden", b"x")], [("a\\b", b"x")], [("x" * 400, b"x")],
    [("bomb", b"\0" * 3_000_000)], [("twice", b"a"), ("twice", b"b")], [("a/b/c/d/e/f", b"x")], [("manifest.json", b"[]")], [],
])  # fmt: skip
def test_odd_zips_are_unusable(entries):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that comes twice: that is the point
        for name, data in entries:
            archive.writestr(name, data)
    with pytest.raises(verify.Unusable):
        verify.examine(out.getvalue(), {})


def test_an_exported_log(session, stranger, number, trust, append, sequence):
    before = queries.latest(session).note
    append(*(f"n{n}" for n in range(260)))
    session.rollback()
    sequence()
    session.rollback()
    folder = stranger.folder / "log"
    size = tiles.export(session, folder, trust, [])
    known, kept = stranger.write("keys.json", trust), stranger.write("kept", before)
    assert stranger.verdict(str(folder), "--trust", known, "--checkpoint", kept, bare=True)[0] == "valid" and size > 256
    path = folder / "tile" / "entries" / "000"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"n7", b"n8", 1))
    verdict, checks = stranger.verdict(str(folder), "--trust", known, "--checkpoint", kept)
    assert verdict == "invalid" and checks["leaves"] is False
    path.write_bytes(data[:-3])
    assert stranger.run(str(folder), "--trust", known).returncode == 2


def test_a_thousand_proofs_in_one_bundle_share_one_checkpoint(trust):
    """Papers of a made-up log: the verifier asks each signature once."""
    made = tree.Growing()
    nodes = {}
    for n in range(50):
        nodes |= {(level, index): found for level, index, found in made.add(tree.leaf_hash(str(n).encode()))}
    note = checkpoint.sign("x/log", 50, made.root(), signing.from_seed(bytes(32)))
    texts = [proof.write(n, tree.inclusion(tree.reader(nodes), n, 50), note) for n in range(50)]
    assert all(verify.parse_proof(text).checkpoint.root == made.root() for text in texts)
    assert base64.b64encode(made.root()).decode() in texts[0]
