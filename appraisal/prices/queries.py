"""What pages and the market ask of prices: the newest fit with its model, and models' guides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.prices.goods_rules import plain
from appraisal.prices.model import PriceModel
from appraisal.prices.model_file import read_model
from appraisal.prices.models import PriceFit, PriceGuide, SalesImport
from core.errors import NotFound

A_PAGE = 40
MOST_WORDS = 6
_kept: dict[str, PriceModel] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """Models that fit a question, one page of them; `total` of all pages."""

    guides: Sequence[PriceGuide]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


def newest_fit(session: Session) -> PriceFit | None:
    return session.scalars(select(PriceFit).order_by(PriceFit.made_at.desc(), PriceFit.id.desc()).limit(1)).first()


def fitted_on(session: Session, day: date) -> bool:
    return session.scalars(select(PriceFit.id).where(PriceFit.day == day.isoformat()).limit(1)).first() is not None


def model_of(session: Session) -> tuple[PriceFit | None, PriceModel | None]:
    """The newest fit and its model, which is read once and then kept. (fit, None): the sales were too few for a model."""
    fit = newest_fit(session)
    if fit is None or not fit.digest:
        return fit, None
    model = _kept.get(fit.digest)
    if model is None:
        model, _, _ = read_model(fit.body.encode())
        _kept.clear()  # one model is in use at a time
        _kept[fit.digest] = model
    return fit, model


def find_guide(session: Session, code: str) -> PriceGuide | None:
    return session.get(PriceGuide, code) if code else None


def get_guide(session: Session, code: str) -> PriceGuide:
    found = find_guide(session, code)
    if found is None:
        raise NotFound()
    return found


def find_guides(session: Session, text: str = "", category: str = "", page: int = 1) -> Found:
    """Models with every word of the question in their name, those with the most sales first."""
    words = [plain(word) for word in text.split()[:MOST_WORDS]]
    query = select(PriceGuide)
    if text.strip() and not any(words):  # nothing but signs: there is no such model
        return Found([], 0, 1)
    if category:
        query = query.where(PriceGuide.category == category)
    for word in filter(None, words):
        query = query.where(PriceGuide.words.contains(word, autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // A_PAGE)))
    rows = query.order_by(PriceGuide.sales.desc(), PriceGuide.words, PriceGuide.code)
    return Found(session.scalars(rows.limit(A_PAGE).offset((page - 1) * A_PAGE)).all(), total, page)


def categories_with_guides(session: Session) -> dict[str, int]:
    query = select(PriceGuide.category, func.count()).group_by(PriceGuide.category)
    return {category: count for category, count in session.execute(query)}


def imports(session: Session) -> Sequence[SalesImport]:
    return session.scalars(select(SalesImport).order_by(SalesImport.at, SalesImport.id)).all()
