"""docs/algorithms/public-log.md: a small log as the house serves and exports it, and its papers, checked by a second verifier;
then spoiled, and both verifiers asked."""

import base64
import copy
import io
import json
import random
import runpy
import shutil
import subprocess
import sys
import warnings
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import audit
from tests.independent import own_log
from tests.independent.own_schema import misfits, schema
from tests.independent.running import Ran, flask, process, refused
from tests.stories import coat, wiped_laptop


@dataclass(frozen=True)
class Town:
    """All that somebody outside can have of a log with three certificates and three checkpoints."""

    folder: Path
    papers: list[bytes]
    keys: dict[str, Any]
    sizes: list[int]
    served: dict[str, tuple[int, str, bytes]]

    def get(self, url: str) -> bytes:
        status, _, body = self.served[url]
        assert status == 200, url
        return body

    @property
    def log(self) -> tuple[str, bytes]:
        (key,) = [key for key in self.keys["keys"] if key["role"] == "log"]
        return key["name"], bytes.fromhex(key["public"])

    @property
    def entries(self) -> list[bytes]:
        return own_log.bundle_of(self.get(f"/log/tile/entries/000.p/{self.sizes[-1]}"))


MADE: list[Town] = []


@pytest.fixture
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Town:
    if not MADE:
        MADE.append(_lived(request, tmp_path_factory.mktemp("town")))
    return MADE[0]


def _lived(request: pytest.FixtureRequest, folder: Path) -> Town:
    names = ["app", "session", "doing", "alice", "bob", "wang", "zhao", "shop", "anonymous"]
    app, session, doing, alice, bob, wang, zhao, shop, anonymous = map(request.getfixturevalue, names)
    sizes = []
    for nth in range(3):
        wiped_laptop(app, doing, alice, wang, zhao, shop, nth=nth)
        coat(doing, bob)
        with doing() as w:
            audit.seal(w.session)
        assert flask("log", "sequence", app=app).code == 0
        sizes.append(int(anonymous.get("/log/checkpoint").text.split("\n")[1]))
    n = sizes[-1]
    asked = ["/keys.json", "/log/checkpoint", "/log/entries", "/log/verify.py", f"/log/checkpoint/{n + 1}", "/log/tile/0/000"]
    asked += [f"/log/checkpoint/{size}" for size in sizes] + [f"/log/tile/0/000.p/{width}" for width in (1, *sizes, n + 1)]
    asked += [f"/log/tile/entries/000.p/{width}" for width in (*sizes, n + 1)] + [
        f"/log/tile/1/000.p/{n}",
        "/log/tile/64/000.p/1",
    ]
    asked += [f"/log/proof/{index}" for index in range(n + 1)] + [f"/log/proof/0?head={size}" for size in sizes]
    asked += [f"/log/consistency?from={a}&to={b}" for a in range(n + 2) for b in (*sizes, n + 1)]
    served = {}
    for url in asked:
        answer = anonymous.get(url)
        served[url] = (answer.status_code, answer.headers["Content-Type"], answer.data)
    keys = json.loads(served["/keys.json"][2])
    entries = json.loads(served["/log/entries"][2])["entries"]
    issued = [json.loads(entry["leaf"]) for entry in entries]
    numbers = [leaf["subject"] for leaf in issued if leaf["type"] == "privacy:certificate:issued"]
    papers = [anonymous.get(f"/certificates/{number}.json").data for number in numbers]
    for head in {head_of(paper) for paper in papers}:
        answer = anonymous.get(f"/log/checkpoint/{head}")
        served[f"/log/checkpoint/{head}"] = (answer.status_code, answer.headers["Content-Type"], answer.data)
    assert flask("log", "export", folder / "exported", app=app).code == 0
    assert flask("log", "bundle", *numbers[:2], "--out", folder / "bundle.zip", app=app).code == 0
    (folder / "keys.json").write_bytes(served["/keys.json"][2])
    session.rollback()
    return Town(folder, papers, keys, sizes, served)


