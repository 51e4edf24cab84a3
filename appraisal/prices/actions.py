"""Learning anew: the newest sales are fitted, and every model's guide is written from that fit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from appraisal.prices import guard_rules
from appraisal.prices.columns import Columns
from appraisal.prices.evidence import Evidence, Known, by_model, gather
from appraisal.prices.fitting import TooFewSales, train
from appraisal.prices.goods_rules import GRADES, plain
from appraisal.prices.guide import guide_body
from appraisal.prices.model import PriceModel
from appraisal.prices.model_file import read_model, write_model
from appraisal.prices.models import ImportedSale, PriceFit, PriceGuide, SalesImport
from core import clock, ids
from core.work import Actor, Work, work

KEPT = 30  # fits that are kept; each holds its model
COLUMNS = Columns(target="price", minor=True, age="months", model="model", grade="grade", categories=("category", "size"))


@dataclass(frozen=True, slots=True)
class Learned:
    """A fit before it is saved."""

    day: date
    evidence: Evidence
    digest: str
    speaks: list[Known]
    left_out: Counter[str]
    model: PriceModel | None


def refit(session: Session, actor: Actor, now: datetime) -> tuple[str, bool]:
    """(id of the fit, whether it is new). Nothing is done where the same sales were fitted on the same day already.

    It is worked out before the Work begins: nobody waits for it with what they want to save."""
    today = clock.local(now).date()
    evidence = gather(session, today)
    digest = evidence.digest
    there = _find(session, today, digest)
    session.rollback()
    if there is not None:
        return there, False
    learned = learn(evidence, digest, today)
    with work(session, actor, now) as w:
        there = _find(w.session, today, digest)
        return (there, False) if there is not None else (keep(w, learned), True)


def learn(evidence: Evidence, digest: str, today: date) -> Learned:
    """Which sales may speak, and the model that they give; no model where they are too few."""
    kept, left = guard_rules.admit([one.sale for one in evidence.known])
    may_speak = set(map(id, kept))
    speaks = [one for one in evidence.known if id(one.sale) in may_speak]
    try:
        model = train(kept, grades=GRADES, today=today)
    except TooFewSales:
        model = None
    far_off = Counter(model.left_out) if model else Counter[str]()
    return Learned(today, evidence, digest, speaks, left + far_off + evidence.left_out, model)


def keep(w: Work, learned: Learned) -> str:
    """Save the fit and write the guides anew; older guides go, and fits beyond the last thirty."""
    body = write_model(learned.model, COLUMNS) if learned.model else ""
    shelves = list(by_model(learned.speaks))
    fit = PriceFit(
        id=ids.new_id(), day=learned.day.isoformat(), evidence=learned.digest, sales=len(learned.speaks), models=len(shelves),
        imported=sum(bool(one.source) for one in learned.speaks), left_out={k: v for k, v in learned.left_out.items() if v},
        digest=read_model(body.encode())[2] if body else "", body=body, made_at=w.now,
    )  # fmt: skip
    w.session.add(fit)
    w.session.execute(delete(PriceGuide))
    w.session.flush()
    for code, known in shelves:
        w.session.add(_guide(fit.id, code, known, learned))
    older = select(PriceFit.id).order_by(PriceFit.made_at.desc(), PriceFit.id.desc()).offset(KEPT)
    w.session.execute(delete(PriceFit).where(PriceFit.id.in_(list(w.session.scalars(older)))))
    w.record("appraisal:prices:fitted", fit.id, sales=fit.sales, imported=fit.imported, digest=fit.digest)
    return fit.id


def _guide(fit_id: str, code: str, known: Sequence[Known], learned: Learned) -> PriceGuide:
    body = guide_body(learned.model, known, learned.evidence.spells.get(code, []), learned.day)
    name = min(Counter(one.name for one in known).items(), key=lambda each: (-each[1], each[0]))[0]
    return PriceGuide(
        code=code, fit_id=fit_id, category=known[0].sale.thing.kind, name=name, words=plain(name), sales=len(known),
        p50_minor=body["whole"].get("p50"), body=body,
    )  # fmt: skip


def _find(session: Session, today: date, digest: str) -> str | None:
    """The newest fit, where it is of this day and of these sales."""
    last = session.execute(
        select(PriceFit.id, PriceFit.day, PriceFit.evidence).order_by(PriceFit.made_at.desc(), PriceFit.id.desc()).limit(1)
    ).first()
    return last.id if last is not None and (last.day, last.evidence) == (today.isoformat(), digest) else None


def forget(w: Work, one: SalesImport) -> None:
    """Take an import back with all its sales; the next fit no longer knows of them."""
    w.session.execute(delete(ImportedSale).where(ImportedSale.import_id == one.id))
    w.session.delete(one)
    w.record("appraisal:prices:forgotten", one.id, digest=one.digest, sales=one.sales)
