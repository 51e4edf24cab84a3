"""The clockwork: jobs run at least once and bear it, a broken one is tried again and stops nobody, the log is sealed."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core import audit, clock, jobs, runner
from core.audit import AuditLine
from core.jobs import Job
from core.work import Actor, work

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def handled(monkeypatch):
    """Handlers of this test only. `handled.runs`: every payload each kind was given."""

    class Handled(dict):
        runs: list[tuple[str, int]] = []

    found = Handled()
    found.runs = []

    def good(session, payloads):
        found.runs += [("good", one["n"]) for one in payloads]

    def bad(session, payloads):
        found.runs += [("bad", one["n"]) for one in payloads]
        if any(one["n"] == 13 for one in payloads):
            raise ZeroDivisionError

    monkeypatch.setattr(jobs, "HANDLERS", {**jobs.HANDLERS, "test:good": good, "test:bad": bad})
    return found


@pytest.fixture
def put(session):
    def later(kind, *numbers):
        with work(session, Actor("system:test"), clock.now()) as w:
            for n in numbers:
                w.later(kind, n=n)

    return later


def rows(session, kind="test:bad"):
    session.rollback()
    return {row.payload["n"]: row for row in session.scalars(select(Job).where(Job.kind == kind))}


def test_jobs_run_once_in_one_go(session, handled, put):
    put("test:good", 1, 2, 3)
    assert jobs.run_due(session) == 3
    assert handled.runs == [("good", 1), ("good", 2), ("good", 3)]
    assert jobs.run_due(session) == 0
    assert all(row.done_at and row.tries == 1 and not row.fault for row in rows(session, "test:good").values())


def test_a_job_of_an_undone_step_never_was(session, handled):
    with pytest.raises(ZeroDivisionError), work(session, Actor("system:test"), clock.now()) as w:
        w.later("test:good", n=1)
        raise ZeroDivisionError
    assert jobs.run_due(session) == 0
    assert handled.runs == []


def test_a_kind_that_nobody_handles_is_a_mistake(session):
    with pytest.raises(ValueError, match="nobody handles"), work(session, Actor("system:test"), clock.now()) as w:
        w.later("test:unknown", n=1)


def test_two_handlers_for_a_kind_are_a_mistake(monkeypatch):
    monkeypatch.setattr(jobs, "HANDLERS", {})
    handler = jobs.handles("test:one")(lambda session, payloads: None)
    assert jobs.handles("test:one")(handler) is handler
    with pytest.raises(ValueError, match="two handlers"):
        jobs.handles("test:one")(lambda session, payloads: None)


def test_a_failing_job_stops_no_other_kind_and_no_other_of_its_kind(session, handled, put):
    put("test:bad", 12, 13, 14)
    put("test:good", 1)
    assert jobs.run_due(session) == 3
    found = rows(session)
    assert [found[n].done_at is not None for n in (12, 13, 14)] == [True, False, True]
    assert found[13].fault == "ZeroDivisionError"
    assert ("good", 1) in handled.runs


def test_a_failing_job_is_tried_again_ever_later_and_then_left(session, handled, put):
    with clock.stopped_at(NOON):
        put("test:bad", 13)
    moments, now = [], NOON
    for _ in range(200):
        with clock.stopped_at(now):
            before = len(handled.runs)
            jobs.run_due(session)
            if len(handled.runs) > before:
                moments.append(now)
        now += timedelta(seconds=5)
    waits = [(b - a).total_seconds() for a, b in zip(moments, moments[1:], strict=False)]
    assert len(moments) == jobs.MOST_TRIES
    assert waits == sorted(waits)
    assert waits[-1] >= 128
    assert rows(session)[13].done_at is None, "it stays, with its fault, to be looked at"


def test_a_job_that_was_mended_is_done_the_next_time(session, handled, put, monkeypatch):
    with clock.stopped_at(NOON):
        put("test:bad", 13)
        jobs.run_due(session)
    monkeypatch.setitem(jobs.HANDLERS, "test:bad", lambda session, payloads: None)
    with clock.stopped_at(NOON + timedelta(seconds=1)):
        assert jobs.run_due(session) == 0, "not yet"
    with clock.stopped_at(NOON + timedelta(seconds=3)):
        assert jobs.run_due(session) == 1
    assert (rows(session)[13].fault, rows(session)[13].tries) == ("", 2)


def test_a_process_that_died_at_work_leaves_its_jobs_to_the_next(session, handled, put):
    """Claimed and never settled: after a minute somebody else takes them. So handlers must bear being run twice."""
    with clock.stopped_at(NOON):
        put("test:good", 1)
        with work(session, Actor("system:test"), clock.now()) as w:
            mine = jobs.claim(w.session, jobs.due(w.session, w.now)["test:good"], w.now)
            assert len(mine) == 1
        assert jobs.run_due(session) == 0
    with clock.stopped_at(NOON + timedelta(seconds=59)):
        assert jobs.run_due(session) == 0
    with clock.stopped_at(NOON + timedelta(seconds=61)):
        assert jobs.run_due(session) == 1


def test_two_runners_never_claim_the_same_job(database, session, handled, put):
    put("test:good", *range(20))
    taken: list[str] = []

    def run():
        with database.session() as own:
            for _ in range(3):
                with work(own, Actor("system:test"), clock.now()) as w:
                    found = jobs.due(w.session, w.now).get("test:good", [])
                    taken.extend(job.id for job in jobs.claim(w.session, found, w.now))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 20


# --- the wheel ---


@pytest.fixture
def sweeps(monkeypatch):
    monkeypatch.setattr(runner, "SWEEPS", {})
    return runner.SWEEPS


def look_up(w):
    w.record("core:lookup:made", "thing1")


def test_a_turn_runs_jobs_sweeps_and_then_seals_all_of_it(database, session, handled, put, sweeps):
    runner.sweep("look", timedelta(minutes=1), look_up)
    put("test:good", 1)
    runner.turn(database, {})
    found = audit.verify(session)
    assert (found.ok, found.lines, found.unsealed) == (True, 1, 0)
    assert session.scalars(select(AuditLine.actor)).all() == ["system:look"]
    assert handled.runs == [("good", 1)]


def test_sweeps_wait_for_their_time(database, session, sweeps):
    runner.sweep("look", timedelta(minutes=1), look_up)
    last: dict[str, datetime] = {}
    counts = []
    for seconds in (0, 30, 59, 60, 61, 119, 120):
        with clock.stopped_at(NOON + timedelta(seconds=seconds)):
            runner.turn(database, last)
        session.rollback()
        counts.append(audit.verify(session).lines)
    assert counts == [1, 1, 1, 2, 2, 2, 3]


def test_a_broken_sweep_stops_neither_the_others_nor_the_seal(database, session, sweeps):
    def broken(w):
        w.record("core:lookup:made", "undone")
        raise ZeroDivisionError

    runner.sweep("broken", timedelta(minutes=1), broken)
    runner.sweep("look", timedelta(minutes=1), look_up)
    runner.turn(database, {})
    assert session.scalars(select(AuditLine.subject)).all() == ["thing1"]
    assert audit.verify(session).lines == 1


def test_nothing_to_seal_writes_nothing(database, session, monkeypatch, sweeps):
    monkeypatch.setattr(runner, "work", lambda *args: pytest.fail("a Work was opened for nothing"))
    assert runner.seal(session) == 0


def test_the_wheel_goes_on_turning_whatever_happens(app, database, session, sweeps):
    turned = threading.Semaphore(0)
    faults = iter([ZeroDivisionError, None, KeyError])

    def run_in(step):
        turned.release()
        fault = next(faults, None)
        if fault:
            raise fault
        with app.app_context():
            step()

    with work(session, Actor("system:test"), clock.now()) as w:
        look_up(w)
    stop = runner.start(run_in, database)
    try:
        for _ in range(5):
            jobs.WAKE.set()
            assert turned.acquire(timeout=20)
    finally:
        stop.set()
        jobs.WAKE.set()
    session.rollback()
    assert audit.verify(session).unsealed == 0
