"""Who says who a device is: typed at intake, its own firmware in a tool's log, a label or a photo that somebody read; two that agree
weigh more than one, and what differs is not written down."""

import io

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Invalid
from core.goods.models import StorageMedium
from privacy.devices import claims, queries
from privacy.devices.host_numbers import numbers_in
from privacy.wipes.attaching import attach
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.devices.test_leaving import photo

HDD = stories.disks("hdd")
SERIAL = "PF2XK9A7"


def with_system(log: bytes, serial: str) -> bytes:
    """The same log, run on a computer whose firmware knows its number."""
    assert log.count(b"system-serial-number = Not Specified") == 1
    return log.replace(b"system-serial-number = Not Specified", f"system-serial-number = {serial}".encode())


@pytest.fixture
def at_bench(doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, serial=SERIAL, disks=HDD[:1])
    return item_id, stories.started(doing, item_id, alice, wang, shop)


def send(app, doing, wang, job_id, raw):
    with doing(wang) as w:
        return [one.verdict for one in attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), raw)]


def of_device(session, item_id):
    found = [(one.kind, one.source) for one in queries.claims_of(session, item_id) if one.medium_id is None]
    session.rollback()
    return found


def test_the_mainboards_own_number_is_kept_when_it_is_this_device(app, doing, session, alice, wang, zhao, shop, at_bench):
    item_id, job_id = at_bench
    assert send(app, doing, wang, job_id, with_system(HDD[0].log, SERIAL)) == ["pass"]
    assert of_device(session, item_id) == [("serial", "dmi")]
    page = wang.client().get(f"/items/{item_id}/device").text
    assert "firmware (DMI)" in page and SERIAL not in page, "masked"


@pytest.mark.parametrize("serial", ["Not Specified", "PF9ZZZZ9", "To be filled by O.E.M.", "XXXXXXXXXXXXXXX"])
def test_the_benchs_own_computer_says_nothing_about_the_device(app, doing, session, wang, at_bench, serial):
    item_id, job_id = at_bench
    log = HDD[0].log if serial == "Not Specified" else with_system(HDD[0].log, serial)
    assert send(app, doing, wang, job_id, log) == ["pass"]
    assert of_device(session, item_id) == []


def test_numbers_are_read_where_nwipe_prints_them():
    head = b"[2026/11/22 06:33:15]  notice: system-serial-number = PF2XK9A7\n[2026/11/22 06:33:15]    info: chassis-serial-number = CH-77\n"
    assert numbers_in("nwipe-log", head) == ("PF2XK9A7", "CH-77")
    assert numbers_in("smartctl-json", head) == ()
    assert numbers_in("nwipe-log", b"system-serial-number = TYPED\n") == (), "a line that nwipe didn't write"


def test_the_verifiers_own_reading_is_a_claim(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    [(kind, source)] = of_device(session, item_id)
    assert (kind, source) == ("serial", "label")
    assert queries.claims_of(session, item_id)[-1].seen_by == zhao.id
    session.rollback()


def test_after_the_certificate_the_record_says_what_covers_the_medium(app, doing, session, alice, wang, zhao, shop, at_bench):
    item_id, job_id = at_bench
    client, path = wang.client(), f"/items/{item_id}/device"
    assert "has to be wiped" in client.get(path).text
    send(app, doing, wang, job_id, HDD[0].log)
    assert "waits for the second person" in client.get(path).text
    number = stories.verified(app, doing, job_id, zhao)
    page = client.get(path).text
    assert f"certificate {number} covers it" in page.lower().replace(number.lower(), number) and "has to be wiped" not in page


def test_staff_write_down_what_a_label_or_photo_says(app, doing, session, wang, alice, zhao, at_bench):
    item_id, job_id = at_bench
    medium = session.scalars(select(StorageMedium.id)).one()
    session.rollback()
    client, path = wang.client(), f"/items/{item_id}/device/read"
    assert client.post(path, data={"what": "device", "source": "label", "number": SERIAL}).status_code == 303
    assert client.post(path, data={"what": medium, "source": "photo", "number": HDD[0].serial}).status_code == 422, "a photo needs the photo"
    sent = {"what": medium, "source": "photo", "number": HDD[0].serial, "photo": (io.BytesIO(photo()), "p.jpg")}
    assert client.post(path, data=sent, content_type="multipart/form-data").status_code == 303
    told = queries.claims_of(session, item_id)
    assert [(one.medium_id, one.source, one.seen_by) for one in told] == [(None, "label", wang.id), (medium, "photo", wang.id)]
    assert told[1].photo and not told[0].photo
    session.rollback()
    page = client.get(f"/items/{item_id}/device").text
    assert "a label" in page and "a photo" in page
    assert alice.client().post(path, data={"what": "device", "source": "label", "number": SERIAL}).status_code == 403


@pytest.mark.parametrize("number", ["PF2XK9A8", "", "To be filled by O.E.M."])
def test_what_differs_is_no_claim(doing, session, wang, at_bench, number):
    """A label with another number is another device, or a slip: it is said so, and nothing is written down."""
    item_id, _job = at_bench
    with pytest.raises(Invalid, match="number_differs"), doing(wang) as w:
        claims.read_by_person(w, None, item_id, what="device", source="label", number=number, photo=b"")
    assert of_device(session, item_id) == []
    with doing(wang) as w:
        claims.read_by_person(w, None, item_id, what="device", source="label", number=" pf2xk-9a7 ", photo=b"")
    assert of_device(session, item_id) == [("serial", "label")]


def test_only_who_keeps_it_and_only_sources_that_a_person_reads(doing, alice, bob, wang, at_bench):
    item_id, _job = at_bench
    for who in (alice, bob):
        with pytest.raises(Forbidden), doing(who) as w:
            claims.read_by_person(w, None, item_id, what="device", source="label", number=SERIAL, photo=b"")
    for source in ("ata", "nvme", "typed", "bridge"):
        with pytest.raises(Invalid, match="source_missing"), doing(wang) as w:
            claims.read_by_person(w, None, item_id, what="device", source=source, number=SERIAL, photo=b"")
