"""Appraisers of a house from before credentials were asked for: they go on, without one on record, and have to show one in time.

Nobody is said to have shown anything: the file has no credential, and `show_by` says until when that may last (docs/adr/0014)."""

from datetime import timedelta

from sqlalchemy import Connection, text

from core import clock, ids
from core.db import stamp

SHOW_WITHIN = timedelta(days=90)  # a test holds it against appraisal/appraisers/settings.toml
APPOINTED = "SELECT DISTINCT account_id FROM memberships WHERE role = 'appraiser' AND ended_at IS NULL ORDER BY account_id"
FILE = (
    "INSERT INTO appraisers (id, account_id, org_id, state, words, applied_at, show_by, probation_left) "
    "VALUES (:id, :account, NULL, 'active', '', :now, :show_by, 0)"
)


def up(connection: Connection) -> None:
    now = clock.now()
    for (account,) in connection.execute(text(APPOINTED)).all():
        values = {"id": ids.new_id(), "account": account, "now": stamp(now), "show_by": stamp(now + SHOW_WITHIN)}
        connection.execute(text(FILE), values)


def down(connection: Connection) -> None:
    """The tables go as a whole."""
