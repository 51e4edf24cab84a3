"""Works that wait in line are saved together, and yet each is all or nothing, and nobody is told "done" before it is on the disk."""

import itertools
import json
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core import audit, clock, ids, together
from core.audit import AuditLine
from core.db import Base, Database, create_guards
from core.people.models import Account, Notice
from core.turns import HouseBusy
from core.work import Actor, work
from tests.conftest import _postgres_database

ROOT = Path(__file__).resolve().parents[2]
ME = "01TOGETHER0000000000000000"


@pytest.fixture
def files_only(database, monkeypatch):
    """SQLite, and a disk so slow that everybody who waits joins: the groups of these tests don't hang on the hour."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL groups the commits of its own connections")
    monkeypatch.setattr(together, "LONGEST", 60)
    monkeypatch.setattr(together, "WORTH", 10**6)


@pytest.fixture
def saved(database):
    """How many transactions were saved, counted at the database."""
    count = [0]
    event.listen(database.engine, "commit", lambda _c: count.__setitem__(0, count[0] + 1))
    return count


def hold_the_line(database):
    """A turn that somebody has while the others line up behind; returns what ends it."""
    database.turns.enter()

    def go():
        database.turns.leave()

    return go


def line_up(database, *bodies):
    """Each body in a thread of its own, standing in line in this order behind a held turn. Returns what each came to."""
    go, came = hold_the_line(database), [None] * len(bodies)

    def run(nth, body):
        try:
            with database.session() as session:
                came[nth] = body(session)
        except BaseException as fault:
            came[nth] = fault

    threads = []
    for nth, body in enumerate(bodies):
        thread = threading.Thread(target=run, args=(nth, body))
        thread.start()
        threads.append(thread)
        while len(database.turns._waiting) <= nth:
            time.sleep(0.001)
    go()
    [thread.join(30) for thread in threads]
    assert not any(thread.is_alive() for thread in threads)
    return came


def notice(w, sentence):
    w.session.add(Notice(id=ids.new_id(), account_id=w.actor.id, sentence=sentence, values={}, link="/", at=w.now, read_at=None))
    w.session.flush()


def says(who, sentence, fault=None, actor=None):
    """A body: one Work that writes a notice and a line in the log, and breaks where it is told to."""

    def body(session):
        with work(session, Actor(actor or who), clock.now()) as w:
            w.session.add(
                Notice(id=ids.new_id(), account_id=who, sentence=sentence, values={}, link="/", at=w.now, read_at=None)
            )
            w.record("core:lookup:made", who, what=sentence)
            if fault is not None:
                fault(w)
        return sentence

    return body


def kept(session):
    notices = set(session.scalars(select(Notice.sentence)))
    lines = {line.facts["what"] for line in session.scalars(select(AuditLine).where(AuditLine.word == "core:lookup:made"))}
    return notices, lines


def oops(_w):
    raise ZeroDivisionError


def twice(w):
    w.session.execute(text("UPDATE audit_lines SET actor = 'x'"))  # the guard refuses


def same_key(w):
    w.session.add(Account(id=w.actor.id, name="Twin", password_hash="-", of_age_at=w.now, created_at=w.now, language="en"))
    w.session.flush()


FAULTS = {"none": None, "error": oops, "guard": twice, "key": same_key}


def test_twenty_who_wait_are_saved_at_once_and_all_is_there(files_only, database, session, alice, saved):
    saved[0] = 0
    came = line_up(database, *(says(alice.id, f"n{nth}") for nth in range(20)))
    assert came == [f"n{nth}" for nth in range(20)]
    assert saved[0] == 1
    wanted = {f"n{nth}" for nth in range(20)}
    assert kept(session) == (wanted, wanted)


def test_alone_nobody_waits_for_company(database, session, alice, doing, saved):
    saved[0] = 0
    for nth in range(3):
        with doing(alice) as w:
            notice(w, f"n{nth}")
    assert saved[0] == 3 and session.scalar(select(func.count()).select_from(Notice)) == 3


def test_who_breaks_takes_nobody_along(files_only, database, session, alice):
    with work(session, alice.actor, clock.now()) as w:
        w.record("core:lookup:made", alice.id, what="first")
    came = line_up(
        database, says(alice.id, "good1"), says(alice.id, "bad1", oops), says(alice.id, "good2"), says(alice.id, "bad2", twice),
        says(alice.id, "bad3", same_key), says(alice.id, "good3"),
    )  # fmt: skip
    assert came[0] == "good1" and came[2] == "good2" and came[5] == "good3"
    assert isinstance(came[1], ZeroDivisionError) and isinstance(came[3], IntegrityError) and isinstance(came[4], IntegrityError)
    notices, lines = kept(session)
    assert notices == {"good1", "good2", "good3"} and lines == notices | {"first"}


def test_the_last_in_the_group_breaks_and_the_others_are_saved(files_only, database, session, alice):
    came = line_up(database, says(alice.id, "good"), says(alice.id, "bad", oops))
    assert came[0] == "good" and isinstance(came[1], ZeroDivisionError) and kept(session)[0] == {"good"}


@pytest.fixture(scope="module")
def long_day(tmp_path_factory, house):
    """A database that many cases write into, one after the other."""
    database = small_house(f"sqlite:///{tmp_path_factory.mktemp('long_day') / 'x.db'}")
    with database.session() as session, work(session, Actor(ME), clock.now()) as w:
        w.record("core:lookup:made", ME, what="first")
    yield database
    database.engine.dispose()


CASES = itertools.count()


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=12))
def test_any_mixture_of_good_and_bad_keeps_the_good_alone(long_day, drawn):
    case = next(CASES)
    came = line_up(long_day, *(says(ME, f"c{case}.{nth}", FAULTS[name]) for nth, name in enumerate(drawn)))
    wanted = {f"c{case}.{nth}" for nth, name in enumerate(drawn) if name == "none"}
    assert {one for one in came if isinstance(one, str)} == wanted
    with long_day.session() as session:
        mine = [{one for one in some if one.startswith(f"c{case}.")} for some in kept(session)]
    assert mine == [wanted, wanted]


def small_house(url):
    database = Database(url)
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    with database.session() as session, work(session, Actor("system:test"), clock.now()) as w:
        w.session.add(Account(id=ME, name="Me", password_hash="-", of_age_at=w.now, created_at=w.now, language="en"))
    return database


def test_nobody_sees_and_nobody_hears_before_it_is_saved(files_only, database, session, alice):
    """The second of the group looks from outside while the first has done its part: nothing is there, nobody was told."""
    heard, seen = [], []

    def first(session):
        with work(session, alice.actor, clock.now()) as w:
            notice(w, "first")
            w.afterwards(lambda: heard.append("afterwards"))
        heard.append("returned")

    def second(session):
        with work(session, alice.actor, clock.now()) as w:
            seen.append(w.session.scalar(select(func.count()).select_from(Notice)))  # inside, one follows on the other
            with database.session() as outside:
                seen.append(outside.scalar(select(func.count()).select_from(Notice)))
            time.sleep(0.05)
            seen.append(list(heard))

    assert not [one for one in line_up(database, first, second) if one]
    assert seen == [1, 0, []] and heard == ["afterwards", "returned"]
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_disk_that_refuses_is_told_to_each_and_the_next_go_one_by_one(files_only, database, session, alice, saved):
    """The commit of a group fails: nothing of it is there, each is asked to try again, and each succeeds alone."""
    refused = []

    def refuse(_connection):
        if not refused:
            refused.append(1)
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(database.engine, "commit", refuse)
    bodies = [says(alice.id, f"n{nth}") for nth in range(3)]
    came = line_up(database, *bodies)
    failed = [nth for nth, one in enumerate(came) if isinstance(one, Exception)]
    assert failed == [0, 1, 2] and all(isinstance(one, HouseBusy) for one in came) and kept(session)[0] == set()
    session.rollback()
    saved[0] = 0
    again = line_up(database, *(bodies[nth] for nth in failed))
    assert again == [f"n{nth}" for nth in failed] and saved[0] == len(failed)
    assert kept(session)[0] == {"n0", "n1", "n2"}


def test_a_transaction_that_sqlite_gave_up_is_never_called_saved(files_only, database, session, alice):
    """SQLite ends a transaction by itself when the disk is full; a COMMIT after that would save nothing and say nothing."""

    def gives_up(w):
        w.session.flush()
        w.session.connection().connection.dbapi_connection.rollback()
        raise ZeroDivisionError

    came = line_up(database, says(alice.id, "good"), says(alice.id, "bad", gives_up), says(alice.id, "later"))
    assert came[2] == "later" and isinstance(came[1], Exception)
    assert kept(session)[0] == {one for one in came if isinstance(one, str)}, "told is what is there"
    assert isinstance(came[0], HouseBusy)


def test_a_work_inside_a_work_is_refused_in_a_group_too(files_only, database, session, alice):
    def nested(session):
        with work(session, alice.actor, clock.now()) as w:
            notice(w, "outer")
            with pytest.raises(RuntimeError), work(session, alice.actor, clock.now()):
                pass
        return "outer"

    assert line_up(database, says(alice.id, "a"), nested, says(alice.id, "b")) == ["a", "outer", "b"]
    assert kept(session)[0] == {"a", "outer", "b"}


def test_the_houses_own_long_work_stands_alone_and_nobody_waits_for_it(files_only, database, session, alice):
    """Whoever came before the house's Work is told before it begins, although the turn is handed on at once."""
    told = []

    def person(session):
        says(alice.id, "person")(session)
        told.append("person")

    def house(session):
        with work(session, Actor("system:sealer"), clock.now()) as w:
            for _ in range(200):  # until the person has heard, which does not need our end
                if told:
                    break
                time.sleep(0.01)
            told.append("house")
            audit.seal(w.session)

    line_up(database, person, house)
    assert told == ["person", "house"]


