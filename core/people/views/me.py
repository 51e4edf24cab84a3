"""One's own corner: what waits, my things, my organisations."""

from dataclasses import dataclass

from flask import g

from core import ports
from core.access import needs, visitor
from core.page import Page
from core.people.queries import consents, get_account, memberships
from core.people.roles import ROLES
from core.people.rules import SELLER_KINDS
from core.people.sellers import seller_kind
from core.people.states import ORGANISATION
from core.people.views import blueprint
from core.ports import Waiting
from core.states import State


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation where the person holds roles (English labels), and its state."""

    name: str
    href: str
    roles: list[str]
    state: State


@dataclass(frozen=True, slots=True)
class Todo:
    """code: factor | asleep | contact | terms | withdrawn"""

    code: str
    href: str


@dataclass(frozen=True, kw_only=True)
class MePage(Page):
    template = "core/people_me.html"
    name: str
    seller: str
    workplaces: list[Workplace]
    todos: list[Todo]
    waiting: list[Waiting]


@blueprint.get("/me")
@needs("core:me:see")
def me() -> object:
    account = get_account(g.db, visitor().actor.id)
    return MePage(
        name=account.name,
        seller=SELLER_KINDS[seller_kind(g.db, account.id)],
        workplaces=workplaces(account.id),
        todos=_todos(account.totp_secret is not None),
        waiting=ports.waiting(g.db, visitor()),
    ).answer()


def workplaces(account_id: str) -> list[Workplace]:
    found: dict[str, Workplace] = {}
    for row in memberships(g.db, account_id):
        org = row.organisation
        name = org.name_en or org.name if g.language == "en" else org.name
        place = found.setdefault(
            org.id, Workplace(name, f"/organisations/{org.id}", [], ORGANISATION[org.state])
        )
        place.roles.append(ROLES[row.role].label)
    return list(found.values())


def _todos(has_factor: bool) -> list[Todo]:
    waits: list[Todo] = []
    if visitor().asleep:
        waits.append(
            Todo("asleep", "/second-factor?next=/me")
            if has_factor
            else Todo("factor", "/second-factor/set-up?next=/me")
        )
    stands = consents(g.db, visitor().actor.id)
    if any(one.outdated for one in stands):
        waits.append(Todo("terms", "/me/settings#consents"))
    if any(not one.given and one.version for one in stands):
        waits.append(Todo("withdrawn", "/me/settings#consents"))
    elif not visitor().verified_contact:
        waits.append(Todo("contact", "/me/settings/contacts/new"))
    return waits
