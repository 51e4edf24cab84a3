"""The demonstration's page exists only where demo people do, and never in production."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.config import BadSetting
from core.db import Database
from core.people import demo
from tests.conftest import People, Person
from tests.core.people.conftest import is_signed_in, sign_in


@pytest.fixture
def dora(doing: Callable, people: People, shop: str) -> Person:  # type: ignore[type-arg]
    with doing() as w:
        found = demo.add_demo_person(w, "Dora", "13800000007", language="en", second_factor=True).id
    person = Person(found, "Dora", people._open)
    people.give_role(person, "wipe_verifier", shop)
    return person


def test_without_demo_people_there_is_no_page(anonymous: FlaskClient, alice: Person) -> None:
    assert anonymous.get("/demo").status_code == 404
    assert anonymous.get("/demo/outbox").status_code == 404
    assert anonymous.post(f"/demo/sign-in/{alice.id}").status_code == 404


def test_one_button_signs_in_with_second_factor(anonymous: FlaskClient, dora: Person) -> None:
    page = anonymous.get("/demo").text
    assert "Dora" in page and "Wipe verifier" in page and demo.DEMO_PASSWORD in page
    assert anonymous.post(f"/demo/sign-in/{dora.id}").location == "/me"
    assert is_signed_in(anonymous)
    assert "sleeps" not in anonymous.get("/me").text


def test_by_hand_with_the_code_of_the_page(anonymous: FlaskClient, dora: Person) -> None:
    assert sign_in(anonymous, "13800000007", demo.DEMO_PASSWORD).location == "/second-factor"
    code = anonymous.get("/demo").text.split('<b class="mono">')[1][:6]
    assert anonymous.post("/second-factor", data={"code": code}).location == "/me"


def test_a_real_person_has_no_button(anonymous: FlaskClient, dora: Person, alice: Person) -> None:
    assert f"/demo/sign-in/{alice.id}" not in anonymous.get("/demo").text
    assert anonymous.post(f"/demo/sign-in/{alice.id}").status_code == 404
    assert not is_signed_in(anonymous)


def test_the_outbox_shows_codes(anonymous: FlaskClient, dora: Person) -> None:
    anonymous.post("/sign-up", data={"contact": "13912345678"})
    page = anonymous.get("/demo/outbox").text
    assert "is your code for Xunshi" in page and "13912345678" in page


def test_rooms_add_sections(anonymous: FlaskClient, dora: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def logs(session: Session) -> demo.Section:
        row = demo.Row(("SER-1", "64 MiB"), copies=(("Serial", "SER-1"),), links=(("Download", "/x.log"),))
        return demo.Section("Unused logs", "Real runs.", ("Serial", "Size"), [row])

    monkeypatch.setattr(demo, "demo_sections", [logs])
    page = anonymous.get("/demo").text
    assert "Unused logs" in page and 'href="/x.log"' in page and page.count("<h1") == 1


def test_production_refuses_demo_people(app: Flask, database: Database, dora: Person) -> None:
    config = app.extensions["xunshi"]
    demo.refuse_demo_in_production(database, config)
    with pytest.raises(BadSetting):
        demo.refuse_demo_in_production(database, replace(config, env="production", https=True))


def test_production_takes_real_people_and_an_empty_database(
    app: Flask, database: Database, alice: Person
) -> None:
    config = replace(app.extensions["xunshi"], env="production", https=True)
    demo.refuse_demo_in_production(database, config)
    demo.refuse_demo_in_production(Database("sqlite://"), config)
