"""A whole little house with keys of its own, for papers that were never issued: what an insider could make who has some of the
keys, or all of them. `Town.paper()` is genuine; every change is signed, hashed and entered anew."""

import base64
import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from core import canonical, signing
from core.signing import SigningKey
from privacy import verify
from privacy.clearance.log import checkpoint, cosignature, note, proof, tree

ORIGIN = "made.up/log"
NUMBER, JOB = "XS-2026-000001-J", "QC-2026-000001-4"
BEGAN, SIGNED, ISSUED = "2026-11-20T08:00:00.000000Z", "2026-11-20T09:00:00.000000Z", "2026-11-20T10:00:00.000000Z"
AS_OF, UNTIL = "2026-11-21T00:00:00.000000Z", "2027-05-19T10:00:00.000000Z"
DISK, CHIP = "01m883exzy7hanqd152e5ckjd0", "01m883exzy7hanqd152e5ckjd1"
LOG_FILE = b"a wiping tool's own log"
Body = dict[str, Any]
Paper = dict[str, Any]


def commitment(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def medium(medium_id: str, at: int) -> dict[str, Any]:
    return {
        "id": medium_id, "kind": "ssd", "medium": "semiconductor", "model": "SL700", "capacity_bytes": 67108864,
        "serial": {"masked": "1K24****", "commitment": commitment(f"serial {at}")},
        "file": {"format": "nwipe-log", "size": len(LOG_FILE), "commitment": commitment(f"file {at}")},
        "parser": "nwipe 2", "rule": "pc_ssd", "level": "clear", "grade": "E1", "technique": "overwrite", "method": "PRNG Stream",
        "passes_done": 1, "random_passes": 1, "verification": "last", "bytes_written": 67108864,
    }  # fmt: skip


def person(role: str, at: str) -> dict[str, Any]:
    return {"role": role, "at": at, "commitment": commitment(role), "organisation": {"id": "01m5", "name": "西湖旧货行"}}


BODY: Body = {
    "kind": "wipe_certificate", "version": 1, "number": NUMBER, "issued_at": ISSUED, "job": JOB, "epoch": 1,
    "item": {"category": "laptop", "device_class": "computer", "brand": "联想", "model": "X1",
             "serials": [{"kind": "serial", "masked": "PF2K****", "commitment": commitment("item")}]},
    "media": [medium(DISK, 0)],
    "profile": {"id": "CN-GB46864-2025", "version": "2", "standard": "GB 46864-2025"},
    "wiped": person("wipe_operator", BEGAN), "verified": person("wipe_verifier", ISSUED),
    "removed": [], "after_work": [], "checks": ["accounts", "log", "media"], "consent": {"text": "2026-11-b", "at": BEGAN},
    "kept": "at_point", "seal_number": "", "valid_until": UNTIL, "requires_signatures": 2,
}  # fmt: skip
STATEMENT: Body = {
    "kind": "wipe_operation", "version": 2, "job": JOB, "epoch": 1, "media": [{"medium": DISK, "state": "present"}],
    "judged": [{"medium": DISK, "profile": "CN-GB46864-2025", "version": "2", "parser": "nwipe 2",
                "evidence": hashlib.sha256(LOG_FILE).hexdigest()}],
}  # fmt: skip


def signature(key: SigningKey, value: Any) -> dict[str, str]:
    made = signing.sign(key, canonical.encode(value))
    return {"alg": made.alg, "key_id": made.key_id, "value_b64": made.value_b64}


def commitments_of(value: Any) -> list[str]:
    """Every commitment that stands in a text."""
    if isinstance(value, dict):
        mine = [one for name, one in value.items() if name == "commitment" and isinstance(one, str)]
        return mine + [one for inner in value.values() for one in commitments_of(inner)]
    return [one for inner in value for one in commitments_of(inner)] if isinstance(value, list) else []


class Town:
    """Keys of the house, its log, an operator, a validator and a witness, and the list that a reader trusts."""

    def __init__(self) -> None:
        names = ("house", "log", "operator", "validator", "witness", "stranger")
        self.keys = {name: signing.from_seed(hashlib.sha256(name.encode()).digest()) for name in names}
        self.list = {"kind": "xunshi_keys", "version": 1, "keys": [
            self.row("house", "certificate"), self.row("log", "log", name=ORIGIN), self.row("operator", "person", holder="a" * 64),
            self.row("validator", "person", holder="b" * 64), self.row("witness", "witness", name="w.example"),
        ]}  # fmt: skip

    def row(self, who: str, role: str, **more: str) -> dict[str, Any]:
        key = self.keys[who]
        times = {"from": "2026-01-01T00:00:00.000000Z", "until": None, "revoked_at": None}
        return {"alg": "Ed25519", "key_id": key.key_id, "public": key.public.hex(), "role": role, **times, **more}

    def trust(self, **changes: dict[str, Any]) -> dict[str, verify.Key]:
        """The list as a reader has it; `changes`: of the row of house, log, operator, validator or witness."""
        made = copy.deepcopy(self.list)
        rows = dict(zip(("house", "log", "operator", "validator", "witness"), made["keys"], strict=True))
        for who, change in changes.items():
            rows[who].update(change)
        return verify.read_keys(canonical.encode(made))

    def operation(self, statement: Body | None = None, by: str = "operator", at: str = SIGNED) -> dict[str, Any]:
        said = STATEMENT if statement is None else statement
        return {"statement": said, "signature": signature(self.keys[by], said), "at": at}

    def body(self, drop: Sequence[str] = (), **changes: Any) -> Body:
        made = {**copy.deepcopy(BODY), "operation": self.operation(), **changes}
        return {name: one for name, one in made.items() if name not in drop}

    def leaf(self, kind: str, subject: str, body: Body, created: str = ISSUED, commitments: Sequence[str] = ()) -> str:
        rows = [{"field": f"f{at}", "commitment": one} for at, one in enumerate(commitments)]
        value = {"v": 1, "type": kind, "subject": subject, "body": body, "commitments": rows, "created": created}
        return canonical.encode(value).decode()

    def entry(self, body: Body, signatures: Sequence[Any], **changes: Any) -> str:
        """The leaf of a paper. `changes`: of its body; `created` of the leaf itself."""
        created = changes.pop("created", body.get("issued_at") if isinstance(body.get("issued_at"), str) else ISSUED)
        said = {
            "certificate": body.get("number"), "digest": canonical.digest(body), "epoch": body.get("epoch"),
            "keys": [one.get("key_id") if isinstance(one, dict) else None for one in signatures], **changes,
        }  # fmt: skip
        subject = body.get("number") if isinstance(body.get("number"), str) else NUMBER
        return self.leaf("privacy:certificate:issued", str(subject), said, str(created), commitments_of(body))

    def head(self, texts: Sequence[str], by: str = "log") -> tuple[str, list[str]]:
        """The signed checkpoint over these leaves, and the proof of each."""
        grown, nodes = tree.Growing(), dict[tree.NodeName, bytes]()
        for text in texts:
            nodes |= {(level, index): found for level, index, found in grown.add(tree.leaf_hash(text.encode()))}
        signed = checkpoint.sign(ORIGIN, grown.size, grown.root(), self.keys[by])
        reader = tree.reader(nodes)
        return signed, [proof.write(at, tree.inclusion(reader, at, grown.size), signed) for at in range(grown.size)]

    def paper(
        self, body: Body | None = None, signers: Sequence[str] = ("validator", "house"), leaf: Callable[[Body], Any] | None = None,
        **outside: Any,
    ) -> Paper:
        """A paper with everything that belongs to it. `leaf`: changes its leaf's value before it is entered; `outside`: fields
        beside the signed text, such as state and as_of."""
        text = self.body() if body is None else body
        signatures = [signature(self.keys[one], text) for one in signers]
        entry = json.loads(self.entry(text, signatures))
        if leaf is not None:
            leaf(entry)
        line = canonical.encode(entry).decode()
        log = {"state": "entered", "index": 1, "since": ISSUED, "leaf": line, "proof": self.head(["first", line])[1][1]}
        return {
            "kind": text.get("kind"), "version": text.get("version"), "body": text, "signatures": signatures,
            "digest": canonical.digest(text), "state": "issued", "as_of": AS_OF, "delivered_at": None, "ended_at": None, "log": log,
            **outside,
        }  # fmt: skip

    def amended(
        self, paper: Paper, *, by: str = "operator", signers: Sequence[str] = ("validator", "house"),
        leaf: Callable[[Body], Any] | None = None, said: Body | None = None, **changes: Any,
    ) -> Paper:
        """The paper with one correction more: `by` proposed it, the signers approved it. `changes`: of its text."""
        made, n = copy.deepcopy(paper), len(paper.get("amendments", [])) + 1
        of, number = canonical.digest(paper["body"]), paper["body"]["number"]
        what = {"certificate": number, "certificate_digest": of, "field": "model", "reason": "typing", "before": "X1", "after": "X1 Carbon"}
        what |= {name: one for name, one in changes.items() if name in what}
        statement = {"kind": "certificate_correction", "version": 1, "at": AS_OF, **what, **(said or {})}
        act = {"role": "wipe_operator", "at": AS_OF, "organisation": {"id": "01m5", "name": "西湖旧货行"}}
        body = {
            "kind": "certificate_amendment", "version": 1, **what, "n": n, "proposed": {**act, "commitment": commitment("proposed")},
            "approved": {**act, "commitment": commitment("approved")}, "issued_at": AS_OF, "requires_signatures": 2,
            "proposal": {"statement": statement, "signature": signature(self.keys[by], statement), "at": AS_OF}, **changes,
        }  # fmt: skip
        signatures = [signature(self.keys[one], body) for one in signers]
        told = {
            "certificate": number, "of": of, "n": n, "digest": canonical.digest(body), "area": body.get("field"),
            "keys": [one["key_id"] for one in signatures],
        }  # fmt: skip
        mine = commitments_of({"proposed": body.get("proposed"), "approved": body.get("approved")})
        entry = json.loads(self.leaf("privacy:certificate:amended", f"{number}/{n}", told, AS_OF, mine))
        if leaf is not None:
            leaf(entry)
        line = canonical.encode(entry).decode()
        log = {"state": "entered", "index": 1, "since": AS_OF, "leaf": line, "proof": self.head(["first", line])[1][1]}
        row = {"kind": body.get("kind"), "version": body.get("version"), "body": body, "signatures": signatures, "digest": told["digest"]}
        made["amendments"] = [*paper.get("amendments", []), {**row, "log": log}]
        return made

    def bundle(self, papers: Sequence[Paper], more: Sequence[str] = (), change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
        """A zip as `flask log bundle` makes it: these papers, their files, and `more` leaves beside their own. `change`: the
        files, before the manifest is written."""
        texts = [*(one["log"]["leaf"] for one in papers), *(attached(one) for one in papers), *more]
        head, proofs = self.head(texts)
        files = {
            "checkpoint": head.encode(), "evidence/" + hashlib.sha256(LOG_FILE).hexdigest(): LOG_FILE,
            "leaves.jsonl": b"".join(canonical.encode({"index": at, "leaf": text}) + b"\n" for at, text in enumerate(texts)),
            **{f"proofs/{at}.tlog-proof": text.encode() for at, text in enumerate(proofs)},
            **{f"certificates/{one['body']['number']}.json": canonical.encode(one) for one in papers},
        }  # fmt: skip
        if change is not None:
            change(files)
        return zipped(files)

    def verdict(self, value: Paper | bytes, outside: verify.Outside | None = None, **changes: dict[str, Any]) -> str:
        """valid, invalid, unknown or unusable; `changes` of the reader's key list."""
        return self.told(value, outside, **changes)[0]

    def told(
        self, value: Paper | bytes, outside: verify.Outside | None = None, **changes: dict[str, Any]
    ) -> tuple[str, dict[str, bool | None]]:
        """The verdict, and the checks that aren't true."""
        try:
            data = value if isinstance(value, bytes) else canonical.encode(value)
            found = verify.examine(data, self.trust(**changes), outside)
        except verify.Unusable:
            return "unusable", {}
        return found.verdict, {one.code: one.ok for one in found.checks if one.ok is not True}

    def cosigned(self, paper: Paper, who: str = "witness", name: str = "w.example", bend: int | None = None) -> Paper:
        """The paper, its checkpoint also signed by a witness; `bend`: one byte of that signature is another."""
        made = copy.deepcopy(paper)
        text = verify.parse_proof(made["log"]["proof"]).checkpoint.note.text
        line = cosignature.sign(text, name, self.keys[who], 1_790_000_000)
        if bend is not None:
            mark, called, value = line.split(" ")
            raw = bytearray(base64.b64decode(value))
            raw[bend] ^= 1
            line = f"{mark} {called} {base64.b64encode(bytes(raw)).decode()}"
        made["log"]["proof"] += line + "\n"
        return made

    def vkey(self, who: str, name: str = "w.example") -> str:
        return note.vkey(name, self.keys[who].public, note.COSIGNATURE)


def attached(paper: Paper) -> str:
    """The leaf that says this paper's tool file was attached."""
    digest, size = hashlib.sha256(LOG_FILE).hexdigest(), len(LOG_FILE)
    job = paper["body"].get("job")
    value = {"v": 1, "type": "privacy:evidence:attached", "subject": job, "body": {"job": job, "digest": digest, "size": size}}
    return canonical.encode({**value, "commitments": [], "created": BEGAN}).decode()


def zipped(files: dict[str, bytes], as_of: Any = AS_OF) -> bytes:
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
    manifest = {"kind": "xunshi_bundle", "version": 1, "as_of": as_of, "files": listed}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "manifest.json": canonical.encode(manifest)}.items():
            archive.writestr(name, data)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
