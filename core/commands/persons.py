"""Who is meant on a command line: an account by its id or by a contact."""

from typing import TYPE_CHECKING

from core.commands.output import refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def account_of(session: "Session", who: str) -> str:
    """The id behind an id or a contact; unusable input when there is none."""
    from core.errors import Invalid
    from core.people.models import Account
    from core.people.queries import digest_of, find_account
    from core.people.rules import read_address

    if session.get(Account, who) is not None:
        return who
    try:
        found = find_account(session, digest_of(read_address(who)))
    except Invalid:
        found = None
    if found is None:
        refuse("unknown_person", f"nobody has the account {who!r}")
    return str(found.id)
