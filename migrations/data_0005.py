"""Rows of 0005 as 0004 knows them: a case about a missed parcel is one about something missing, a lost listing is withdrawn."""

from sqlalchemy import Connection, text

DOWN = (
    "UPDATE aftersales_cases SET kind = 'refund', ground = 'missing' WHERE kind = 'undelivered'",
    "UPDATE aftersales_lines SET what = 'said' WHERE what IN ('proof', 'arrived', 'lost', 'came_back', 'sent_back')",
    "UPDATE listings SET state = 'withdrawn' WHERE state = 'lost'",
)


def up(connection: Connection) -> None:
    """What stood before stands as it was."""


def down(connection: Connection) -> None:
    for statement in DOWN:
        connection.execute(text(statement))
