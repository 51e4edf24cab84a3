"""A verifier who takes long over a device is asked for the second factor again, and finds every tick where it was."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from privacy.clearance.queries import find_clearance
from privacy.wipes import explain, rules
from tests import stories
from tests.core.people.conftest import PASSWORD, Keys, code_now

HDD = stories.disks("hdd")
SENT = {"serial": "y", "media": "y", "log": "y", "kept": "sealed_bag", "seal_number": "HZ 004711"}


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])
    stories.signed(app, doing, job_id)
    return item_id, job_id


@pytest.fixture
def back_from_the_phone(session, doing, zhao):
    """Zhao's browser, eleven minutes after the second factor was shown; and the way through it again."""
    keys = Keys(session, doing)
    keys.give_password(zhao.id)
    secret, client = keys.give_factor(zhao.id), zhao.client()
    with client.session_transaction() as cookie:
        cookie["factor_at"] = (clock.now() - timedelta(minutes=11)).isoformat()

    def again(location):
        step = client.get(location)
        while step.status_code == 303:
            location, step = step.location, client.get(step.location)
        assert "Sign in afresh" in step.get_data(as_text=True)
        return client.post(location, data={"password": PASSWORD, "code": code_now(secret)}).location

    return client, again


def ticked(page: str) -> set[str]:
    return set(re.findall(r'<input checked[^>]*name="(\w+)"', page)) | set(re.findall(r'value="(\w+)" checked', page))


def test_what_was_ticked_is_still_there_after_the_second_factor(session, waiting, back_from_the_phone):
    client, again = back_from_the_phone
    path = f"/wipes/{waiting[1]}/verify"
    away = client.post(path, data=SENT, headers={"Referer": f"http://localhost{path}"})
    assert away.status_code == 303 and "/second-factor" in away.location
    assert find_clearance(session, waiting[0]) is None, "nothing is accepted by somebody who may be anybody"
    assert again(away.location) == path
    page = client.get(path).get_data(as_text=True)
    assert {"serial", "media", "log", "sealed_bag"} <= ticked(page) and not {"start", "accounts", "slots", "at_point"} & ticked(page)
    assert 'value="HZ 004711"' in page and "still here" in page
    assert find_clearance(session, waiting[0]) is None, "it has to be sent again"


def test_once_it_is_sent_nothing_waits_any_more(session, waiting, back_from_the_phone):
    client, again = back_from_the_phone
    path = f"/wipes/{waiting[1]}/verify"
    data = {"kept": "at_point", "counted": "1", **dict.fromkeys(rules.CHECKS, "y")}
    full = stories.verify_data(session, waiting[1])
    again(client.post(path, data=data, headers={"Referer": f"http://localhost{path}"}).location)
    assert ticked(client.get(path).get_data(as_text=True)) >= set(rules.CHECKS)
    assert client.post(path, data=full).location.startswith("/certificates/")
    session.rollback()
    assert find_clearance(session, waiting[0]) is not None
    assert "still here" not in client.get(path).get_data(as_text=True)


def test_the_reason_of_a_rejection_waits_too(waiting, back_from_the_phone):
    client, again = back_from_the_phone
    path = f"/wipes/{waiting[1]}/verify"
    away = client.post(f"/wipes/{waiting[1]}/reject", data={"reason": "lock"}, headers={"Referer": f"http://localhost{path}"})
    assert again(away.location) == path
    assert "lock" in ticked(client.get(path).get_data(as_text=True))


def test_ticks_of_one_device_never_show_at_another_nor_a_day_later(app, doing, alice, wang, shop, waiting, back_from_the_phone):
    client, again = back_from_the_phone
    path = f"/wipes/{waiting[1]}/verify"
    again(client.post(path, data=SENT).location)
    second = stories.laptop(doing, alice, disks=HDD[1:2], serial="PF2XK9A8")
    other = stories.wiped(app, doing, second, alice, wang, shop, HDD[1:2])
    assert not ticked(client.get(f"/wipes/{other}/verify").get_data(as_text=True))
    with client.session_transaction() as cookie:
        cookie["verifying"] = {**cookie["verifying"], "at": (clock.now() - timedelta(minutes=16)).isoformat()}
    assert not ticked(client.get(path).get_data(as_text=True))


def test_what_no_form_knows_is_not_kept(waiting, back_from_the_phone):
    client, _again = back_from_the_phone
    odd = {"kept": "x" * 5000, "reason": "<b>", "seal_number": "9" * 5000, "serial": "y", "extra": "z" * 5000}
    client.post(f"/wipes/{waiting[1]}/verify", data=odd)
    with client.session_transaction() as cookie:
        kept = cookie["verifying"]["typed"]
    assert kept == {"kept": "x" * 40, "reason": "<b>", "seal_number": "9" * 40, "serial": True}
    assert not ticked(client.get(f"/wipes/{waiting[1]}/verify").get_data(as_text=True)) & {"x" * 40, "<b>"}


def test_everything_read_in_nwipes_logs_has_words_of_its_own():
    readers = Path(explain.__file__).parents[1] / "evidence" / "readers"
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(readers.glob("nwipe*.py")) if "pdf" not in path.name)
    said = set(re.findall(r'Finding\(\s*code="(\w+)"', source)) | {"sanitize", "sanitize_failed"}
    assert {"hidden_sectors", "anonymised", "sanitize_failed"} <= said
    assert sorted(said - set(explain.FINDINGS)) == []
    assert explain.finding_words("sanitize_failed")[1] is False and explain.finding_words("sanitize")[1] is None