def test_what_is_locked_once_is_not_asked_for_again_and_what_is_read_stays(database, session, alice, doing):
    from core.db import get_locked

    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    with doing(alice) as w:
        get_locked(w.session, Account, alice.id).name = "Alice Chen"
        w.session.flush()
        del asked[:]
        assert get_locked(w.session, Account, alice.id).name == "Alice Chen" and not asked
    assert session.get_one(Account, alice.id).name == "Alice Chen" and asked


def test_lines_are_numbered_in_the_order_in_which_things_happened(session, alice, doing):
    with doing(alice) as w:
        for nth in range(30):
            w.record("core:lookup:made", alice.id, what=f"n{nth:02}")
    lines = session.scalars(select(AuditLine).where(AuditLine.subject == alice.id).order_by(AuditLine.line_no)).all()
    assert [line.facts["what"] for line in lines] == [f"n{nth:02}" for nth in range(30)]
    with doing() as w:
        assert audit.seal(w.session) >= 30
    assert audit.verify(session).ok


def test_nothing_in_the_tables_waits_for_the_commit_to_be_refused():
    """A constraint that is looked at when a transaction ends would refuse a whole group for one of its members."""
    late = [one.name for table in Base.metadata.tables.values() for one in table.constraints if getattr(one, "deferrable", None)]
    assert not late


