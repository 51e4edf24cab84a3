"""A price range for one thing while its seller puts it up: how it comes about, and none where the sales don't suffice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from appraisal.prices.comparables import first_day
from appraisal.prices.goods_rules import Goods, model_code, months_old, size_of, thing_of
from appraisal.prices.guide import appraise
from appraisal.prices.queries import find_guide, model_of
from appraisal.prices.valuing import STEPS, InsufficientEvidence


@dataclass(frozen=True, slots=True)
class Step:
    """`step`: one of STEPS; `amount`: whole minor units, with sign."""

    step: str
    amount: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparable sale as the chart shows it."""

    day: date
    price: int
    imported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Whole minor units. `p50` None: insufficient evidence, for `reasons`; otherwise `waterfall` sums exactly to it. `code` and
    `name`: of the guide, "" where the model has none. `grade`: "" for a thing that no appraiser has graded. `sales`: of the
    model in 180 days, `imported` of them from elsewhere. `day`: of the fit. `unpriced`:
    told defects that too few sold things had, so that nothing is taken off for them."""

    code: str
    name: str
    grade: str
    age: int | None
    size: str
    comparables: int
    sales: int
    imported: int
    reasons: tuple[str, ...] = ()
    p10: int | None = None
    p50: int | None = None
    p90: int | None = None
    waterfall: Sequence[Step] = ()
    compared: Sequence[Compared] = ()
    day: date | None = None
    unpriced: int = 0


def hint(session: Session, goods: Goods, today: date) -> Hint | None:
    """None for goods of which no model is told (a coat, a table): nothing is comparable enough."""
    thing = thing_of(goods, today)
    if thing is None:
        return None
    fit, model = model_of(session)
    guide = find_guide(session, model_code(goods))
    found = appraise(model, thing)
    learned = date.fromisoformat(fit.day) if fit else today  # the engine counts from the day of its fit
    compared = _compared(guide.body["points"], first_day(learned)) if guide else []
    told = Hint(
        code=guide.code if guide else "", name=guide.name if guide else "", grade=thing.grade, age=months_old(goods, today),
        size=size_of(goods), comparables=found.comparables, sales=len(compared),
        imported=sum(one.imported for one in compared), day=date.fromisoformat(fit.day) if fit else None,
    )  # fmt: skip
    if isinstance(found, InsufficientEvidence):
        return replace(told, reasons=found.reasons)
    steps = [Step(name, amount) for name, amount in zip(STEPS, found.waterfall, strict=True)]
    known = model.estimator.layout.defects.columns if model else {}
    unpriced = sum(code not in known for code in thing.defects)
    told = replace(told, unpriced=unpriced)
    return replace(told, p10=found.p10, p50=found.p50, p90=found.p90, waterfall=steps, compared=compared)


def _compared(points: Sequence[Sequence[object]], since: date) -> list[Compared]:
    found = [Compared(date.fromisoformat(str(day)), int(str(price)), bool(imported)) for day, price, _, imported in points]
    return [one for one in found if one.day >= since]
