"""Who appraises in the demonstration: each applied with a credential, and the platform decided, as anywhere else."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from appraisal.appraisers import actions, queries
from appraisal.appraisers.forms import read_day
from core.people.models import Organisation
from market.demo.walk import House

FILE = Path(__file__).with_name("appraisers.toml")


def admit(house: House, moment: datetime) -> None:
    """Everybody applies; who has an answer in the file gets it from the administrator."""
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["applications"]:
        file_id = _apply(house, row, moment)
        if row["decided"]:
            with house.doing("guan", moment) as w:
                actions.decide(w, queries.get_file(w.session, file_id), row["decided"], row["reason"])


def _apply(house: House, row: dict[str, Any], moment: datetime) -> str:
    org_id = house.cast.organisations.get(row["who"])
    with house.doing(row.get("by", row["who"]), moment) as w:
        given = actions.Given(
            kind=row["kind"], number=row["number"], issuer=row["issuer"], categories=row["categories"], level=row["level"],
            until=read_day(row["until"]),
        )  # fmt: skip
        return actions.apply(w, given, row["words"], w.session.get_one(Organisation, org_id) if org_id else None).id
