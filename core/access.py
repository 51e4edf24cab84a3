"""Who may do what: one table of permissions, one-line predicates, and no door without a rule.

Rows are *or*, entries of a row are *and*. A permission is `room:subject:verb`. Rooms add their rows in register()."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from flask import Flask, g
from sqlalchemy.orm import Session

from core import clock
from core.audit import GRAMMAR
from core.errors import Forbidden, Refused
from core.i18n import N_
from core.work import Actor

FRESH = timedelta(minutes=10)
COUNTER = ("shop_clerk", "shop_manager")
Subject = TypeVar("Subject")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever asks for a page. `grants`: (role, organisation id) that count now. `asleep`: roles that wait for the
    second factor. `fresh_at`: last full sign-in with second factor in this session."""

    account_id: str | None = None
    name: str = ""
    language: str = "zh"
    grants: frozenset[tuple[str, str]] = frozenset()
    asleep: frozenset[str] = frozenset()
    verified_contact: bool = False
    fresh_at: datetime | None = None
    unread: int = 0
    demo: bool = False
    sign_in_id: str = ""

    @property
    def signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> set[str]:
        return {role for role, _ in self.grants}

    def orgs_as(self, *roles: str) -> set[str]:
        return {org for role, org in self.grants if role in roles}

    def acts_for(self, account_id: str | None) -> bool:
        """Is it this person, or the house of an organisation at whose counter they work (core/people/houses.py)?"""
        return account_id is not None and (account_id == self.account_id or account_id in self.orgs_as(*COUNTER))

    def as_one_of(self, *accounts: str | None) -> str | None:
        """As which of these accounts this visitor takes part: themselves before a house, so that who buys is never the seller,
        too. None for whoever has no part in it."""
        if self.account_id in accounts:
            return self.account_id
        return next((one for one in accounts if self.acts_for(one)), None)

    def houses(self) -> set[str]:
        """The accounts that this visitor acts for at a counter."""
        return self.orgs_as(*COUNTER)

    @property
    def actor(self) -> Actor:
        if self.account_id is None:
            raise SignInNeeded()
        return Actor(self.account_id)


NOBODY = Visitor()


class SignInNeeded(Refused):
    status = 401

    def __init__(self) -> None:
        super().__init__("sign_in_needed", N_("Please sign in first."))


class SecondFactorNeeded(Refused):
    """The person has the role but hasn't shown the second factor in this session, or not lately enough."""

    status = 401

    def __init__(self) -> None:
        super().__init__("second_factor_needed", N_("Please show your second factor first."))


@dataclass(frozen=True, slots=True)
class Predicate:
    """One line that answers yes or no. `role` names the role it asks for; `fresh` that it asks for a fresh sign-in."""

    name: str
    test: Callable[[Visitor, Any], bool]
    role: str = ""
    fresh: bool = False

    def __call__(self, visitor: Visitor, subject: Any = None) -> bool:
        return visitor.signed_in and self.test(visitor, subject)


@dataclass(slots=True)
class _Doors:
    table: dict[str, tuple[tuple[Predicate, ...], ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


DOORS = _Doors()


@dataclass(frozen=True, slots=True)
class Beside(Generic[Subject, Part]):
    """What an address names: a subject, whose owners and places the rules look at, and `part`, what is asked of it (a verb, one
    of its rows). Rules read everything of the subject through it."""

    of: Subject
    part: Part

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of, name)


def has_role(role: str) -> Predicate:
    return Predicate(f"has role {role}", lambda v, s: role in v.roles, role=role)


def in_org(role: str, org_of: Callable[[Any], str | None], what: str) -> Predicate:
    """The role must be held in the organisation that `org_of(subject)` names."""
    return Predicate(f"{role} of {what}", lambda v, s: (role, org_of(s)) in v.grants, role=role)


signed_in = Predicate("signed in", lambda v, s: True)
verified = Predicate("has a verified contact", lambda v, s: v.verified_contact)
fresh = Predicate("signed in afresh with second factor", lambda v, s: _fresh(v), fresh=True)


def _fresh(visitor: Visitor) -> bool:
    return visitor.fresh_at is not None and clock.now() - visitor.fresh_at <= FRESH


def permissions(rows: Mapping[str, tuple[tuple[Predicate, ...], ...]]) -> None:
    """Add rows to the table; the same name twice with other rows is a mistake."""
    for name, row in rows.items():
        if not GRAMMAR.fullmatch(name):
            raise ValueError(f"{name!r} is not of the form room:subject:verb")
        if DOORS.table.setdefault(name, row) is not row:
            raise ValueError(f"permission {name!r} is declared twice")


def may(visitor: Visitor, permission: str, subject: Any = None) -> bool:
    return any(all(p(visitor, subject) for p in row) for row in DOORS.table[permission])


def demand(visitor: Visitor, permission: str, subject: Any = None) -> None:
    """Raise the refusal that tells the way on: sign in, show the second factor, or no."""
    if may(visitor, permission, subject):
        return
    if not visitor.signed_in:
        raise SignInNeeded()
    if any(_only_factor_missing(visitor, row, subject) for row in DOORS.table[permission]):
        raise SecondFactorNeeded()
    raise Forbidden()


def _only_factor_missing(visitor: Visitor, row: tuple[Predicate, ...], subject: Any) -> bool:
    missing = [p for p in row if not p(visitor, subject)]
    return all(p.fresh or (p.role and p.role in visitor.asleep) for p in missing)


View = Callable[..., Any]


def public(view: View) -> View:
    """Say aloud that everybody may come in here."""
    view.__access__ = "public"  # type: ignore[attr-defined]
    return view


def needs(permission: str, on: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view. `on(session, **url_values)` loads the subject (raises NotFound); the view gets the subject instead of
    the URL's values."""
    DOORS.used.add(permission)

    def guard(view: View) -> View:
        @functools.wraps(view)
        def door(**values: Any) -> Any:
            if on is None:
                demand(visitor(), permission)
                return view(**values)
            session: Session = g.db
            subject = on(session, **values)
            demand(visitor(), permission, subject)
            return view(subject)

        door.__access__ = permission  # type: ignore[attr-defined]
        return door

    return guard


def visitor() -> Visitor:
    return getattr(g, "visitor", NOBODY)


def check_doors(app: Flask) -> None:
    """Refuse to start on an endpoint without a rule or a permission nobody declared."""
    for endpoint, view in app.view_functions.items():
        rule = getattr(view, "__access__", None)
        if rule is None:
            raise RuntimeError(f"{endpoint} has no access rule: add @needs(...) or say @public aloud")
        if rule != "public" and rule not in DOORS.table:
            raise RuntimeError(f"{endpoint} asks for {rule!r}, which no room declares")