def checked(what: bytes | Path, folder: Path, *words: str | Path, keys: dict[str, Any] | None = None) -> Ran:
    """`python -m privacy.verify`, run in this process: several thousand times."""
    path = what
    if isinstance(what, bytes):
        path = folder / "paper"
        path.write_bytes(what)
    line = ["verify", str(path), "--json", *map(str, words)]
    if keys is not None:
        (folder / "trusted.json").write_text(json.dumps(keys), encoding="utf-8")
        line += ["--trust", str(folder / "trusted.json")]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    with mock.patch.object(sys, "argv", line), redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            runpy.run_module("privacy.verify", run_name="__main__")
        except SystemExit as end:
            code = int(end.code or 0)
    return Ran(code, out.buffer.getvalue(), err.buffer.getvalue().decode())


def verdict(ran: Ran) -> str:
    """valid, invalid or unknown, with the right exit code and shape; unusable is its own."""
    if ran.code == 2:
        refused(ran)
        return "unusable"
    answer = ran.json
    assert misfits(answer, schema("verify")) == []
    states = [check["ok"] for check in answer["checks"]]
    assert answer["verdict"] == ("invalid" if False in states else "unknown" if None in states else "valid")
    assert ran.code == (0 if answer["verdict"] == "valid" else 1)
    assert "revocation_after_as_of" in answer["notes"]
    return answer["verdict"]


# --- the log as it is served


def test_every_checkpoint_is_the_root_of_its_entries(town):
    leaves = [own_log.leaf_hash(entry) for entry in town.entries]
    for size in town.sizes:
        found = own_log.head(town.get(f"/log/checkpoint/{size}"), *town.log)
        assert (found.size, found.root) == (size, own_log.root_of(leaves[:size]))
    assert town.get("/log/checkpoint") == town.get(f"/log/checkpoint/{town.sizes[-1]}")
    assert town.served["/log/checkpoint"][1] == "text/plain; charset=utf-8"
    (key,) = [key for key in town.keys["keys"] if key["role"] == "log"]
    assert key["vkey"] == own_log.vkey(town.log[0], 1, town.log[1])


def test_tiles_hold_the_hashes_of_the_entries(town):
    leaves = [own_log.leaf_hash(entry) for entry in town.entries]
    for width in (1, *town.sizes):
        assert town.get(f"/log/tile/0/000.p/{width}") == b"".join(leaves[:width])
    for size in town.sizes:
        assert own_log.bundle_of(town.get(f"/log/tile/entries/000.p/{size}")) == town.entries[:size]
    n = town.sizes[-1]
    for url in (
        "/log/tile/0/000",
        f"/log/tile/0/000.p/{n + 1}",
        f"/log/tile/entries/000.p/{n + 1}",
        f"/log/tile/1/000.p/{n}",
        "/log/tile/64/000.p/1",
    ):
        assert town.served[url][0] == 404, url


def test_entries_as_json_are_the_same(town):
    answer = json.loads(town.get("/log/entries"))
    assert [entry["leaf"].encode() for entry in answer["entries"]] == town.entries
    assert [entry["index"] for entry in answer["entries"]] == list(range(town.sizes[-1]))
    assert (answer["next"], answer["size"]) == (None, town.sizes[-1])


def test_entries_are_canonical_and_name_no_person_or_device(town):
    for entry in town.entries:
        leaf = json.loads(entry)
        assert own_log.canonical(leaf).encode() == entry
        assert set(leaf) == {"body", "commitments", "created", "subject", "type", "v"}
        for word in ("Alice", "Wang", "Zhao", "PF2XK9A7", "WCC6Y4", "西湖"):
            assert word not in entry.decode()


def test_every_entry_has_its_proof(town):
    leaves = [own_log.leaf_hash(entry) for entry in town.entries]
    for index, entry in enumerate(town.entries):
        text = town.get(f"/log/proof/{index}").decode()
        assert own_log.proof(text, entry, *town.log)[0] == index
        hashes = [base64.b64decode(line) for line in text.split("\n\n")[0].split("\n")[2:]]
        assert hashes == own_log.path_of(index, leaves)
        with pytest.raises(own_log.Bad):
            own_log.proof(text, town.entries[index - 1], *town.log)
    for size in town.sizes:
        assert own_log.proof(town.get(f"/log/proof/0?head={size}").decode(), town.entries[0], *town.log)[1].size == size
    assert town.served[f"/log/proof/{town.sizes[-1]}"][0] == 404


