"""An empty house gets its first administrator at the console: somebody real, once, and the log says so."""

import json

import pytest
from sqlalchemy import select

from core import secrets
from core.audit import AuditLine
from core.commands.administrator import administrator
from core.people.models import Account, Contact, Membership, Organisation


@pytest.fixture
def run(app, session):
    def invoke(*words):
        session.rollback()
        return app.test_cli_runner().invoke(administrator, list(words))

    return invoke


@pytest.fixture
def contact(session):
    def of(person):
        found = secrets.decrypt(session.scalars(select(Contact.value).where(Contact.account_id == person.id)).one(), "contact")
        session.rollback()
        return found

    return of


def refused(result):
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return json.loads(result.stderr)["error"]


def test_the_first_administrator_can_run_the_house(run, contact, session, alice, people):
    result = run(contact(alice), "--name", "循市杭州", "--name-en", "Xunshi Hangzhou", "--licence", "91330100MA28A1B23U")
    assert result.exit_code == 0 and "second factor" in result.stdout, result.output
    org = session.scalars(select(Organisation)).one()
    assert (org.kind, org.state, org.name, org.licence_no) == ("platform", "approved", "循市杭州", "91330100MA28A1B23U")
    held = session.scalars(select(Membership)).one()
    assert (held.account_id, held.role, held.granted_by) == (alice.id, "administrator", "system:console")
    lines = [(line.word, line.actor) for line in session.scalars(select(AuditLine).order_by(AuditLine.line_no))]
    assert lines == [("core:platform:founded", "system:console"), ("core:role:granted", "system:console")]
    session.rollback()
    assert alice.client().get("/admin/organisations").status_code == 200
    assert alice.client(factor=False).get("/admin/organisations").status_code == 303, "not without the second factor"


def test_it_answers_in_json(run, contact, session, alice):
    told = json.loads(run(contact(alice), "--json").stdout)
    assert session.scalars(select(Organisation.name)).one() == "循市"
    assert told == {"account": alice.id, "contact": "a***@example.com", "second_factor": False}


def test_only_where_there_is_none(run, contact, session, alice, bob, root):
    assert refused(run(contact(alice))) == "has_administrator"
    with_ended = session.scalars(select(Membership).where(Membership.account_id == root.id)).one()
    session.rollback()
    from core import clock
    from core.work import Actor, work

    with work(session, Actor("system:test"), clock.now()) as w:
        w.session.get_one(Membership, with_ended.id).ended_at = w.now
    assert run(contact(alice)).exit_code == 0
    assert len(session.scalars(select(Organisation)).all()) == 1, "the platform that is there"
    assert refused(run(contact(bob))) == "has_administrator"


def test_nobody_is_made_up(run, contact, session, alice, people):
    for words, error in ((("nobody@example.com",), "nobody"), (("not a contact",), "bad_contact"), ((), "usage"), ((contact(alice), "--licence", "123"), "bad_licence")):
        assert refused(run(*words)) == error
    demo = people.person("Dora")
    from core import clock
    from core.work import Actor, work

    with work(session, Actor("system:test"), clock.now()) as w:
        w.session.get_one(Account, demo.id).demo = True
    assert refused(run(contact(demo))) == "nobody"
    assert session.scalars(select(Organisation)).first() is None
