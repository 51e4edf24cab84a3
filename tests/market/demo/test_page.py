"""The demo page's own part: the walk, the unused logs, and their files; none of it outside a demonstration."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.people.demo import add_demo_person
from market.demo.logs import all_logs
from market.demo.welcome import welcome
from tests.stories import Disk, laptop

FIRST = all_logs()[0]


@pytest.fixture
def demonstration(doing) -> str:
    with doing() as w:
        return add_demo_person(w, "林晓雯 (Alice)", "alice@demo.example").id


def test_the_page_lists_steps_and_logs(anonymous: FlaskClient, demonstration: str) -> None:
    page = anonymous.get("/demo").text
    assert page.count("<h1") == 1
    for log in all_logs():
        assert log.serial in page and f"/demo/evidence/{log.file}" in page
    assert "67108864" in page and "64 MiB" in page
    assert page.count("<li><b>") >= 3 and page.count("<b>林晓雯 (Alice)</b>") == 3


def test_a_used_serial_leaves_the_page(anonymous: FlaskClient, demonstration: str, doing, alice) -> None:
    laptop(doing, alice, disks=[Disk(FIRST.serial, "hdd", FIRST.file)])
    page = anonymous.get("/demo").text
    assert FIRST.serial not in page and all_logs()[1].serial in page


def test_a_log_is_handed_out_as_it_is(anonymous: FlaskClient, demonstration: str) -> None:
    answer = anonymous.get(f"/demo/evidence/{FIRST.file}")
    assert answer.status_code == 200 and answer.data == FIRST.raw
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{FIRST.file}"'


@pytest.mark.parametrize("name", ["manifest.json", "..%2Flistings.toml", "../people.toml", "%2e%2e/x", "x.log", "%00"])
def test_nothing_else_is(anonymous: FlaskClient, demonstration: str, name: str) -> None:
    assert anonymous.get(f"/demo/evidence/{name}").status_code == 404


def test_no_logs_outside_a_demonstration(anonymous: FlaskClient, alice) -> None:
    assert anonymous.get(f"/demo/evidence/{FIRST.file}").status_code == 404


def test_no_logs_in_production(app: Flask, anonymous: FlaskClient, demonstration: str) -> None:
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], env="production")
    assert anonymous.get(f"/demo/evidence/{FIRST.file}").status_code == 404
    assert welcome(app) == []


def test_the_server_says_how_to_come_in(app: Flask, demonstration: str) -> None:
    lines = "\n".join(welcome(app))
    assert "/demo" in lines and "alice@demo.example" in lines and "come-in-and-look-26" in lines
    assert app.config["XUNSHI_WELCOME"]() == welcome(app)


def test_it_says_nothing_without_demo_people(app: Flask, alice) -> None:
    assert welcome(app) == []
