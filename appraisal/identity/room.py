"""Opens the numbers of things: lists, type codes, what was found on a list, and the port that others ask."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.identity import lists, queries, views
from appraisal.identity.models import NumberReading, OwnLook
from core import audit, ports, runner
from core.access import has_role, permissions
from core.db import stamp
from core.i18n import N_
from core.ports import RetentionRow
from core.queue import kinds
from core.web import nav

administrator, reviewer = has_role("administrator"), has_role("reviewer")
PERMISSIONS = {
    "appraisal:numbers:keep": ((administrator,),),
    "appraisal:numbers:look_up": ((administrator,), (reviewer,)),
    "appraisal:numbers:decide": ((administrator,), (reviewer,)),
}
WORDS = {
    "appraisal:number:read": N_("An appraiser read a thing's numbers"),
    "appraisal:numbers:loaded": N_("A list of stolen or barred numbers was loaded"),
    "appraisal:numbers:types_loaded": N_("A table of type codes was loaded"),
    "appraisal:numbers:found": N_("A thing's number was found on a list"),
    "appraisal:numbers:decided": N_("A person decided on a thing whose number stands on a list"),
}


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What an appraiser said of numbers, without the numbers."""
    read = session.scalars(select(NumberReading).where(NumberReading.said_by == account_id).order_by(NumberReading.id))
    asked = session.scalars(select(OwnLook).where(OwnLook.said_by == account_id).order_by(OwnLook.id))
    return {
        "numbers_read": [{"place": one.place, "read": not one.why_not, "at": stamp(one.at)} for one in read],
        "numbers_looked_up": [{"how": one.how, "day": one.day} for one in asked],
    }


def retention() -> Iterable[RetentionRow]:
    law = N_("E-commerce Law, article 31: at least three years")
    return (
        RetentionRow(
            N_("Where a thing's numbers were read, as keyed digests"), 36, N_("the appraisal was signed"), law, N_("delete"),
        ),
        RetentionRow(
            N_("Lists of stolen and barred numbers, as keyed digests"), 36, N_("a newer version took its place"), law,
            N_("delete"),
        ),
        RetentionRow(N_("Things whose number was found on a list"), 36, N_("the decision"), law, N_("delete")),
    )  # fmt: skip


def register(app: Flask) -> None:
    """Called by the room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    kinds.source("listed_number", queries.waiting)
    ports.provide("number_standing", "appraisal", queries.number_standing)
    runner.sweep("listed_numbers", timedelta(minutes=10), lists.sweep)
    nav("/number-lists", N_("Numbers and lists"), "shield", "administrator", "reviewer")
