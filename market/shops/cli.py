"""`flask shops`: which shops are here with their points, and a check of a rules text, for scripts."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    id: str
    name: str
    kind: str
    site: str
    district: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopLine:
    """`ground`: licence, exemption or none; `why_not`: the code of the reason for which it takes no goods, "" when it does."""

    id: str
    name: str
    ground: str
    takes_goods: bool
    why_not: str
    closes_on: str
    rules_version: int
    points: list[PointLine]


@click.group(cls=Group)
def shops() -> None:
    """Shops: their points, and what their rules may not say."""


@shops.command("list", cls=Command)
@click.option("--district", default="", help="only shops with a point in this district, by code")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def list_(district: str, as_json: bool) -> None:
    """Every approved shop with a point, its ground, and whether it takes goods now. Exit 0, also without any; 2 for a district
    that isn't there."""
    from core.goods.districts import find_district

    if district and find_district(district) is None:
        refuse("no_district", f"{district!r} is no district of this house")
    with open_database() as session:
        found = _lines(session, district)
    words = [
        f"{one.name}: {len(one.points)} points, {one.ground}, {'takes goods' if one.takes_goods else one.why_not}"
        + (f", closes on {one.closes_on}" if one.closes_on else "")
        for one in found
    ]
    answer([asdict(one) for one in found], as_json, "\n".join(words) or "no shop has a point")


def _lines(session: "Session", district: str) -> list[ShopLine]:
    from sqlalchemy import select

    from core import clock
    from core.people.models import Organisation
    from market.shops import queries, standing
    from market.shops.models import ShopPoint

    there = select(ShopPoint.org_id).where(*([ShopPoint.district == district] if district else []))
    query = select(Organisation).where(Organisation.id.in_(there), Organisation.state == "approved")
    found = []
    for org in session.scalars(query.order_by(Organisation.name, Organisation.id)):
        why, closing = standing.why_not(session, org.id, clock.now()), standing.find_closing(session, org.id)
        ground = "licence" if standing.licence_of(session, org) else ""
        ground = ground or ("exemption" if standing.find_exemption(session, org.id) else "none")
        versions = queries.rules_of(session, org.id)
        found.append(ShopLine(
            id=org.id, name=org.name, ground=ground, takes_goods=not why, why_not=why,
            closes_on=closing.closes_on.isoformat() if closing else "", rules_version=versions[0].version if versions else 0,
            points=[
                PointLine(id=one.id, name=one.name, kind=one.kind, site=one.site, district=one.district, state=one.state)
                for one in queries.points_of(session, org.id)
            ],
        ))  # fmt: skip
    return found


@shops.command("check-rules", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
def check_rules(file: Path, as_json: bool) -> None:
    """Void phrases in a shop's rules (UTF-8 text). Exit 0 when none is found, 1 when one is; 2 for a file that can't be read."""
    from market.shops.void_rules import check

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        refuse("no_text", f"{file.name}: can't be read as UTF-8 text: {problem}")
    found = check(text)
    lines = [f"{one.phrase}: {one.why.en} ({one.source.en})" for one in found]
    answer([asdict(one) for one in found], as_json, "\n".join(lines) or "no void phrase was found")
    if found:
        raise SystemExit(1)
