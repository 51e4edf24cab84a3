"""Appraisers that stories begin with: admitted, with a credential that the platform has looked at.

    admitted(session, li.id)                                  # everything, both levels, without an end
    admitted(session, li.id, scope={"phone": 1}, until=moment)
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from appraisal.appraisers.models import Appraiser, Credential
from core import clock, ids, secrets
from core.work import Actor, work


def admitted(
    session: Session, account_id: str, *, scope: dict[str, Any] | None = None, state: str = "active", until: datetime | None = None,
    credential: str = "valid", show_by: datetime | None = None, left: int = 0, org: bool = False,
) -> str:  # fmt: skip
    """A file straight in the database; `credential`: its state, "" for none. Returns the file's id."""
    with work(session, Actor("system:test"), clock.now()) as w:
        file = Appraiser(
            id=ids.new_id(), account_id=None if org else account_id, org_id=account_id if org else None, state=state, words="",
            applied_at=w.now, show_by=show_by, probation_left=left,
        )  # fmt: skip
        w.session.add(file)
        w.session.flush()
        if credential:
            number = f"TEST{file.id.upper()}"
            w.session.add(
                Credential(
                    id=ids.new_id(), appraiser_id=file.id, kind="skill_level", number=secrets.encrypt(number, "credential"),
                    digest=secrets.keyed_digest(number, "credential"), masked=f"****{number[-4:]}", issuer="浙江省人社厅",
                    scope=scope or {"any": 2}, expires_at=until, state=credential, added_at=w.now,
                )
            )  # fmt: skip
        return file.id
