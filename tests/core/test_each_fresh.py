"""A row at fault in the midst of many: after its savepoint was rolled back, no row in memory says what isn't so."""

from core import clock
from core.each import each
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.queue.models import QueueEntry
from core.queue.states import QUEUE_ENTRY
from core.states import walk
from core.work import Actor, work


def entered(w, title):
    return queue.ask(w, "report", Ask(subject_id=title.zfill(26), title=title, link="/"))


def test_a_guarded_step_that_is_rolled_back_is_undone_in_memory_too(app, session, alice):
    with app.app_context(), work(session, Actor(alice.id), clock.now()) as w:
        first, second = entered(w, "1"), entered(w, "2")

        def step(row: QueueEntry) -> None:
            walk(w, QUEUE_ENTRY, row, "lapse", ended_by="system:test", ended_at=w.now)
            if row is first:
                raise ValueError("at fault")

        each(w, [first, second], step)
        assert (first.state, first.ended_by, second.state) == ("open", "", "lapsed"), "the first was undone, the second went on"
        walk(w, QUEUE_ENTRY, first, "lapse", ended_by="system:test", ended_at=w.now)  # as it stands it can still be walked
    assert session.get_one(QueueEntry, first.id).state == "lapsed"


def test_what_was_written_before_the_savepoint_stays(app, session, alice):
    with app.app_context(), work(session, Actor(alice.id), clock.now()) as w:
        row = entered(w, "3")
        row.title = "written before"

        def step(_row: QueueEntry) -> None:
            raise ValueError("at fault")

        each(w, [row], step)
        assert row.title == "written before"
    assert session.get_one(QueueEntry, row.id).title == "written before"
