"""Proofs, checkpoints and leaves as they are stored."""

import base64
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import LargeBinary, cast, func, or_, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from privacy.clearance.log import cosignature, proof, tree
from privacy.clearance.log.models import EnrolledKey, LogCheckpoint, LogCosignature, LogLeaf, LogNode
from privacy.clearance.log.tree import NodeName, NodeReader, NotInTree


def latest(session: Session) -> LogCheckpoint | None:
    return session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)).first()


def root_of(checkpoint: LogCheckpoint) -> str:
    """As it stands in the signed text: base 64."""
    return base64.b64encode(bytes.fromhex(checkpoint.root)).decode()


def find_checkpoint(session: Session, size: int) -> LogCheckpoint | None:
    return session.get(LogCheckpoint, size)


def covering(session: Session, index: int) -> LogCheckpoint | None:
    """The first checkpoint that a leaf stands in: the one that was current when it was entered. If the log's key of that time was
    revoked since, the first after that: what a revoked key signed proves nothing any more."""
    revoked = select(func.max(EnrolledKey.revoked_at)).where(EnrolledKey.role == "log").scalar_subquery()
    good = or_(revoked.is_(None), LogCheckpoint.created >= revoked)
    query = select(LogCheckpoint).where(LogCheckpoint.size > index, good).order_by(LogCheckpoint.size)
    return session.scalars(query.limit(1)).first()


def recent(session: Session, most: int) -> list[LogCheckpoint]:
    return list(session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(most)))


def cosigned(session: Session, checkpoint: LogCheckpoint) -> str:
    """The note with the lines of all witnesses."""
    query = select(LogCosignature.line).where(LogCosignature.size == checkpoint.size).order_by(LogCosignature.created)
    return cosignature.join(checkpoint.note, session.scalars(query))


def read_nodes(session: Session, names: Sequence[NodeName]) -> NodeReader:
    """One statement for all the nodes a proof needs. Raises NotInTree when one isn't stored."""
    found: dict[NodeName, bytes] = {}
    for begin in range(0, len(names), 400):
        rows = session.execute(text(_statement(names[begin : begin + 400])))
        found.update({(level, index): bytes.fromhex(one) for level, index, one in rows})
    missing = [name for name in names if name not in found]
    if missing:
        raise NotInTree(f"the node {missing[0]} isn't stored")
    return tree.reader(found)


def _statement(names: Sequence[NodeName]) -> str:
    """One condition a level: SQLite finds each by the primary key, but would scan the table for a list of pairs. Written
    out, as there are whole numbers only, and putting it together from objects took longer than running it."""
    levels: dict[int, list[str]] = {}
    for level, index in names:
        levels.setdefault(level, []).append(str(int(index)))
    some = " OR ".join(f"(level = {int(level)} AND node_index IN ({', '.join(found)}))" for level, found in levels.items())
    return f"SELECT level, node_index, hash FROM log_nodes WHERE {some}"  # noqa: S608


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """Raises NotInTree."""
    read = read_nodes(session, tree.needed(tree.inclusion_ranges(index, size)))
    return tree.inclusion(read, index, size)


def consistency(session: Session, first: int, second: int) -> list[bytes]:
    """Raises NotInTree."""
    read = read_nodes(session, tree.needed(tree.consistency_ranges(first, second)))
    return tree.consistency(read, first, second)


def consistency_json(session: Session, first: int, second: int) -> dict[str, object]:
    """What /log/consistency answers."""
    hashes = [base64.b64encode(one).decode() for one in consistency(session, first, second)]
    return {"kind": "xunshi_consistency", "version": 1, "from": first, "to": second, "proof": hashes}


def proof_text(session: Session, index: int, checkpoint: LogCheckpoint) -> str:
    """The tlog-proof of a leaf under a checkpoint. Raises NotInTree."""
    return proof.write(index, inclusion(session, index, checkpoint.size), cosigned(session, checkpoint))


def leaf_of(session: Session, kind: str, subject: str) -> LogLeaf | None:
    """The first leaf of this kind about this subject."""
    query = select(LogLeaf).where(LogLeaf.subject == subject, LogLeaf.kind == kind).order_by(LogLeaf.id)
    return session.scalars(query.limit(1)).first()


def leaves_about(session: Session, subjects: Iterable[str]) -> list[LogLeaf]:
    """The numbered leaves about these subjects, in order."""
    wanted, found = sorted(set(subjects)), list[LogLeaf]()
    for begin in range(0, len(wanted), 400):
        query = select(LogLeaf).where(LogLeaf.subject.in_(wanted[begin : begin + 400]), LogLeaf.leaf_index.is_not(None))
        found += session.scalars(query)
    return sorted(found, key=lambda leaf: leaf.leaf_index or 0)


def texts(session: Session, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """(number, the very bytes stored) of the numbered leaves from `begin` up to, not including, `end`."""
    query = select(LogLeaf.leaf_index, stored_bytes(session)).where(LogLeaf.leaf_index >= begin, LogLeaf.leaf_index < end)
    for index, data in session.execute(query.order_by(LogLeaf.leaf_index).execution_options(yield_per=1000)):
        yield int(index or 0), bytes(data)


def stored_bytes(session: Session) -> ColumnElement[bytes]:
    """A leaf's text as bytes: one flipped bit may leave what is no text."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(LogLeaf.text, LargeBinary)
    return func.convert_to(LogLeaf.text, "UTF8")


def hashes(session: Session, level: int, begin: int, end: int) -> list[bytes]:
    """Stored node hashes of one level, `begin` up to, not including, `end`."""
    query = select(LogNode.hash).where(LogNode.level == level, LogNode.node_index >= begin, LogNode.node_index < end)
    return [bytes.fromhex(one) for one in session.scalars(query.order_by(LogNode.node_index))]


def waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LogLeaf).where(LogLeaf.leaf_index.is_(None))) or 0


def newest(session: Session, most: int) -> list[LogLeaf]:
    """The last numbered leaves, newest first."""
    query = select(LogLeaf).where(LogLeaf.leaf_index.is_not(None)).order_by(LogLeaf.leaf_index.desc())
    return list(session.scalars(query.limit(most)))


def last_cosigned(session: Session, witness_id: str) -> int | None:
    return session.scalar(select(func.max(LogCosignature.size)).where(LogCosignature.witness_id == witness_id))
