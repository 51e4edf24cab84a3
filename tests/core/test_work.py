"""A slip of work: all or nothing, one line in the log, jobs that survive."""

import pytest
from sqlalchemy import func, select, text

from core import audit, clock
from core.audit import AuditLine
from core.people.models import Account
from core.work import Actor, work


def test_what_is_done_is_recorded_in_the_same_breath(session, alice, doing):
    with doing(alice) as w:
        w.session.get_one(Account, alice.id).name = "Alice Chen"
        w.record("core:lookup:made", alice.id, what="account")
    assert session.get_one(Account, alice.id).name == "Alice Chen"
    line = session.scalars(select(AuditLine).where(AuditLine.subject == alice.id)).one()
    assert (line.actor, line.word, line.facts) == (alice.id, "core:lookup:made", {"what": "account"})


def test_a_fault_leaves_nothing_half_done(session, alice, doing):
    with pytest.raises(ZeroDivisionError), doing(alice) as w:
        w.session.get_one(Account, alice.id).name = "Nobody"
        w.record("core:lookup:made", alice.id)
        w.session.flush()
        raise ZeroDivisionError
    assert session.get_one(Account, alice.id).name == "Alice"
    assert session.scalar(select(func.count()).select_from(AuditLine).where(AuditLine.subject == alice.id)) == 0


def test_a_work_inside_a_work_is_refused(session, alice, doing):
    with doing(alice), pytest.raises(RuntimeError), doing(alice):
        pass


def test_the_log_takes_no_sentences_and_no_unknown_words(doing, alice):
    with pytest.raises(ValueError, match="id, a code"), doing(alice) as w:
        w.record("core:lookup:made", alice.id, what="Alice Chen, 13800000000")
    with pytest.raises(ValueError, match="not a declared"), doing(alice) as w:
        w.record("core:lookup:imagined", alice.id)


@pytest.mark.parametrize("sql", [
    "UPDATE audit_lines SET actor = 'x'", "DELETE FROM audit_lines", "UPDATE audit_seals SET hash = 'x'",
    "DELETE FROM audit_seals",
])  # fmt: skip
def test_the_database_refuses_to_rewrite_the_log(session, doing, sql):
    with doing() as w:
        w.record("core:lookup:made", "x")
    with doing() as w:
        assert audit.seal(w.session) >= 1
    assert audit.verify(session).ok
    with pytest.raises(Exception, match="append-only"):
        session.execute(text(sql))
    session.rollback()


def test_the_sealer_numbers_and_chains_and_verify_reports_the_tail(session, doing):
    for _ in range(3):
        with doing() as w:
            w.record("core:lookup:made", "x")
    assert (audit.verify(session).lines, audit.verify(session).unsealed) == (0, 3)
    with work(session, Actor("system:sealer"), clock.now()) as w:
        assert audit.seal(w.session) == 3
    report = audit.verify(session)
    assert (report.ok, report.lines, report.unsealed, report.first_bad) == (True, 3, 0, None)
    assert audit.verify(session, head=report.head).ok
    assert not audit.verify(session, head="ab" * 32).ok
