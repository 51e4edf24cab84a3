"""Many rows in one Work: one that goes wrong is undone with all that hangs on it, the others are done."""

from sqlalchemy import func, select

from core.audit import AuditLine
from core.each import each
from core.errors import Refused
from core.people.models import Account


def lines_about(session, person):
    return session.scalar(select(func.count()).select_from(AuditLine).where(AuditLine.subject == person.id))


def test_one_refusal_doesnt_undo_the_others(session, alice, bob, charlie, doing, caplog):
    def rename(row):
        row.name = f"{row.name} renamed"
        w.record("core:lookup:made", row.id)
        w.session.flush()
        if row.id == bob.id:
            raise Refused("not_now", "Not now.")

    with doing() as w:
        rows = [w.session.get_one(Account, one.id) for one in (alice, bob, charlie)]
        each(w, rows, rename)
    assert [session.get_one(Account, one.id).name for one in (alice, bob, charlie)] == ["Alice renamed", "Bob", "Charlie renamed"]
    assert [lines_about(session, one) for one in (alice, bob, charlie)] == [1, 0, 1]
    assert bob.id in caplog.text and "not_now" in caplog.text


def test_a_fault_of_the_database_is_told_without_what_the_row_holds(session, alice, bob, doing, caplog):
    def step(person_id):
        row = w.session.get_one(Account, person_id)
        row.name = "Secret Lane 5"
        if person_id == alice.id:
            w.session.add(Account(id=bob.id, name="Secret Lane 5"))
        w.session.flush()

    with doing() as w:
        each(w, [alice.id, bob.id], step)
    assert (session.get_one(Account, alice.id).name, session.get_one(Account, bob.id).name) == ("Alice", "Secret Lane 5")
    assert alice.id in caplog.text and "IntegrityError" in caplog.text and "Secret Lane 5" not in caplog.text


def test_with_nothing_wrong_all_are_done(session, alice, bob, doing, caplog):
    with doing() as w:
        each(w, (w.session.get_one(Account, one.id) for one in (alice, bob)), lambda row: w.record("core:lookup:made", row.id))
    assert [lines_about(session, one) for one in (alice, bob)] == [1, 1] and not caplog.records
