"""The sequencer: gives waiting leaves their numbers, stores the nodes they make, signs a checkpoint. One at a time."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from core.audit import AuditSeal
from core.config import Config
from core.signing import SigningKey
from core.work import Work
from privacy.bench import bench_of
from privacy.clearance.house_key import log_key
from privacy.clearance.log import checkpoint, keys, tree
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import LogCheckpoint, LogLeaf, LogNode
from privacy.clearance.log.settings import pace
from privacy.clearance.log.tree import Growing

BATCH = 5000
LOCK = 7411
HEAD = "core:audit:head"


class LogBroken(RuntimeError):
    """What is stored doesn't fit the last checkpoint: nothing more is signed until somebody has looked."""


def sweep(w: Work) -> None:
    """Twice a second, by the house's clockwork."""
    if _waiting(w.session) or _anchor_due(w, alone=True):
        sequence(w, current_app.extensions["xunshi"])


def sequence(w: Work, config: Config, *, batch: int = BATCH) -> int:
    """Number what waits (at most `batch`) and sign a checkpoint over it. Returns how many. Raises LogBroken."""
    hold(w)
    if _waiting(w.session) or _anchor_due(w, alone=True):
        name, key = identity(w, config)
        if _anchor_due(w, alone=False):
            _anchor(w)
        w.session.flush()
        query = select(LogLeaf.id, LogLeaf.text).where(LogLeaf.leaf_index.is_(None)).order_by(LogLeaf.id).limit(batch)
        waiting = [(str(one), str(line)) for one, line in w.session.execute(query)]
        add(w, waiting, name, key)
        return len(waiting)
    return 0


def hold(w: Work) -> None:
    """One at a time signs for the log, or changes its key, until this Work ends. (SQLite lets one write anyway.)"""
    if w.session.get_bind().dialect.name == "postgresql":
        w.session.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def add(w: Work, waiting: Sequence[tuple[str, str]], origin: str, key: SigningKey) -> None:
    """Number leaves (id, text), in this order, and sign the tree they make."""
    grown = load(w.session)
    numbers, nodes = [], []
    for leaf_id, line in waiting:
        numbers.append({"leaf": leaf_id, "number": grown.size})
        made = grown.add(tree.leaf_hash(line.encode()))
        nodes += [{"level": level, "node_index": index, "hash": found.hex()} for level, index, found in made]
    leaves, table = cast(Table, LogLeaf.__table__), cast(Table, LogNode.__table__)
    step = update(leaves).where(leaves.c.id == bindparam("leaf")).values(leaf_index=bindparam("number"))
    connection = w.session.connection()
    connection.execute(step, numbers)
    connection.execute(insert(table), nodes)
    root = grown.root()
    signed = checkpoint.sign(origin, grown.size, root, key)
    w.session.add(LogCheckpoint(size=grown.size, root=root.hex(), note=signed, created=w.now))
    w.session.flush()


def load(session: Session) -> Growing:
    """The stored tree, ready to grow. Raises LogBroken when it isn't the one that was signed last."""
    last = session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)).first()
    highest = session.scalar(select(func.max(LogLeaf.leaf_index)))
    size = 0 if highest is None else highest + 1
    if size != (last.size if last else 0):
        raise LogBroken(f"{size} leaves are stored, {last.size if last else 0} were signed")
    try:
        grown = tree.growing(lambda level, index: bytes.fromhex(session.get_one(LogNode, (level, index)).hash), size)
    except Exception as fault:  # a node that is gone
        raise LogBroken("a stored node is missing") from fault
    if last and grown.root().hex() != last.root:
        raise LogBroken(f"the stored nodes don't make the root that was signed at {size}")
    return grown


def identity(w: Work, config: Config) -> tuple[str, SigningKey]:
    """The log's origin and key. Both are made at first use; the origin stays, whatever the site is called later."""
    key = log_key(bench_of(config).keys)
    known = next((row for row in keys.log_keys(w.session) if row.key_id == key.key_id), None)
    if known is None:
        known = keys.enrol(w, public=key.public, role="log", name=origin(w.session, config))
    if known.until or known.revoked_at:
        raise LogBroken(f"the key {key.key_id} has ended: `flask keys rotate log` makes another")
    return known.name, key


def origin(session: Session, config: Config) -> str:
    """The log's name: that of its first key, else made from where the site is now."""
    older = next(iter(keys.log_keys(session)), None)
    site = urlsplit(config.base_url or "http://localhost")
    return older.name if older else f"{site.netloc}{site.path.rstrip('/')}/log"


def _waiting(session: Session) -> bool:
    return session.scalars(select(LogLeaf.id).where(LogLeaf.leaf_index.is_(None)).limit(1)).first() is not None


def _anchor_due(w: Work, *, alone: bool) -> bool:
    """Has the audit log grown since its head was last put in, and was that long enough ago?"""
    seal = _seal(w.session)
    if seal is None:
        return False
    last = w.session.scalars(select(LogLeaf).where(LogLeaf.kind == HEAD).order_by(LogLeaf.id.desc()).limit(1)).first()
    if last and w.now - last.created < (pace().lonely_anchor if alone else pace().anchor):
        return False
    return last is None or f'"hash":"{seal.hash}"' not in last.text


def _anchor(w: Work) -> None:
    seal = _seal(w.session)
    assert seal is not None
    append_leaf(w, HEAD, "audit", {"hash": seal.hash, "seq": seal.seq})


def _seal(session: Session) -> AuditSeal | None:
    return session.scalars(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).first()
