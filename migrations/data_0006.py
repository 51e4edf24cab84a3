"""Rows of 0006 as 0005 knows them: what was graded in an appeal is dropped, and what one of a panel found goes with it.

Going up there is nothing to do: before this there were no appeals."""

from sqlalchemy import Connection, text

DOWN = (
    "UPDATE appraisals SET state = 'dropped' WHERE state IN ('blind', 'given')",
    "UPDATE blind_checks SET why = 'value', state = 'lapsed' WHERE why = 'panel'",
    "UPDATE appraisal_endings SET reason = 'wrong_finding' WHERE reason = 'undecided'",
)


def up(connection: Connection) -> None:
    pass


def down(connection: Connection) -> None:
    for statement in DOWN:
        connection.execute(text(statement))
