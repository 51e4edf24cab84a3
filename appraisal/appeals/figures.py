"""How often appeals changed a grade: in total, by appraiser and by agency. Public; under five outcomes no rate is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from appraisal.appeals import queries, rules
from appraisal.appraisers.queries import appraiser_number
from core.people.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`n`: appeals that were decided; `fell`: of these, in how many it was changed; `percent`: None while there are too few."""

    n: int
    fell: int
    percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overturned:
    """`open`: appeals not decided yet; `appraisers` by number, `organisations` by id, those with most appeals first."""

    open: int
    total: Rate
    appraisers: list[tuple[str, Rate]]
    organisations: list[tuple[str, Rate]]


def rate_of(outcomes: Iterable[bool]) -> Rate:
    found = list(outcomes)
    return Rate(n=len(found), fell=sum(found), percent=rules.rate(sum(found), len(found)))


def overturned(session: Session) -> Overturned:
    every = queries.decided(session)
    return Overturned(
        open=queries.still_open(session), total=rate_of(fell for _first, _org, fell in every),
        appraisers=_by((appraiser_number(first), fell) for first, _org, fell in every),
        organisations=_by((org, fell) for _first, org, fell in every),
    )  # fmt: skip


def _by(outcomes: Iterable[tuple[str, bool]]) -> list[tuple[str, Rate]]:
    found: dict[str, list[bool]] = {}
    for name, fell in outcomes:
        found.setdefault(name, []).append(fell)
    return sorted(((name, rate_of(some)) for name, some in found.items()), key=lambda row: (-row[1].n, row[0]))


def appeals_data(session: Session, found: Overturned) -> dict[str, Any]:
    """As the command prints it: docs/schemas/appraisers-appeals.schema.json."""
    return {
        "open": found.open, "few": rules.FEW, "total": _told(found.total),
        "appraisers": [{"number": number, **_told(one)} for number, one in found.appraisers],
        "organisations": [
            {"id": org_id, "name": session.get_one(Organisation, org_id).name, **_told(one)}
            for org_id, one in found.organisations
        ],
    }  # fmt: skip


def _told(one: Rate) -> dict[str, Any]:
    return {"n": one.n, "fell": one.fell if one.percent is not None else None, "percent": one.percent}


def appeals_words(data: dict[str, Any]) -> str:
    """A few lines for a person."""
    rows = [("all", data["total"]), *((one["number"], one) for one in data["appraisers"])]
    rows += [(one["name"], one) for one in data["organisations"]]
    return "\n".join([f"open: {data['open']}", *(f"{name}  {_said(one)}" for name, one in rows)])


def _said(one: dict[str, Any]) -> str:
    return f"{one['percent']} % overturned (n {one['n']})" if one["percent"] is not None else f"too few (n {one['n']})"
