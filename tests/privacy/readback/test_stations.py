"""Stations of a point: only who holds the key can enrol it, only a manager of the point may, and a lost key counts no more."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from core import clock
from core.audit import AuditLine
from core.errors import Refused
from privacy.readback import stations
from privacy.readback.keys import make_key, prove, public_text
from privacy.readback.models import Station


@pytest.fixture
def mu(people, shop):
    """Manages the shop."""
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    return person


@pytest.fixture
def afresh():
    """A client whose person has just shown the second factor."""
    return lambda person, language="en": person.client(language=language)


def code_on(page: str) -> str:
    found = re.search(r"--key FILE ([0-9A-Z-]{24})", page)
    assert found, page
    return found.group(1)


def enrol(client, shop, key, *, name="Bench 2", code=None, line=None):
    code = code or code_on(client.get(f"/points/{shop}/stations/enrol").text)
    form = {"name": name, "public": line or public_text("bench-2", key.public), "signature": prove(key, code)}
    return client.post(f"/points/{shop}/stations/enrol", data=form)


def test_a_manager_enrols_a_bench_and_revokes_it(mu, shop, afresh, station, session):
    client, (_, key) = afresh(mu), station
    assert client.get("/stations").location == f"/points/{shop}/stations"
    assert "No station yet" in client.get(f"/points/{shop}/stations").text
    assert enrol(client, shop, key).status_code == 303
    page = client.get(f"/points/{shop}/stations").text
    assert "Bench 2" in page and key.key_id in page
    now = clock.now()
    assert stations.public_keys(session, now, shop) == {key.key_id: key.public}
    row = session.scalars(select(Station)).one()
    path = f"/points/{shop}/stations/{row.id}/revoke"
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"reason": "bored"}).status_code == 422
    assert client.post(path, data={"reason": "replaced"}).status_code == 303
    assert client.get(path).status_code == 409
    session.rollback()
    assert stations.public_keys(session, clock.now()) == {}
    assert stations.public_keys(session, now) == {key.key_id: key.public}, "what it signed before still counts"
    words = [line.word for line in session.scalars(select(AuditLine).where(AuditLine.word.like("privacy:station:%")).order_by(AuditLine.line_no))]
    assert words == ["privacy:station:enrolled", "privacy:station:revoked"]


def test_whoever_lost_a_key_can_trust_nothing_it_signed(mu, shop, doing, station, session):
    key = station[1]
    with doing(mu) as w:
        row = stations.enrol(w, shop, name="x", public_text=key.public.hex(), code="C", signature=prove(key, "C"))
        row_id, then = row.id, w.now
    with doing(mu) as w:
        stations.revoke(w, shop, row_id, "lost")
    assert stations.public_keys(session, then) == {}


def test_only_a_holder_of_the_key_can_enrol_it(mu, shop, afresh, station, tmp_path, session):
    client, (_, key) = afresh(mu), station
    other = make_key(tmp_path / "other", None)[1]
    answer = enrol(client, shop, other, line=public_text("bench-2", key.public))
    assert answer.status_code == 422 and "doesn&#39;t fit the key" in answer.text and "Bench 2" in answer.text
    assert enrol(client, shop, key, code="AAAA-BBBB-CCCC-DDDD-EEEE").status_code == 422
    assert enrol(client, shop, key, line="bench-2+00000000+AAAA").status_code == 422
    assert session.scalars(select(Station)).all() == []
    assert enrol(client, shop, key).status_code == 303


def test_a_code_is_good_once_and_for_a_quarter_of_an_hour(mu, shop, afresh, station, tmp_path):
    client, key = afresh(mu), station[1]
    code = code_on(client.get(f"/points/{shop}/stations/enrol").text)
    assert code_on(client.get(f"/points/{shop}/stations/enrol").text) == code
    with clock.stopped_at(clock.now() + timedelta(minutes=16)):
        assert enrol(afresh(mu), shop, key, code=code).status_code == 422
    assert enrol(client, shop, key).status_code == 303
    assert code_on(client.get(f"/points/{shop}/stations/enrol").text) != code


def test_one_key_is_enrolled_once_in_the_whole_house(mu, shop, people, afresh, station):
    key, elsewhere = station[1], people.organisation("城东旧货行")
    people.give_role(mu, "shop_manager", elsewhere)
    client = afresh(mu)
    assert enrol(client, shop, key).status_code == 303
    again = enrol(client, elsewhere, key)
    assert again.status_code == 422 and "enrolled before" in again.text
    both = client.get("/stations").text
    assert f"/points/{shop}/stations" in both and f"/points/{elsewhere}/stations" in both


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_may_see_enrol_and_revoke(mu, alice, wang, zhao, li, ines, root, anonymous, people, shop, afresh, station, session, language):
    enrol(afresh(mu), shop, station[1])
    row = session.scalars(select(Station.id)).one()
    stranger = people.person("Sun")
    people.give_role(stranger, "shop_manager", people.organisation("城西旧货行"))
    paths = [f"/points/{shop}/stations", f"/points/{shop}/stations/enrol", f"/points/{shop}/stations/{row}/revoke"]
    allowed = {"Mu": (200, 200, 200), "Root": (200, 403, 200), "Ines": (200, 403, 403)}
    for person in (mu, alice, wang, zhao, li, ines, root, stranger):
        client = afresh(person, language)
        got = tuple(client.get(path).status_code for path in paths)
        assert got == allowed.get(person.name, (403, 403, 403)), person.name
    assert all("/sign-in" in anonymous.get(path).location for path in paths)


def test_enrolling_asks_for_the_second_factor_afresh(mu, shop):
    client = mu.client()
    with client.session_transaction() as cookie:
        cookie["factor_at"] = (clock.now() - timedelta(hours=1)).isoformat()
    answer = client.get(f"/points/{shop}/stations/enrol")
    assert answer.status_code == 303 and "/second-factor" in answer.location


def test_a_station_of_another_point_is_not_there(mu, shop, people, afresh, station, session):
    elsewhere = people.organisation("城东旧货行")
    people.give_role(mu, "shop_manager", elsewhere)
    client = afresh(mu)
    enrol(client, shop, station[1])
    row = session.scalars(select(Station.id)).one()
    assert client.get(f"/points/{elsewhere}/stations/{row}/revoke").status_code == 404
    assert client.get("/points/nowhere/stations").status_code == 404


def test_a_suspended_point_enrols_nothing(mu, people, doing, station):
    gone = people.organisation("关门店", state="suspended")
    with pytest.raises(Refused, match="not_approved"), doing(mu) as w:
        stations.enrol(w, gone, name="x", public_text=station[1].public.hex(), code="C", signature=prove(station[1], "C"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE stations SET public = '" + "0" * 64 + "'",
        "UPDATE stations SET revoked_at = NULL, revoked_by = NULL, reason = ''",
        "UPDATE stations SET name = 'other'",
        "DELETE FROM stations",
    ],
)
def test_the_database_keeps_stations_even_from_us(mu, shop, doing, station, session, change):
    key = station[1]
    with doing(mu) as w:
        row = stations.enrol(w, shop, name="x", public_text=key.public.hex(), code="C", signature=prove(key, "C")).id
    with doing(mu) as w:
        stations.revoke(w, shop, row, "closed")
    with pytest.raises(DatabaseError), doing() as w:
        w.session.connection().exec_driver_sql(change)
