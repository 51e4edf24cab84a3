"""Who is in the demonstration: people, organisations, roles and what the platform checked about sellers."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core import clock, ids, passwords
from core.people.actions.organisations import grant
from core.people.actions.sellers import record_check
from core.people.demo import DEMO_PASSWORD, add_demo_person
from core.people.models import Organisation
from core.people.rules import SELLER_KINDS
from core.work import Actor, work

FILE = Path(__file__).with_name("people.toml")
MAKER = Actor("system:demo")


@dataclass(frozen=True, slots=True)
class Cast:
    """key of people.toml -> id."""

    people: dict[str, str]
    organisations: dict[str, str]

    def actor(self, key: str) -> Actor:
        return Actor(self.people[key])


def read_people() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def add_cast(session: Session, moment: datetime) -> Cast:
    """Everybody, as of `moment`; the well-known password is hashed once for all of them."""
    told = read_people()
    hashed = passwords.hash_password(DEMO_PASSWORD)
    with clock.stopped_at(moment), work(session, MAKER, moment) as w:
        people = {
            row["key"]: add_demo_person(
                w, row["name"], row["contact"], language=row.get("language", "zh"),
                second_factor=row.get("second_factor", False), password_hash=hashed,
            ).id
            for row in told["people"]
        }  # fmt: skip
        organisations = {row["key"]: _organisation(session, row, moment) for row in told["organisations"]}
        w.session.flush()
        cast = Cast(people, organisations)
        for row in told["people"]:
            for given in row.get("roles", []):
                org, role = given.split(":")
                grant(w, w.session.get_one(Organisation, organisations[org]), people[row["key"]], role)
        for row in [*told["organisations"], *told["people"]]:
            if "seller" in row:
                record_check(
                    w, account_id=people.get(row["key"]), org_id=organisations.get(row["key"]), kind=row["seller"],
                    allowed=tuple(SELLER_KINDS), licence_no=row.get("licence", ""),
                )  # fmt: skip
    return cast


def _organisation(session: Session, row: dict[str, Any], moment: datetime) -> str:
    org = Organisation(
        id=ids.new_id(), kind=row["kind"], name=row["name"], name_en=row["name_en"], district=row["district"],
        address=row["address"], licence_no=row["licence"], state="approved", created_at=moment,
    )  # fmt: skip
    session.add(org)
    return org.id