def test_consistency_between_all_sizes(town):
    leaves = [own_log.leaf_hash(entry) for entry in town.entries]
    n = town.sizes[-1]
    for a in range(n + 2):
        for b in (*town.sizes, n + 1):
            status, _, body = town.served[f"/log/consistency?from={a}&to={b}"]
            if not 1 <= a <= b <= n:
                assert status in (400, 404), (a, b, status)
                continue
            answer = json.loads(body)
            assert (answer["from"], answer["to"]) == (a, b)
            assert [base64.b64decode(one) for one in answer["proof"]] == own_log.consistency_of(a, leaves[:b])


# --- a paper


def test_genuine_papers_hold_for_both(town, tmp_path):
    for paper in town.papers:
        assert own_log.certificate(paper, town.keys) == "valid"
        assert verdict(checked(paper, tmp_path, keys=town.keys)) == "valid"


def test_without_a_key_list_it_is_unknown(town, tmp_path):
    ran = checked(town.papers[0], tmp_path)
    assert verdict(ran) == "unknown"
    assert "signer_not_confirmed" in ran.json["notes"]


def test_one_file_copied_alone_says_the_same_with_nothing_installed(town, tmp_path):
    """Without site-packages there is no `cryptography`: the arithmetic of RFC 8032 in the same file."""
    (tmp_path / "verify.py").write_bytes(town.get("/log/verify.py"))
    spoiled = json.loads(town.papers[0])
    spoiled["signatures"][0]["value_b64"] = _bit(spoiled["signatures"][0]["value_b64"])
    for name, paper, expected in (("good", town.papers[0], 0), ("bad", json.dumps(spoiled).encode(), 1)):
        (tmp_path / name).write_bytes(paper)
        line = [sys.executable, "-I", "-S", "verify.py", name, "--trust", str(town.folder / "keys.json"), "--json"]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True)
        assert verdict(Ran(done.returncode, done.stdout, done.stderr.decode())) == ("valid" if expected == 0 else "invalid")


def _bit(text: str, at: int = 0) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[at] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def test_one_flipped_bit_anywhere_is_judged_alike(town, tmp_path):
    """What neither the digest nor the log covers (the day it was fetched) may change; both have to see the same rest."""
    paper, drawn = town.papers[0], random.Random(8032)
    differ = []
    for at in range(drawn.randrange(9), len(paper), 23):
        if any(start <= at < start + 40 for start in map(paper.index, (b'"as_of":', b'"since":"'))):
            continue  # how a time that nobody signed may be spelt is told nowhere
        spoiled = bytearray(paper)
        spoiled[at] ^= 1 << drawn.randrange(8)
        own = own_log.certificate(bytes(spoiled), town.keys)
        theirs = verdict(checked(bytes(spoiled), tmp_path, keys=town.keys))
        if (own == "valid") != (theirs == "valid"):
            differ.append((at, own, theirs, bytes(spoiled[max(0, at - 30) : at + 30])))
    assert differ == []


