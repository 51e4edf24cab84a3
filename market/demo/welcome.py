"""What the server and `flask demo` print for somebody who wants to look around: where, who, and the password."""

from flask import Flask
from sqlalchemy import inspect

from core.config import Config
from core.db import Database
from core.people.demo import DEMO_PASSWORD, find_demo_people
from core.people.models import Account
from core.people.queries import opened
from market.demo.cast import read_people


def welcome(app: Flask) -> list[str]:
    """A few lines; none where there is no demonstration."""
    config: Config = app.extensions["xunshi"]
    database: Database = app.extensions["xunshi_db"]
    if config.production or not inspect(database.engine).has_table(Account.__tablename__):
        return []
    with database.session() as session:
        people = [(one.name, opened(one.contacts[0]).value) for one in find_demo_people(session) if one.contacts]
    if not people:
        return []
    wide = max(len(contact) for _, contact in people)
    says = {row["name"]: row["says"] for row in read_people()["people"]}
    lines = [f"  {contact.ljust(wide)}  {name}: {says.get(name, 'resident')}" for name, contact in people]
    return [
        f"Demonstration: {config.base_url}/demo has one button for each person.",
        f"Or sign in by hand; the password of all is {DEMO_PASSWORD}",
        *lines,
    ]
