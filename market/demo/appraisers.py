"""Who appraises in the demonstration: each applied with a credential, and the platform decided, as anywhere else."""

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from appraisal.appraisers import actions, queries
from appraisal.appraisers.forms import read_day
from appraisal.exam import actions as exams
from appraisal.standards.queries import get_in_force
from core.people.models import Organisation
from market.demo.walk import House

AGREED = "Li, Han, Guan, 2026-10"
FILE = Path(__file__).with_name("appraisers.toml")


def admit(house: House, moment: datetime) -> None:
    """Reference items are there first. Everybody applies; who has an answer in the file gets it from the administrator."""
    keep_references(house, moment)
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["applications"]:
        file_id = _apply(house, row, moment)
        if row["decided"]:
            with house.doing("guan", moment) as w:
                actions.decide(w, queries.get_file(w.session, file_id), row["decided"], row["reason"])


def keep_references(house: House, moment: datetime) -> None:
    """The platform's cabinet of phones whose answers three people agreed on."""
    with house.doing("guan", moment) as w:
        standard = get_in_force(w.session, "xunshi-phone", moment)
    best = {one.code: "100" if one.kind == "measure" else one.values[0].code for one in standard.checks}
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["references"]:
        said = {**best, **row["answers"]}
        answers = {one.code: Decimal(said[one.code]) if one.kind == "measure" else said[one.code] for one in standard.checks}
        words = exams.Reference(standard=standard.id, name=row["name"], told=row["told"], agreed=AGREED)
        with house.doing("guan", moment) as w:
            exams.enter(w, words, answers)


def _apply(house: House, row: dict[str, Any], moment: datetime) -> str:
    org_id = house.cast.organisations.get(row["who"])
    with house.doing(row.get("by", row["who"]), moment) as w:
        given = actions.Given(
            kind=row["kind"], number=row["number"], issuer=row["issuer"], categories=row["categories"], level=row["level"],
            until=read_day(row["until"]),
        )  # fmt: skip
        return actions.apply(w, given, row["words"], w.session.get_one(Organisation, org_id) if org_id else None).id