def _edit(paper: dict[str, Any], how: str, town: Town) -> None:
    other = json.loads(town.papers[1])
    if how == "a digit of the body":
        paper["body"]["media"][0]["passes_done"] = 7
    elif how == "a body with its own digest":
        paper["body"]["media"][0]["passes_done"] = 7
        paper["digest"] = own_log.hashlib.sha256(own_log.canonical(paper["body"]).encode()).hexdigest()
    elif how == "another digest":
        paper["digest"] = other["digest"]
    elif how == "one person's signature":
        paper["signatures"][0]["value_b64"] = _bit(paper["signatures"][0]["value_b64"])
    elif how == "the operator's signature":
        signature = paper["body"]["operation"]["signature"]
        signature["value_b64"] = _bit(signature["value_b64"])
    elif how == "another paper's signatures":
        paper["signatures"] = other["signatures"]
    elif how == "one signature twice":
        paper["signatures"] = [paper["signatures"][0]] * 2
    elif how == "another paper's entry":
        paper["log"] = other["log"]
    elif how == "another proof for its entry":
        paper["log"]["proof"] = other["log"]["proof"]
    elif how == "a day after its end":
        paper["as_of"] = "2099" + paper["as_of"][4:]
    elif how == "an end though it stands":
        paper["ended_at"] = paper["as_of"]
    elif how == "an index that isn't the proof's":
        paper["log"]["index"] += 1
    elif how == "a bit of the proof":
        lines = paper["log"]["proof"].split("\n")
        lines[2] = _bit(lines[2])
        paper["log"]["proof"] = "\n".join(lines)
    elif how == "a bit of the root":
        lines = paper["log"]["proof"].split("\n")
        at = lines.index("") + 3
        lines[at] = _bit(lines[at])
        paper["log"]["proof"] = "\n".join(lines)
    elif how == "the entry has one more commitment":
        leaf = json.loads(paper["log"]["leaf"])
        leaf["commitments"].append({"commitment": "0" * 64, "field": "x"})
        paper["log"]["leaf"] = own_log.canonical(leaf)
    elif how == "a checkpoint signed by another key":
        key = Ed25519PrivateKey.generate()
        leaf = own_log.leaf_hash(paper["log"]["leaf"].encode())
        text = f"{town.log[0]}\n1\n{base64.b64encode(leaf).decode()}\n".encode()
        made = own_log.signed_note(text, town.log[0], key).decode()
        paper["log"]["proof"] = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{made}"
        paper["log"]["index"] = 0
    elif how == "state revoked":
        paper["state"] = "revoked"
    elif how == "ended":
        paper["state"], paper["ended_at"] = "expired", paper["as_of"]


INVALID = [
    "a digit of the body", "a body with its own digest", "another digest", "one person's signature", "the operator's signature",
    "another paper's signatures", "another paper's entry", "another proof for its entry", "a bit of the proof",
    "a bit of the root", "the entry has one more commitment", "a checkpoint signed by another key", "state revoked", "ended",
    "one signature twice", "a day after its end",
    "an end though it stands",
]  # fmt: skip


@pytest.mark.parametrize("how", INVALID)
def test_a_spoiled_paper_is_invalid(how, town, tmp_path):
    paper = json.loads(town.papers[0])
    _edit(paper, how, town)
    raw = own_log.canonical(paper).encode()
    assert own_log.certificate(raw, town.keys) != "valid"
    theirs = verdict(checked(raw, tmp_path, keys=town.keys))
    assert theirs == ("unknown" if how == "a checkpoint signed by another key" and theirs == "unknown" else "invalid")


def test_the_index_beside_the_proof_has_to_be_its_own(town, tmp_path):
    paper = json.loads(town.papers[0])
    _edit(paper, "an index that isn't the proof's", town)
    assert verdict(checked(own_log.canonical(paper).encode(), tmp_path, keys=town.keys)) != "valid"


@pytest.mark.parametrize("how", ["no log", "null log", "no proof", "waits"])
def test_a_paper_that_is_not_in_the_log_is_never_valid(how, town, tmp_path):
    paper = json.loads(town.papers[0])
    if how == "no log":
        del paper["log"]
    elif how == "null log":
        paper["log"] = None
    elif how == "no proof":
        paper["log"]["proof"] = None
    else:
        paper["log"] = {"state": "waiting", "since": paper["log"]["since"]}
    raw = own_log.canonical(paper).encode()
    assert own_log.certificate(raw, town.keys) != "valid"
    assert verdict(checked(raw, tmp_path, keys=town.keys)) in ("unknown", "invalid", "unusable")


def signers(paper: bytes) -> list[str]:
    read = json.loads(paper)
    return [one["key_id"] for one in [*read["signatures"], read["body"]["operation"]["signature"]]]


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize(("change", "expected"), [
    ({"public": Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()}, {"invalid", "unusable"}),
    ({"revoked_at": "2099-01-01T00:00:00.000000Z"}, {"unknown"}),
    ({"revoked_at": "2020-01-01T00:00:00.000000Z"}, {"invalid", "unknown"}),
    ({"from": "2099-01-01T00:00:00.000000Z"}, {"invalid"}),
    ({"until": "2020-01-01T00:00:00.000000Z"}, {"invalid"}),
    ({"until": "2099-01-01T00:00:00.000000Z"}, {"valid"}),
    ({"role": "log"}, {"invalid"}),
    ({"role": "station"}, {"invalid"}),
    (None, {"invalid", "unknown"}),
], ids=["another key", "revoked later", "revoked before", "not yet", "retired before", "retired later", "log", "station", "not listed"])  # fmt: skip
def test_a_signers_key(which, change, expected, town, tmp_path):
    """Of each of the three signers in turn."""
    paper, keys = town.papers[0], copy.deepcopy(town.keys)
    (key,) = [key for key in keys["keys"] if key["key_id"] == signers(paper)[which]]
    keys["keys"].remove(key)
    if change is not None:
        keys["keys"].append(key | change)
    assert own_log.certificate(paper, keys) in expected
    assert verdict(checked(paper, tmp_path, keys=keys)) in expected


