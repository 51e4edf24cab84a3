"""A bundle: certificates with all that proves them, in one zip that is checked offline with `python -m privacy.verify`."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import canonical
from core.db import stamp
from core.errors import Refused
from core.files import Damaged, NotStored
from core.i18n import N_
from privacy import verify
from privacy.bench import Bench
from privacy.clearance import house_key
from privacy.clearance.corrections.queries import amendments
from privacy.clearance.log import keys, papers, proof, queries, tree
from privacy.clearance.log.facts import amendment_subject
from privacy.clearance.log.models import LogCheckpoint, LogLeaf, LogPush
from privacy.clearance.models import Certificate

README = Path(__file__).with_name("bundle_readme.txt")
MOST_LINKS = 200
EVIDENCE = "privacy:evidence:attached"


def make_bundle(
    session: Session, bench: Bench, certificates: Sequence[Certificate], now: datetime, *, evidence: bool = True
) -> bytes:
    """The zip. `evidence`: also the wiping tools' own files, which hold serial numbers: for inspectors, not for the public.

    Raises Refused while the log is empty."""
    checkpoint = queries.latest(session)
    if checkpoint is None:
        raise Refused("log_empty", N_("The public log has no entry yet."))
    subjects = {text for one in certificates for text in (one.number, *_subjects(one), *_corrections(session, one))}
    leaves = [leaf for leaf in queries.leaves_about(session, subjects) if (leaf.leaf_index or 0) < checkpoint.size]
    files = {
        "checkpoint": queries.cosigned(session, checkpoint).encode(),
        "leaves.jsonl": b"".join(canonical.encode({"index": leaf.leaf_index, "leaf": leaf.text}) + b"\n" for leaf in leaves),
        "consistency.jsonl": _links(session, checkpoint),
        "keys.json": canonical.encode(house_key.key_list(bench.keys, keys.listed(session))),
        "readme.txt": README.read_bytes(),
        "verify.py": Path(verify.__file__).read_bytes(),
        **_proofs(session, leaves, checkpoint),
        **{f"certificates/{one.number}.json": canonical.encode(papers.download(session, one, now)) for one in certificates},
        **(_evidence(bench, leaves) if evidence else {}),
    }
    return _zip(files, stamp(now))


def _subjects(certificate: Certificate) -> list[str]:
    """What else leaves may be about: the wipe job, and the keys that signed."""
    body = json.loads(certificate.body)
    signed = [*certificate.signatures, *([body["operation"]["signature"]] if "operation" in body else [])]
    return [str(body.get("job", "")), *(str(one["key_id"]) for one in signed)]


def _corrections(session: Session, certificate: Certificate) -> list[str]:
    """The subjects of its corrections' leaves, and the keys that signed them."""
    found = amendments(session, certificate.id)
    signed = [each for one in found for each in (*one.signatures, json.loads(one.body)["proposal"]["signature"])]
    names = [amendment_subject(certificate.number, int(one.n or 0)) for one in found]
    return [*names, *(str(each["key_id"]) for each in signed)]


def _proofs(session: Session, leaves: Sequence[LogLeaf], checkpoint: LogCheckpoint) -> dict[str, bytes]:
    indexes = [leaf.leaf_index or 0 for leaf in leaves]
    wanted = {name for index in indexes for name in tree.needed(tree.inclusion_ranges(index, checkpoint.size))}
    read, note = queries.read_nodes(session, sorted(wanted)), queries.cosigned(session, checkpoint)
    return {
        f"proofs/{index}.tlog-proof": proof.write(index, tree.inclusion(read, index, checkpoint.size), note).encode()
        for index in indexes
    }


def _links(session: Session, checkpoint: LogCheckpoint) -> bytes:
    """Consistency proofs from the checkpoints that went out to this one, for whoever kept one of them."""
    sent = select(LogPush.size).where(LogPush.size < checkpoint.size).order_by(LogPush.size.desc()).limit(MOST_LINKS)
    rows = [queries.consistency_json(session, size, checkpoint.size) for size in session.scalars(sent)]
    return b"".join(canonical.encode(row) + b"\n" for row in rows)


def _evidence(bench: Bench, leaves: Iterable[LogLeaf]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for leaf in leaves:
        if leaf.kind == EVIDENCE:
            digest = str(json.loads(leaf.text)["body"]["digest"])
            try:
                found[f"evidence/{digest}"] = bench.store.get(digest)
            except (NotStored, Damaged):
                continue  # removed when its time was over; the leaf stays
    return found


def _zip(files: dict[str, bytes], as_of: str) -> bytes:
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = canonical.encode({"kind": "xunshi_bundle", "version": 1, "as_of": as_of, "files": listed})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [("manifest.json", manifest), *sorted(files.items())]:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
