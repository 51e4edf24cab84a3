"""Checkpoints reach people outside by themselves: regulators daily, managers of points weekly; the log's page says who has some."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import clock, secrets
from core.mail import Message
from core.people.models import Account, Contact, Membership, Notice, Organisation
from core.work import Actor, work
from privacy import ports, verify
from privacy.clearance.log import letters, queries
from privacy.clearance.log.models import LogLetter
from tests.privacy.test_wipe_pages import words


@pytest.fixture
def send(app, session):
    """`send(hours)`: the clockwork comes by so many hours from now. Returns how many were written to."""

    def step(hours=0):
        session.rollback()
        with work(session, Actor("system:log_letters"), clock.now() + timedelta(hours=hours)) as w:
            return letters.send_due(w, app.extensions["xunshi"])

    return step


@pytest.fixture
def manager(people):
    """Manages a shop of somebody else's."""
    person = people.person("Qian")
    people.give_role(person, "shop_manager", people.organisation("城东旧货行"))
    return person


def addresses(session):
    found = sorted(secrets.decrypt(one.address, "message") for one in session.scalars(select(Message)))
    session.rollback()
    return found


def test_a_regulator_gets_them_without_asking(session, send, number, ines, anonymous):
    """Nobody has named a witness or typed a command."""
    assert send() == 1
    message = session.scalars(select(Message)).one()
    head = anonymous.get("/log/checkpoint").text
    body = secrets.decrypt(message.body, "message")
    assert head in body and "公开日志" in body and "public log" in body
    assert verify.parse_checkpoint(body[body.index(head.split("\n")[0] + "\n") :]).size == queries.latest(session).size
    assert ines.id in secrets.decrypt(message.address, "message")
    session.rollback()


def test_daily_and_weekly_and_only_when_there_is_something_new(session, send, number, ines, manager, append, sequence):
    assert send() == 2 and len(addresses(session)) == 2
    assert send(100) == 0, "nothing new was entered"
    append("a")
    sequence()
    assert send(1) == 0, "not again at once"
    assert send(25) == 1 and send(26) == 0
    assert sum(ines.id in one for one in addresses(session)) == 2
    append("b")
    sequence()
    assert send(169) == 2 and sum(manager.id in one for one in addresses(session)) == 2


def test_an_empty_log_is_sent_to_nobody(session, send, ines):
    assert send() == 0 and addresses(session) == []


@pytest.mark.parametrize("change", ["role", "organisation", "account"])
def test_who_no_longer_is_one_gets_none(session, doing, send, number, ines, change):
    tables = {"role": Membership, "organisation": Organisation, "account": Account}
    with doing() as w:
        values = {"ended_at": w.now} if change == "role" else {"state": "suspended"}
        w.session.execute(update(tables[change]).values(**values))
    assert send() == 0


def test_who_has_no_mail_finds_it_in_the_inbox(session, doing, send, number, ines, anonymous):
    with doing() as w:
        for one in w.session.scalars(select(Contact).where(Contact.account_id == ines.id)):
            one.kind = "mobile"
    assert send() == 1 and addresses(session) == []
    notice = session.scalars(select(Notice).where(Notice.account_id == ines.id)).one()
    assert notice.values["root"] == anonymous.get("/log/checkpoint").text.split("\n")[2]
    assert anonymous.get(notice.link).status_code == 200
    session.rollback()
    assert notice.values["root"] in words(ines.client().get("/inbox"))


def test_what_was_sent_is_on_record_for_good(session, send, number, ines, unguarded, database):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    send()
    row = session.scalars(select(LogLetter)).one()
    assert row.account_id == ines.id
    assert ports.personal_data(session, ines.id)["log_checkpoints_i_was_sent"][0]["size"] == row.size
    session.rollback()
    for statement in ("DELETE FROM log_letters", "UPDATE log_letters SET size = size"):
        with pytest.raises(DatabaseError), database.engine.begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_who_holds_checkpoints_and_no_more(session, send, number, ines, manager, anonymous, language):
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    alone, others = ("Nobody outside is known", "尚无已知的外部人员") if language == "en" else ("尚无已知的外部人员", "Nobody outside is known")
    said = words(anonymous.get("/log"))
    assert alone in said and others not in said and "without being found out" not in said
    send()
    said = words(anonymous.get("/log"))
    assert alone not in said
    assert ("were sent checkpoints" if language == "en" else "收到过检查点") in said
    assert ("regulators&#39; offices, daily" if language == "en" else "监管部门人员") in anonymous.get("/log").text


def test_the_clockwork_sends_them(app, session, number, ines):
    from core import runner

    every, step = runner.SWEEPS["log_letters"]
    assert every <= timedelta(hours=1)
    session.rollback()
    with app.app_context(), work(session, Actor("system:log_letters"), clock.now()) as w:
        step(w)
    assert len(addresses(session)) == 1