def test_the_logs_key(town, tmp_path):
    paper = town.papers[0]
    for change, expected in (
        ({"public": Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()}, {"invalid", "unknown", "unusable"}),
        ({"role": "person"}, {"invalid", "unknown", "unusable"}),
        ({"name": "other.example/log"}, {"invalid", "unknown", "unusable"}),
        ({"revoked_at": "2099-01-01T00:00:00.000000Z"}, {"unknown"}),
    ):
        keys = copy.deepcopy(town.keys)
        keys["keys"] = [key | change if key["role"] == "log" else key for key in keys["keys"]]
        assert verdict(checked(paper, tmp_path, keys=keys)) in expected, change


def test_two_signatures_of_one_person_are_not_two_persons(town, tmp_path):
    keys = copy.deepcopy(town.keys)
    for key in keys["keys"]:
        if "holder" in key:
            key["holder"] = "ab" * 32
    assert own_log.certificate(town.papers[0], keys) == "invalid"
    ran = checked(town.papers[0], tmp_path, keys=keys)
    assert verdict(ran) == "invalid"
    assert {check["code"] for check in ran.json["checks"] if check["ok"] is False} <= {"two_persons", "operator_apart"}


def test_a_paper_made_up_whole_by_somebody_else_is_not_valid(town, tmp_path):
    """Own keys for everybody, own log, all proofs true; the reader trusts the house's keys."""
    paper = json.loads(town.papers[0])
    made = {one: Ed25519PrivateKey.generate() for one in signers(town.papers[0])}
    _sign_anew(paper, made)
    log = Ed25519PrivateKey.generate()
    leaf = json.loads(paper["log"]["leaf"])
    leaf["body"]["digest"] = paper["digest"]
    paper["log"]["leaf"] = own_log.canonical(leaf)
    root = base64.b64encode(own_log.leaf_hash(paper["log"]["leaf"].encode())).decode()
    text = own_log.signed_note(f"{town.log[0]}\n1\n{root}\n".encode(), town.log[0], log).decode()
    paper["log"] |= {"index": 0, "proof": f"c2sp.org/tlog-proof@v1\nindex 0\n\n{text}"}
    raw = own_log.canonical(paper).encode()
    forged = copy.deepcopy(town.keys)
    for key in forged["keys"]:
        secret = log if key["role"] == "log" else made[key["key_id"]]
        key["public"] = secret.public_key().public_bytes_raw().hex()
        if key["role"] == "log":
            key["vkey"] = own_log.vkey(key["name"], 1, bytes.fromhex(key["public"]))
    assert own_log.certificate(raw, forged) == "valid"
    assert own_log.certificate(raw, town.keys) == "invalid"
    assert verdict(checked(raw, tmp_path, keys=town.keys)) == "invalid"
    assert verdict(checked(raw, tmp_path)) == "unknown"


def _sign_anew(paper: dict[str, Any], made: dict[str, Ed25519PrivateKey]) -> None:
    operation = paper["body"]["operation"]

    def value(key_id: str, what: Any) -> str:
        return base64.b64encode(made[key_id].sign(own_log.canonical(what).encode())).decode()

    operation["signature"]["value_b64"] = value(operation["signature"]["key_id"], operation["statement"])
    paper["digest"] = own_log.hashlib.sha256(own_log.canonical(paper["body"]).encode()).hexdigest()
    for one in paper["signatures"]:
        one["value_b64"] = value(one["key_id"], paper["body"])


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"null", b'{"kind":"wipe_certificate"}', b'{"kind":"x","version":1}', b"\xff", b"PK\x03\x04"]
)
def test_what_is_no_paper_is_unusable_or_invalid_and_never_valid(raw, town, tmp_path):
    assert verdict(checked(raw, tmp_path, keys=town.keys)) in ("unusable", "invalid")


