"""Whose turn it is and what comes first. Pure."""

from collections.abc import Collection, Iterable
from typing import Protocol

Grant = tuple[str, str]


class Deciders(Protocol):
    """`roles` decide wherever they are held; `org_roles` only where held in one of the entry's organisations."""

    @property
    def roles(self) -> tuple[str, ...]: ...

    @property
    def org_roles(self) -> tuple[str, ...]: ...


def may_decide(
    kind: Deciders, orgs: Collection[str], barred: Collection[str], grants: Iterable[Grant], account_id: str | None
) -> bool:
    """Does somebody with these (role, organisation) decide on it? Never who is part of the matter (`barred`)."""
    if account_id is None or account_id in barred:
        return False
    return any(role in kind.roles or (role in kind.org_roles and org in orgs) for role, org in grants)
