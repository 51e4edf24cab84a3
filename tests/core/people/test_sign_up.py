"""A new person opens an account; nobody learns from it who has one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.people import texts
from core.people.models import Account, Consent
from core.people.queries import consents
from tests.conftest import Person
from tests.core.people.conftest import PASSWORD, Keys, Outbox, is_signed_in

MOBILE = "13912345678"
BOXES = {"agreement": "y", "privacy": "y", "of_age": "y"}


def form(code: str, **changes: str) -> dict[str, str]:
    return {"code": code, "name": "Dora", "password": PASSWORD, **BOXES, **changes}


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Account)) or 0


def ask(client: FlaskClient, contact: str = MOBILE) -> None:
    assert client.post("/sign-up", data={"contact": contact}).location == "/sign-up/code"


def test_dora_opens_an_account_with_her_phone(
    anonymous: FlaskClient, outbox: Outbox, session: Session
) -> None:
    ask(anonymous)
    assert outbox.letters()[-1][0] == MOBILE
    page = anonymous.get("/sign-up/code").text
    assert " checked" not in page.split("<main")[1].split("</main")[0], "boxes stand unticked"
    answer = anonymous.post("/sign-up/code", data=form(outbox.code()))
    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_signed_in(anonymous)
    session.rollback()
    dora = session.scalars(select(Account)).one()
    assert dora.name == "Dora" and PASSWORD not in dora.password_hash
    assert [one.given for one in consents(session, dora.id)] == [True, True, True]
    assert MOBILE not in dora.contacts[0].value and dora.contacts[0].masked == "139****5678"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_done_with_a_contact_can_be_read_before_it_is_typed(anonymous: FlaskClient, language: str) -> None:
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    page = anonymous.get("/sign-up").text
    first = page.split("<main")[1].split('name="contact"')[0]
    assert 'href="/texts/privacy_notice"' in first and 'href="/texts/service_agreement"' in first
    for path in ("/", "/sign-up", "/search", "/nothing-here"):
        foot = anonymous.get(path).text.split('<footer class="foot"')[1]
        for code in texts.REQUIRED:
            assert f'href="/texts/{code}"' in foot, path
    assert all(anonymous.get(f"/texts/{code}").status_code == 200 for code in texts.REQUIRED)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"agreement": ""}, "Without your agreement"),
        ({"privacy": ""}, "Without your agreement"),
        ({"of_age": ""}, "at least 18 years"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": f"{MOBILE}xx"}, "phone number"),
        ({"name": MOBILE}, "public name"),
        ({"name": ""}, "fill this in"),
    ],
)
def test_what_is_missing_is_said_and_costs_no_code(
    anonymous: FlaskClient, outbox: Outbox, session: Session, changes: dict[str, str], says: str
) -> None:
    ask(anonymous)
    code = outbox.code()
    given = {k: v for k, v in form(code, **changes).items() if v}
    refused = anonymous.post("/sign-up/code", data=given)
    assert refused.status_code == 422 and says in refused.text
    assert count(session) == 0
    assert anonymous.post("/sign-up/code", data=form(code)).status_code == 303


def test_five_wrong_tries_end_a_code_even_for_the_right_one(
    anonymous: FlaskClient, outbox: Outbox, session: Session
) -> None:
    ask(anonymous)
    right = outbox.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert anonymous.post("/sign-up/code", data=form(wrong)).status_code == 422
    late = anonymous.post("/sign-up/code", data=form(right))
    assert late.status_code == 429 and "Five wrong tries" in late.text
    assert count(session) == 0


def test_four_wrong_tries_leave_one(anonymous: FlaskClient, outbox: Outbox) -> None:
    ask(anonymous)
    right = outbox.code()
    for _ in range(4):
        anonymous.post("/sign-up/code", data=form(f"{(int(right) + 1) % 10**6:06d}"))
    assert anonymous.post("/sign-up/code", data=form(right)).status_code == 303


def test_a_code_is_over_after_ten_minutes(anonymous: FlaskClient, outbox: Outbox, session: Session) -> None:
    start = clock.now()
    with clock.stopped_at(start):
        ask(anonymous)
    code = outbox.code()
    with clock.stopped_at(start + timedelta(minutes=10)):
        late = anonymous.post("/sign-up/code", data=form(code))
    assert late.status_code == 422 and "no longer valid" in late.text and count(session) == 0
    with clock.stopped_at(start + timedelta(minutes=9, seconds=59)):
        assert anonymous.post("/sign-up/code", data=form(code)).status_code == 303


def test_only_the_newest_code_counts_and_each_once(anonymous: FlaskClient, outbox: Outbox) -> None:
    start = clock.now()
    with clock.stopped_at(start):
        ask(anonymous)
    first = outbox.code()
    with clock.stopped_at(start + timedelta(minutes=2)):
        ask(anonymous)
        second = outbox.code()
        if first != second:
            assert anonymous.post("/sign-up/code", data=form(first)).status_code == 422
        assert anonymous.post("/sign-up/code", data=form(second)).status_code == 303
        anonymous.post("/sign-out")
        with anonymous.session_transaction() as cookie:
            cookie["language"] = "en"


def test_a_known_contact_gets_the_same_answers(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox, session: Session
) -> None:
    taken, free = keys.contact(alice.id), "nobody.here@example.com"
    before = count(session)
    seen = []
    for contact in (taken, free):
        first = anonymous.post("/sign-up", data={"contact": contact})
        second = anonymous.get("/sign-up/code")
        wrong = anonymous.post("/sign-up/code", data=form("000000x"))
        again = anonymous.post("/sign-up", data={"contact": contact})
        seen.append([(a.status_code, a.location) for a in (first, second, wrong, again)])
    assert seen[0] == seen[1]
    assert [a for a, _ in outbox.letters()] == [taken, free], "both owners of a mailbox got one letter"
    assert "already belongs" in outbox.letters()[0][1]
    assert count(session) == before


def test_asking_again_at_once_is_slowed_down(anonymous: FlaskClient, outbox: Outbox) -> None:
    ask(anonymous)
    answer = anonymous.post("/sign-up", data={"contact": MOBILE})
    assert answer.status_code == 429 and "wait a minute" in answer.text
    assert len(outbox.letters()) == 1


def test_the_second_page_needs_the_first(anonymous: FlaskClient) -> None:
    assert anonymous.get("/sign-up/code").location == "/sign-up"
    assert anonymous.post("/sign-up", data={"contact": "no contact"}).status_code == 422


def test_consents_are_never_rewritten(session: Session, anonymous: FlaskClient, outbox: Outbox) -> None:
    ask(anonymous)
    anonymous.post("/sign-up/code", data=form(outbox.code()))
    session.rollback()
    row = session.scalars(select(Consent)).first()
    assert row is not None
    row.given = False
    with pytest.raises(Exception, match="append-only"):
        session.flush()
    session.rollback()
