"""What the ground floor knows of a thing: registered, its media and photos, and every hand-over."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import WORDS, AuditLine
from core.goods.custody import MOVES, RAISING, history, where
from core.goods.models import CustodyLine, Item, StorageMedium
from core.goods.words import MEDIA_KINDS
from core.i18n import N_
from core.ports import DossierLine

ROOM = "core"
# moves are told by their custody lines; who looked a thing up belongs into the log, not into its life
TOLD_ELSEWHERE = frozenset({"core:custody:moved", "core:lookup:made", "core:medium:added"})


def lines(session: Session, item_id: str) -> Iterable[DossierLine]:
    """Every line of a thing's life on this floor, oldest first; nothing for an unknown thing."""
    if session.get(Item, item_id) is None:
        return []
    told = [*_recorded(session, item_id), *_media(session, item_id), *_custody(session, item_id)]
    return sorted(told, key=lambda line: line.at)


def _recorded(session: Session, item_id: str) -> Iterator[DossierLine]:
    query = select(AuditLine).where(AuditLine.subject == item_id, AuditLine.word.like("core:%"))
    for line in session.scalars(query.order_by(AuditLine.line_no)):
        if line.word not in TOLD_ELSEWHERE:
            yield DossierLine(line.at, ROOM, WORDS.get(line.word, line.word), {}, "", line.actor)


def _media(session: Session, item_id: str) -> Iterator[DossierLine]:
    query = select(StorageMedium).where(StorageMedium.item_id == item_id).order_by(StorageMedium.id)
    added = {
        line.facts.get("medium"): line.actor
        for line in session.scalars(
            select(AuditLine).where(AuditLine.subject == item_id, AuditLine.word == "core:medium:added")
        )
    }
    for one in session.scalars(query):
        values = {"kind": MEDIA_KINDS.get(one.kind, one.kind), "serial": one.masked}
        sentence = N_("A storage medium was added: %(kind)s %(serial)s")
        yield DossierLine(one.added_at, ROOM, sentence, values, "", added.get(one.id, ""))


def _custody(session: Session, item_id: str) -> Iterator[DossierLine]:
    for line in history(session, item_id):
        yield DossierLine(
            line.since, ROOM, N_("%(place)s: %(why)s (custody epoch %(epoch)s)"), _said(line),
            f"/items/{item_id}/custody", line.moved_by,
        )  # fmt: skip


def _said(line: CustodyLine) -> dict[str, str]:
    why = RAISING.get(line.why) or MOVES.get(line.why, line.why)
    return {"place": where(line), "why": why, "epoch": str(line.epoch)}