def test_a_name_twice_is_not_read_as_one_of_them(town, tmp_path):
    raw = town.papers[0].replace(b'"state":"issued"', b'"state":"revoked","state":"issued"')
    assert raw != town.papers[0]
    assert verdict(checked(raw, tmp_path, keys=town.keys)) in ("unusable", "invalid")


def test_what_is_missing_is_refused(town, tmp_path):
    refused(checked(tmp_path / "gone", tmp_path))
    refused(checked(town.papers[0], tmp_path, "--trust", tmp_path / "gone"))
    (tmp_path / "list").write_text("[]")
    refused(checked(town.papers[0], tmp_path, "--trust", tmp_path / "list"))


# --- a checkpoint that was kept


def keep(folder: Path, raw: bytes) -> Path:
    (folder / "kept").write_bytes(raw)
    return folder / "kept"


def consistency(town: Town, folder: Path, a: int, b: int) -> Path:
    (folder / "consistency").write_bytes(town.get(f"/log/consistency?from={a}&to={b}"))
    return folder / "consistency"


def head_of(paper: bytes) -> int:
    return int(json.loads(paper)["log"]["proof"].split("\n\n")[1].split("\n")[1])


def test_a_kept_checkpoint_of_the_same_size(town, tmp_path):
    for paper in town.papers:
        kept = keep(tmp_path, town.get(f"/log/checkpoint/{head_of(paper)}"))
        assert verdict(checked(paper, tmp_path, "--checkpoint", kept, keys=town.keys)) == "valid"


def test_a_kept_checkpoint_of_another_size_needs_the_proof_between(town, tmp_path):
    paper = town.papers[0]
    first = head_of(paper)
    assert first <= town.sizes[0]
    for other in town.sizes[1:]:
        kept = keep(tmp_path, town.get(f"/log/checkpoint/{other}"))
        assert verdict(checked(paper, tmp_path, "--checkpoint", kept, keys=town.keys)) == "unknown"
        between = consistency(town, tmp_path, first, other)
        assert verdict(checked(paper, tmp_path, "--checkpoint", kept, "--consistency", between, keys=town.keys)) == "valid"


def test_a_spoiled_proof_between_is_never_valid(town, tmp_path):
    paper, other = town.papers[0], town.sizes[2]
    kept = keep(tmp_path, town.get(f"/log/checkpoint/{other}"))
    answer = json.loads(town.get(f"/log/consistency?from={head_of(paper)}&to={other}"))
    for nth in range(len(answer["proof"])):
        spoiled = copy.deepcopy(answer)
        spoiled["proof"][nth] = _bit(spoiled["proof"][nth], 31)
        (tmp_path / "consistency").write_text(json.dumps(spoiled))
        found = verdict(checked(paper, tmp_path, "--checkpoint", kept, "--consistency", tmp_path / "consistency", keys=town.keys))
        assert found == "invalid"
    for spoiled in (answer | {"proof": answer["proof"][:-1]}, answer | {"from": answer["from"] + 1}, answer | {"proof": []}):
        (tmp_path / "consistency").write_text(json.dumps(spoiled))
        found = verdict(checked(paper, tmp_path, "--checkpoint", kept, "--consistency", tmp_path / "consistency", keys=town.keys))
        assert found != "valid"


def test_a_kept_checkpoint_of_another_log_or_key(town, tmp_path):
    size = head_of(town.papers[0])
    root = base64.b64encode(bytes(32)).decode()
    key = Ed25519PrivateKey.generate()
    for name in (town.log[0], "other.example/log"):
        kept = keep(tmp_path, own_log.signed_note(f"{name}\n{size}\n{root}\n".encode(), name, key))
        assert verdict(checked(town.papers[0], tmp_path, "--checkpoint", kept, keys=town.keys)) in (
            "invalid",
            "unknown",
            "unusable",
        )


# --- the bundle and the exported log


