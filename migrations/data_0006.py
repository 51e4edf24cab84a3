"""Rows of 0006 as 0005 knows them, and who asked in cases of before.

Going up, every case was asked by its buyer: nobody else could; before this there were no appeals. Going down, a half of a swap
that its giver asks back is a case about something missing, which its buyer and seller still see between them; what was graded in
an appeal is dropped, and what one of a panel found goes with it. What is kept for an exchange has nothing that would free it any
more once its case no longer names it: its seller puts it back on sale, or gives it, as they see fit.

A slot at a wiping bench ends as long after its beginning as slots of that bench last today: how long they lasted when it was
booked wasn't kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from core.db import stamp

UP = ("UPDATE aftersales_cases SET asked_by = buyer_id",)
DOWN = (
    "UPDATE aftersales_cases SET ground = 'missing' WHERE ground IN ('half_missing', 'half_back')",
    "UPDATE listings SET state = 'paused' WHERE state = 'reserved' AND id IN (SELECT replacement_id FROM aftersales_cases)",
    "UPDATE aftersales_lines SET what = 'said' WHERE what IN ('chosen', 'let_go', 'agreed', 'shipped', 'not_taken', 'passed_on')",
    "UPDATE appraisals SET state = 'dropped' WHERE state IN ('blind', 'given')",
    "UPDATE blind_checks SET why = 'value', state = 'lapsed' WHERE why = 'panel'",
    "UPDATE appraisal_endings SET reason = 'wrong_finding' WHERE reason = 'undecided'",
)


SLOTS = text("SELECT b.id, b.slot, p.minutes FROM bookings b JOIN bench_points p ON p.org_id = b.org_id")
ENDS = text("UPDATE bookings SET until = :until WHERE id = :id")


def up(connection: Connection) -> None:
    for statement in UP:
        connection.execute(text(statement))
    for key, slot, minutes in connection.execute(SLOTS).all():
        until = datetime.fromisoformat(slot) + timedelta(minutes=minutes)
        connection.execute(ENDS, {"id": key, "until": stamp(until)})


def down(connection: Connection) -> None:
    for statement in DOWN:
        connection.execute(text(statement))
