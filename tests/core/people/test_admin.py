"""The platform's desk: every look-up leaves a line, and stopping an account takes its things down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ports
from core.audit import AuditLine
from core.work import Work
from tests.conftest import Person
from tests.core.people.conftest import Keys


def lookups(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditLine.subject).where(AuditLine.word == "core:lookup:made").order_by(AuditLine.line_no)))


@pytest.fixture
def heard() -> Iterator[list[ports.PersonSuspended]]:
    told: list[ports.PersonSuspended] = []

    def listen(w: Work, event: ports.PersonSuspended) -> None:
        told.append(event)

    ports.subscribe(ports.PersonSuspended, listen)
    yield told
    ports._subscribers[ports.PersonSuspended].remove(listen)


def test_a_look_up_is_written_down_found_or_not(
    root: Person, alice: Person, keys: Keys, session: Session
) -> None:
    desk = root.client()
    assert "No account has this contact" in desk.post("/admin/people", data={"contact": "13900000000"}).text
    assert desk.post("/admin/people", data={"contact": "nonsense"}).status_code == 422
    found = desk.post("/admin/people", data={"contact": keys.contact(alice.id)})
    assert found.location == f"/admin/people/{alice.id}"
    page = desk.get(found.location).text
    assert "Alice" in page and keys.contact(alice.id) not in page, "masked for staff"
    assert lookups(session) == ["nobody", alice.id]


def test_nobody_else_looks_people_up(alice: Person, ines: Person, root: Person, anonymous) -> None:  # type: ignore[no-untyped-def]
    for client in (alice.client(), ines.client()):
        assert client.get("/admin/people").status_code == 403
        assert client.get(f"/admin/people/{alice.id}").status_code == 403
        assert client.get("/admin/organisations").status_code == 403
    assert anonymous.get("/admin/people").status_code == 303
    assert root.client(factor=False).get("/admin/people").location.startswith("/second-factor")


def test_stopping_an_account_is_told_to_the_rooms(
    root: Person, alice: Person, keys: Keys, heard: list[ports.PersonSuspended]
) -> None:
    desk, hers = root.client(), alice.client()
    assert desk.post(f"/admin/people/{alice.id}/suspend", data={"why": "mood"}).status_code == 422
    assert desk.post(f"/admin/people/{root.id}/suspend", data={"why": "fraud"}).status_code == 409
    assert hers.get("/me").status_code == 200 and heard == []
    assert desk.post(f"/admin/people/{alice.id}/suspend", data={"why": "fraud"}).status_code == 303
    assert heard == [ports.PersonSuspended(alice.id, "fraud")]
    assert hers.get("/me").status_code == 303
    assert desk.post(f"/admin/people/{alice.id}/suspend", data={"why": "fraud"}).status_code == 409, "twice"
    assert desk.post(f"/admin/people/{alice.id}/restore").status_code == 303
    assert keys.account(alice.id).state == "active"
    assert hers.get("/me").status_code == 303, "the old sign-in stays ended"


def test_stopping_needs_a_fresh_sign_in(root: Person, alice: Person, keys: Keys) -> None:
    from datetime import timedelta

    from core import clock

    desk = root.client()
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        answer = desk.post(f"/admin/people/{alice.id}/suspend", data={"why": "fraud"})
    assert answer.status_code == 303 and answer.location.startswith("/second-factor")
    assert keys.account(alice.id).state == "active"