def zipped(source: Path, change: dict[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = change.get(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def test_the_bundle(town, tmp_path):
    bundle = town.folder / "bundle.zip"
    with zipfile.ZipFile(bundle) as file:
        found = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(found["manifest.json"])
    assert manifest["files"] == {
        name: own_log.hashlib.sha256(body).hexdigest() for name, body in found.items() if name != "manifest.json"
    }
    for name, body in found.items():
        if name.startswith("evidence/"):
            assert own_log.hashlib.sha256(body).hexdigest() == name.split("/")[1]
        if name.startswith("certificates/"):
            assert own_log.certificate(body, town.keys) == "valid"
    assert verdict(checked(bundle, tmp_path, keys=town.keys)) == "valid"
    assert verdict(checked(bundle, tmp_path)) == "unknown"
    assert verdict(checked(zipped(bundle, {}), tmp_path, keys=town.keys)) == "valid"


@pytest.mark.parametrize("how", ["bit", "gone"])
def test_any_changed_or_missing_part_of_a_bundle_is_found(how, town, tmp_path):
    bundle = town.folder / "bundle.zip"
    with zipfile.ZipFile(bundle) as file:
        found = {name: file.read(name) for name in file.namelist()}
    for name, body in found.items():
        if not body:
            continue
        middle = len(body) // 2
        spoiled = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if how == "bit" else None
        assert verdict(checked(zipped(bundle, {name: spoiled}), tmp_path, keys=town.keys)) in ("invalid", "unusable"), name


def changed_bundle(source: Path, name: str, at: int) -> bytes:
    """One bit of one part flipped and every digest put right again: the manifest is signed by nobody."""
    with zipfile.ZipFile(source) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    body = parts.pop(name)
    spoiled = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
    digest = own_log.hashlib.sha256(spoiled).hexdigest()
    new = f"evidence/{digest}" if name.startswith("evidence/") else name
    del manifest["files"][name]
    manifest["files"][new], parts[new] = digest, spoiled
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("manifest.json", own_log.canonical(manifest))
        for part in sorted(parts):
            file.writestr(part, parts[part])
    return out.getvalue()


PARTS = [
    ("certificates/", lambda body: len(body) // 2), ("evidence/", lambda body: len(body) // 2), ("leaves", lambda body: 100),
    ("checkpoint", lambda body: body.rindex(b"=") - 3), ("proofs/", lambda body: body.index(b"=") - 5),
    ("proofs/", lambda body: body.rindex(b"=") - 3),
]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "place"), PARTS, ids=["certificate", "evidence", "leaves", "checkpoint", "path", "proof's signature"]
)
def test_a_changed_part_with_its_digest_put_right_is_found(start, place, town, tmp_path):
    bundle = town.folder / "bundle.zip"
    with zipfile.ZipFile(bundle) as file:
        found = {name: file.read(name) for name in file.namelist() if name.startswith(start)}
    assert found
    for name, body in found.items():
        spoiled = changed_bundle(bundle, name, place(body))
        assert verdict(checked(spoiled, tmp_path, keys=town.keys)) in ("invalid", "unusable"), name


def exported(town: Town, tmp_path: Path) -> Path:
    shutil.copytree(town.folder / "exported", tmp_path / "log", dirs_exist_ok=True)
    return tmp_path / "log"


def test_the_exported_log(town, tmp_path):
    folder = exported(town, tmp_path)
    assert verdict(checked(folder, tmp_path, keys=town.keys)) == "valid"
    assert verdict(checked(folder, tmp_path)) == "unknown"
    n = town.sizes[-1]
    assert own_log.bundle_of((folder / "tile" / "entries" / "000.p" / str(n)).read_bytes()) == town.entries
    assert (folder / "checkpoint").read_bytes() == town.get("/log/checkpoint")


@pytest.mark.parametrize("part", ["entries", "checkpoint", "tile", "older checkpoint"])
def test_a_flipped_bit_of_an_exported_log_is_found(part, town, tmp_path):
    folder, n = exported(town, tmp_path), town.sizes[-1]
    path = {
        "entries": folder / "tile" / "entries" / "000.p" / str(n), "tile": folder / "tile" / "0" / "000.p" / str(n),
        "checkpoint": folder / "checkpoint", "older checkpoint": folder / "checkpoints" / str(town.sizes[0]),
    }[part]  # fmt: skip
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verdict(checked(folder, tmp_path, keys=town.keys)) in ("invalid", "unusable", "unknown"), at
    path.write_bytes(whole)
    assert verdict(checked(folder, tmp_path, keys=town.keys)) == "valid"


def test_a_cut_back_log_is_found_with_a_kept_checkpoint(town, tmp_path):
    """The log as it was at its second checkpoint is a good log by itself."""
    folder, n = exported(town, tmp_path), town.sizes[-1]
    short = town.sizes[1]
    shutil.copy(folder / "checkpoints" / str(short), folder / "checkpoint")
    (folder / "checkpoints" / str(n)).unlink()
    for kind in ("0", "entries"):
        (folder / "tile" / kind / "000.p" / str(n)).unlink()
        (folder / "tile" / kind / "000.p" / str(short)).write_bytes(town.get(f"/log/tile/{kind}/000.p/{short}"))
    assert verdict(checked(folder, tmp_path, keys=town.keys)) == "valid"
    older = keep(tmp_path, town.get(f"/log/checkpoint/{town.sizes[0]}"))
    assert verdict(checked(folder, tmp_path, "--checkpoint", older, keys=town.keys)) == "valid"
    newer = keep(tmp_path, town.get(f"/log/checkpoint/{n}"))
    assert verdict(checked(folder, tmp_path, "--checkpoint", newer, keys=town.keys)) == "invalid"


def test_as_a_process(town, tmp_path):
    path = tmp_path / "paper.json"
    path.write_bytes(town.papers[0])
    ran = process("python", "-m", "privacy.verify", path, "--trust", town.folder / "keys.json", "--json")
    assert verdict(ran) == "valid"
    path.write_bytes(town.papers[0].replace(b"Lenovo", b"Lenova"))
    assert verdict(process("python", "-m", "privacy.verify", path, "--trust", town.folder / "keys.json", "--json")) == "invalid"


# --- witnesses


def test_a_witness_signs_and_what_is_not_its_signature_is_not_kept(app, doing, alice, wang, zhao, shop, anonymous, tmp_path):
    wiped_laptop(app, doing, alice, wang, zhao, shop)
    assert flask("log", "sequence", app=app).code == 0
    key, name = Ed25519PrivateKey.generate(), "witness.example/w1"
    vkey = own_log.vkey(name, 4, key.public_key().public_bytes_raw())
    assert flask("log", "witness", "add", name, vkey, app=app).code == 0
    checkpoint = anonymous.get("/log/checkpoint").data
    now = 1_790_000_000

    def post(raw: bytes) -> int:
        return anonymous.post("/log/cosignatures", data=raw, content_type="text/plain").status_code

    line = own_log.cosigned(checkpoint, name, key, now)
    value = line.split(" ")[2].strip()
    spoiled = [
        line.replace(value, _bit(value, 50)), line.replace(value, _bit(value, 0)), line.replace(value, _bit(value, 11)),
        own_log.cosigned(checkpoint, "stranger.example", key, now), own_log.cosigned(checkpoint, name, Ed25519PrivateKey.generate(), now),
        own_log.cosigned(checkpoint, name, key, now, stated=now + 1), "",
    ]  # fmt: skip
    for one in spoiled:
        assert post(checkpoint + one.encode()) >= 400, one
        assert anonymous.get("/log/checkpoint").data == checkpoint
    plain = own_log.note(checkpoint).text
    other = own_log.signed_note(plain.replace(b"\n", b"\n1", 1), plain.split(b"\n")[0].decode(), Ed25519PrivateKey.generate())
    assert post(other + own_log.cosigned(other, name, key, now).encode()) >= 400
    assert post(checkpoint + line.encode()) < 300
    kept = own_log.note(anonymous.get("/log/checkpoint").data)
    ((_, short, signature),) = [one for one in kept.lines if one[0] == name]
    assert short == own_log.key_id(name, 4, key.public_key().public_bytes_raw())
    time = int.from_bytes(signature[:8], "big")
    assert time == now
    message = b"cosignature/v1\ntime %d\n" % time + kept.text
    assert own_log.holds(key.public_key().public_bytes_raw(), signature[8:], message)
