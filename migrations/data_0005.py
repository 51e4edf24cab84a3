"""Rows of 0005 as 0004 knows them, and appraisers of a house from before credentials were asked for.

Going up, appraisers go on without a credential on record and have to show one in time: nobody is said to have shown anything
(docs/adr/0014); `show_by` is the last day. Going down, a case about a missed parcel is one about something missing, a lost
listing is withdrawn, and a grade that two appraisers disagree on has ended."""

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
DOWN = (
    "UPDATE aftersales_cases SET kind = 'refund', ground = 'missing' WHERE kind = 'undelivered'",
    "UPDATE aftersales_lines SET what = 'said' WHERE what IN ('proof', 'arrived', 'lost', 'came_back', 'sent_back')",
    "UPDATE listings SET state = 'withdrawn' WHERE state = 'lost'",
    "UPDATE appraisals SET state = 'expired' WHERE state = 'frozen'",
)


def up(connection: Connection) -> None:
    now = clock.now()
    for (account,) in connection.execute(text(APPOINTED)).all():
        values = {"id": ids.new_id(), "account": account, "now": stamp(now), "show_by": stamp(now + SHOW_WITHIN)}
        connection.execute(text(FILE), values)


def down(connection: Connection) -> None:
    for statement in DOWN:
        connection.execute(text(statement))