CHILD = """
import os, sys, threading
from core import audit, clock, ids
from core.db import Database
from core.people.models import Notice
from core.work import Actor, work
import app
threading.excepthook = lambda _fault: os._exit(3)
audit.words({"core:lookup:made": "Somebody looked something up"})
database, who, many = Database(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def go(nth):
    count = 0
    while True:
        with database.session() as session, work(session, Actor(who), clock.now()) as w:
            for half in "ab":
                w.session.add(Notice(id=ids.new_id(), account_id=who, sentence=f"{nth}.{count}.{half}", values={}, link="/",
                                     at=w.now, read_at=None))
                w.session.flush()
            w.record("core:lookup:made", who, what=f"{nth}.{count}")
        sys.stdout.write(f"{nth}.{count}\\n"); sys.stdout.flush()
        count += 1

for nth in range(many):
    threading.Thread(target=go, args=(nth,), daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.slow
def test_killed_in_the_middle_what_was_said_is_there_and_nothing_by_halves(tmp_path, house):
    """Twenty threads write in groups; the process is killed. Whatever it said was done is there, whole, with its line in the log."""
    drawn = random.Random(11)
    for turn in range(3):
        url = f"sqlite:///{tmp_path / f'{turn}.db'}"
        small_house(url).engine.dispose()
        child = subprocess.Popen([sys.executable, "-c", CHILD, url, ME, "20"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        said = [child.stdout.readline().strip()]
        late = threading.Timer(0.5 + drawn.random(), child.send_signal, (signal.SIGKILL,))
        late.start()
        said += [one.strip() for one in child.stdout if one.endswith("\n")]
        child.wait(30)
        database = Database(url)
        with database.session() as session:
            halves, lines = kept(session)
            wholes = {one[:-2] for one in halves}
            assert len(said) > 20 and set(said) <= wholes, "told and lost"
            assert halves == {f"{one}.{half}" for one in wholes for half in "ab"} and wholes == lines, "by halves"
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        database.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("worth", [0, 10**6], ids=["one by one", "in groups"])
def test_whoever_stands_in_line_gets_as_much_as_the_others(files_only, database, session, alice, monkeypatch, worth):
    """Sixteen who write without end: nobody is served much less often than another."""
    monkeypatch.setattr(together, "WORTH", worth)
    counts, stop = [0] * 16, threading.Event()

    def go(nth):
        with database.session() as session:
            while not stop.is_set():
                with work(session, alice.actor, clock.now()) as w:
                    w.record("core:lookup:made", alice.id, what=str(nth))
                counts[nth] += 1

    threads = [threading.Thread(target=go, args=(nth,)) for nth in range(16)]
    [one.start() for one in threads]
    late = time.monotonic() + 30
    while min(counts) < 20 and time.monotonic() < late:  # on a busy machine the last thread begins late, and is owed nothing for that
        time.sleep(0.01)
    before = list(counts)
    while sum(counts) - sum(before) < 3200:
        time.sleep(0.01)
    stop.set()
    [one.join(30) for one in threads]
    served = [now - then for now, then in zip(counts, before, strict=True)]
    # in line all are served alike; what is left is how late a busy machine wakes a thread, a quarter at most where it was measured
    assert min(served) >= 0.65 * max(served), json.dumps(served)


def test_postgresql_has_no_line_and_no_group(tmp_path, house):
    import os

    server = os.environ.get("XUNSHI_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL in this run")
    database = Database(_postgres_database(server, "together"))
    assert database.turns is None and database.together is None
    database.engine.dispose()
