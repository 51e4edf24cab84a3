"""What is kept of a grade on the day on which it was found, whether it is signed at once or given in an appeal and signed later:
how it came about, how it stood with the wipe and the numbers, and the price range."""

from typing import Any

from appraisal.grades import report_price
from appraisal.grades.rules import GradeResult
from appraisal.grades.shape import grade_data
from appraisal.standards.standard import Standard
from core.goods.models import Item
from core.wipe_ports import WipeStanding
from core.work import Work


def told_of(
    w: Work, item: Item, standard: Standard, result: GradeResult, standing: WipeStanding, identity: dict[str, Any]
) -> dict[str, Any]:
    """For `Appraisal.result`. `identity`: what numbers and lists say."""
    price = report_price.price_told(w.session, item, result.grade, w.now)
    return grade_data(standard, result) | {"wipe": wipe_told(standing), "identity": identity, "price": price}


def wipe_told(standing: WipeStanding) -> dict[str, str | None]:
    return {"state": standing.state, "certificate": standing.certificate or None}
