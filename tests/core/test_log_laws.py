"""Laws of the log: any sequence of lines verifies, however it was sealed; any single changed field is found at its line."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit, audit_csv
from core.audit import START, AuditLine, AuditPending, AuditSeal
from core.db import Base, open_engine
from tests.soak import soak

pytestmark = pytest.mark.enginefree
WORDS = {"core:law:kept": "A law was kept", "core:law:broken": "A law was broken"}
codes = st.text("abcXYZ019_.:/", min_size=1, max_size=12)
facts = st.dictionaries(
    st.text("abcdef_", min_size=1, max_size=6),
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), codes), max_size=4,
)  # fmt: skip
moments = st.integers(0, 3_000_000_000_000_000).map(lambda us: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
lines = st.tuples(moments, codes, st.sampled_from(sorted(WORDS)), codes, facts)
logs = st.lists(lines, min_size=1, max_size=12)
quick = settings(max_examples=soak(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def engine():
    """The log's three tables alone, without their guards: somebody holds the database."""
    made = open_engine("sqlite://")
    Base.metadata.create_all(made, tables=[one.__table__ for one in (AuditLine, AuditPending, AuditSeal)])
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def words():
    before = dict(audit.WORDS)
    audit.WORDS.update(WORDS)
    yield
    audit.WORDS.clear()
    audit.WORDS.update(before)


def written(engine, log, seals=()) -> Session:
    """A session on a log with these lines, sealed after each of the given counts and at the end."""
    session = Session(engine)
    for table in ("audit_pending", "audit_seals", "audit_lines"):
        session.execute(text(f"DELETE FROM {table}"))
    for count, (at, actor, word, subject, told) in enumerate(log, 1):
        audit.write_lines(session, [audit.line(at, actor, word, subject, told)])
        if count in seals:
            audit.seal(session)
    audit.seal(session)
    session.flush()
    return session


@pytest.mark.slow
@quick
@given(log=logs, seals=st.sets(st.integers(1, 12)))
def test_any_sequence_of_lines_verifies_however_it_was_sealed(engine, log, seals):
    with written(engine, log, seals) as session:
        found = audit.verify(session)
        assert (found.ok, found.lines, found.unsealed, found.first_bad) == (True, len(log), 0, None)
        assert found.sealed_until == log[-1][0]
        heads = [one.hash for one in audit.kept(session)]
        assert all(audit.verify(session, head).ok for head in heads)
    with written(engine, log) as again:
        assert audit.verify(again).head == heads[-1], "when it was sealed makes no difference"


CHANGES = {
    "at": ("audit_lines", "'2050-01-01T00:00:00.000001Z'"), "actor": ("audit_lines", "actor || 'x'"),
    "word": ("audit_lines", "word || 'x'"), "subject": ("audit_lines", "subject || 'x'"),
    "facts": ("audit_lines", """'{"zz": 1}'"""), "previous": ("audit_seals", "'" + "5" * 64 + "'"),
    "hash": ("audit_seals", "'" + "5" * 64 + "'"),
}  # fmt: skip


@quick
@given(log=logs, data=st.data())
def test_any_single_changed_field_is_found_at_its_line(engine, log, data):
    line = data.draw(st.integers(1, len(log)))
    column = data.draw(st.sampled_from(sorted(CHANGES)))
    table, value = CHANGES[column]
    with written(engine, log) as session:
        where = "seq" if table == "audit_seals" else "line_no"
        number = line if where == "seq" else session.execute(
            text("SELECT line_no FROM audit_seals WHERE seq = :n"), {"n": line}).scalar_one()  # fmt: skip
        session.execute(text(f"UPDATE {table} SET {column} = {value} WHERE {where} = :n"), {"n": number})
        found = audit.verify(session)
        assert (found.ok, found.first_bad, found.lines) == (False, line, line - 1)


@quick
@given(log=logs, data=st.data())
def test_a_line_taken_out_is_found_where_it_was_and_a_cut_end_by_its_head(engine, log, data):
    line = data.draw(st.integers(1, len(log)))
    with written(engine, log) as session:
        head = audit.verify(session).head
        number = session.execute(text("SELECT line_no FROM audit_seals WHERE seq = :n"), {"n": line}).scalar_one()
        session.execute(text("DELETE FROM audit_seals WHERE seq = :n"), {"n": line})
        session.execute(text("DELETE FROM audit_lines WHERE line_no = :n"), {"n": number})
        if line < len(log):
            assert audit.verify(session).first_bad == line
        else:
            assert audit.verify(session).ok
            assert (audit.verify(session, head).ok, audit.verify(session, head).first_bad) == (False, line)


@quick
@given(log=logs, data=st.data())
def test_an_export_tells_the_same(engine, log, data):
    with written(engine, log) as session:
        whole = "".join(audit_csv.rows(session))
        inside = audit.verify(session)
    outside = audit_csv.verify(whole)
    assert (outside["ok"], outside["lines"], outside["head"]) == (True, inside.lines, inside.head)
    head, *rows = list(csv.reader(io.StringIO(whole)))
    line, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 7))
    other = data.draw(st.text(max_size=8).filter(lambda one: one != rows[line][column]))
    rows[line][column] = other
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    found = audit_csv.verify(out.getvalue())
    assert not found["ok"]
    assert found["lines"] == line
    assert found["first_bad"] == (line + 1 if line or column else found["first_bad"])


@quick
@given(log=logs, first=moments, days=st.integers(0, 4000))
def test_every_part_verifies_by_itself(engine, log, first, days):
    start = first.replace(hour=0, minute=0, second=0, microsecond=0)
    with written(engine, log) as session:
        part = "".join(audit_csv.rows(session, start, start + timedelta(days=days)))
    found = audit_csv.verify(part)
    assert found["ok"]
    inside = [one for one in log if start <= one[0] < start + timedelta(days=days + 1)]
    assert found["lines"] >= len(inside)
    assert (found["lines"] == 0) == (not inside)


def test_an_empty_log_begins_with_zeros(engine):
    with written(engine, []) as session:
        assert audit.verify(session) == audit.Verified(True, 0, START, None, 0, None)
        assert list(audit_csv.rows(session)) == [",".join(audit_csv.COLUMNS) + "\r\n"]


@pytest.mark.parametrize("facts", [
    {"x": 1.5}, {"x": "two words"}, {"x": "=1"}, {"x": "李"}, {"x": [1]}, {"x": {}}, {"x": 2**53}, {"x": -(2**53)},
    {"x": "a" * 161}, {"x": "a\n"},
])  # fmt: skip
def test_what_the_sealer_could_not_write_never_gets_in(facts):
    with pytest.raises(ValueError, match="x of core:law:kept"):
        audit.line(datetime(2026, 1, 1, tzinfo=UTC), "a", "core:law:kept", "b", facts)


@pytest.mark.parametrize(("actor", "subject"), [("=cmd", "a"), ("+1", "a"), ("a", "@x"), ("a", "-1"), ("a", "a b"), ("A b", "a")])
def test_no_line_begins_a_formula(actor, subject):
    with pytest.raises(ValueError, match="must be an id"):
        audit.line(datetime(2026, 1, 1, tzinfo=UTC), actor, "core:law:kept", subject, {})


def test_words_follow_the_grammar_and_are_declared_once():
    for bad in ("core:law", "Core:law:kept", "core:law:kept:now", "core law kept"):
        with pytest.raises(ValueError, match="form"):
            audit.words({bad: "x"})
    audit.words(WORDS)
    with pytest.raises(ValueError, match="twice"):
        audit.words({"core:law:kept": "Another sentence"})
