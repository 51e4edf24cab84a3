"""The whole way through the pages, as owner, counter, operator and verifier see it; and what strangers don't see."""

import io
import re

import pytest
from sqlalchemy import select

from core import ids
from core.audit import AuditLine
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.wipes import rules
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import find_open_job
from tests import stories

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")
TICKS = dict.fromkeys(rules.TICKS, "y")
CHECKS = {**dict.fromkeys(rules.CHECKS, "y"), "counted": "1"}


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def upload(client, job_id, *raws):
    files = [(io.BytesIO(raw), f"wipe{n}.log") for n, raw in enumerate(raws)]
    return client.post(f"/wipes/{job_id}/evidence", data={"files": files}, content_type="multipart/form-data")


def test_a_file_that_proves_nothing_is_no_good_news(doing, alice, wang, shop):
    job_id = stories.started(doing, stories.laptop(doing, alice, disks=HDD[:1]), alice, wang, shop)
    client = wang.client()
    upload(client, job_id, HDD[1].log)
    page = client.get(f"/wipes/{job_id}/bench").text
    assert re.search(r'tone-warn"[^>]*>.{0,400}it doesn.{1,5}t prove the wipe', page, re.S)
    upload(client, job_id, HDD[0].log)
    assert "Read the answer for each medium below" in client.get(f"/wipes/{job_id}/bench").text


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])
    stories.signed(app, doing, job_id)
    return item_id, job_id


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_way_by_hand(app, doing, session, alice, wang, zhao, shop, language):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    owner, operator, verifier = (who.client(language=language) for who in (alice, wang, zhao))
    assert owner.get(f"/items/{item_id}/wipe").status_code == 200
    consent = owner.post(f"/items/{item_id}/wipe").location
    assert consent.endswith("/consent") and owner.get(consent).status_code == 200
    book = owner.post(consent, data={"origin": "private", **TICKS}).location
    assert owner.get(book).status_code == 200 and book.endswith("/book")
    page = book.removesuffix("/book")
    code = ids.grouped(session.scalars(select(WipeJob.drop_code)).one())
    assert code in owner.get(page).get_data(as_text=True)
    assert operator.get("/wipes").status_code == 200 and operator.get("/wipes/open").status_code == 200
    bench = operator.post("/wipes/open", data={"code": code, "org": shop}).location
    assert operator.get(bench).status_code == 200
    job_id = page.rsplit("/", 1)[1]
    assert operator.post(f"/wipes/{job_id}/receive", data={"org": shop}).status_code == 303
    assert operator.post(f"/wipes/{job_id}/start", data={"org": shop}).status_code == 303
    assert upload(operator, job_id, HDD[0].log).status_code == 409, "nothing is counted yet"
    assert operator.get(f"/wipes/{job_id}/count").status_code == 200
    assert operator.post(f"/wipes/{job_id}/count", data={"counted": "2"}).status_code == 422
    assert operator.post(f"/wipes/{job_id}/count", data={"counted": "1"}).status_code == 303
    assert upload(operator, job_id, HDD[0].log).status_code == 409, "nor are the locks read"
    assert operator.get(f"/wipes/{job_id}/locks").status_code == 200
    assert operator.post(f"/wipes/{job_id}/locks", data={"lock_find_my": "off"}).status_code == 422
    assert operator.post(f"/wipes/{job_id}/locks", data={**stories.LOCKS_OFF, "lock_firmware": "on"}).status_code == 303
    assert upload(operator, job_id, HDD[0].log).status_code == 303
    assert operator.get(bench).status_code == 200
    unsigned = verifier.post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id))
    assert unsigned.status_code == 409
    assert operator.post(f"/wipes/{job_id}/sign").status_code == 303
    assert verifier.get(f"/wipes/{job_id}/verify").status_code == 200
    done = verifier.post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id))
    assert done.location.startswith("/certificates/XS-")
    session.rollback()
    assert find_clearance(session, item_id) is not None
    for who in (owner, operator, verifier):
        assert who.get(f"/wipes/{job_id}").status_code == 200
    assert owner.get(f"/items/{item_id}/custody").status_code == 200
    assert owner.get("/inbox").status_code == 200


def test_at_the_counter_the_owner_agrees_on_the_own_phone(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, serial="PF2XK9A7")
    operator = wang.client()
    bench = operator.post("/wipes/open", data={"code": "PF2X-K9A7", "org": shop}).location
    job = find_open_job(session, item_id)
    answer = operator.get(bench)
    assert "<svg" in answer.get_data(as_text=True) and "agrees on the own phone" in words(answer)
    assert operator.post(f"/wipes/{job.id}/start", data={"org": shop}).status_code == 409
    assert operator.get(f"/wipes/{job.id}/consent").status_code == 403
    assert alice.client().post(f"/wipes/{job.id}/consent", data={"origin": "private", **TICKS}).status_code == 303
    assert operator.post(f"/wipes/{job.id}/start", data={"org": shop}).status_code == 303


def test_nothing_typed_is_lost_when_a_box_is_missing(doing, alice):
    item_id = stories.laptop(doing, alice)
    client = alice.client()
    consent = client.post(f"/items/{item_id}/wipe").location
    answer = client.post(consent, data={"origin": "business", "backup": "y"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "tick every box" in words(answer)
    assert re.search(r'value="business" checked', text) and re.search(r'<input checked[^>]*name="backup"', text)


def test_a_state_secret_is_a_hard_stop(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice)
    client = alice.client()
    consent = client.post(f"/items/{item_id}/wipe").location
    page = client.post(consent, data={"origin": "state_secret"}).location
    assert "never taken in" in words(client.get(page))
    again = client.post(f"/items/{item_id}/wipe")
    assert again.status_code == 409 and "secrecy office" in words(again)
    counter = wang.client().post("/wipes/open", data={"code": item_id, "org": shop})
    assert counter.status_code == 409 and "secrecy office" in words(counter)
    assert session.scalars(select(AuditLine.word).where(AuditLine.word == "privacy:job:stopped")).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b"\0" * 50, "not plain text"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, "not text"),
        ("清除完成".encode("gbk"), "No known wipe tool"),
        (b"<script>alert(1)</script>", "No known wipe tool"),
        (b"[2026/11/22 06:33:23]  notice: Found /dev/sda,  ATA, X,  9" + b"9" * 5000, ""),
        (b"\r\n\r\n\n\r" * 9, "empty"),
    ],
)
def test_a_wrong_file_gets_a_clear_answer(app, doing, alice, wang, shop, raw, says):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    answer = upload(wang.client(), job_id, raw)
    assert answer.status_code in (303, 422) and says in words(answer)
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_no_file_and_too_large_a_file(doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    client = wang.client()
    assert client.post(f"/wipes/{job_id}/evidence", data={}).status_code == 422
    answer = upload(client, job_id, b"[" * (16 * 1024 * 1024 + 1))
    assert answer.status_code == 422 and "16 MiB" in words(answer)


def test_one_good_file_is_kept_beside_a_bad_one(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=[HDD[0], SSD[0]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    client = wang.client()
    answer = upload(client, job_id, HDD[0].log, b"nonsense")
    assert answer.status_code == 422 and "wipe1.log: No known wipe tool" in words(answer)
    assert upload(client, job_id, SSD[0].kind_file, SSD[0].log).status_code == 303
    assert session.get_one(WipeJob, job_id).state == "judged"


def test_the_inventory_is_corrected_at_the_bench(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=[])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    client = wang.client()
    assert "No storage is entered yet" in words(client.get(f"/wipes/{job_id}/bench"))
    assert upload(client, job_id, SSD[0].log).status_code == 409
    assert client.post(f"/wipes/{job_id}/media", data={"kind": "hdd", "serial": "none"}).status_code == 422
    assert client.post(f"/wipes/{job_id}/media", data={"kind": "hdd", "serial": SSD[0].serial}).status_code == 303
    from core.goods.models import StorageMedium

    medium = session.scalars(select(StorageMedium.id)).one()
    session.rollback()
    correct = f"/wipes/{job_id}/media/correct"
    assert client.post(correct, data={"medium": medium, "to": "ssd"}).status_code == 303
    assert client.post(correct, data={"medium": medium, "to": "unknown"}).status_code == 422
    assert client.post(correct, data={"medium": "x", "to": "ssd"}).status_code == 422
    assert upload(client, job_id, SSD[0].log).status_code == 409
    assert client.post(f"/wipes/{job_id}/count", data={"counted": "1"}).status_code == 303
    assert upload(client, job_id, SSD[0].log).status_code == 303
    assert client.post(correct, data={"medium": medium, "to": "mistyped"}).status_code == 409


def test_who_wiped_and_who_owns_are_stopped_at_the_door(app, people, doing, alice, wang, shop, waiting):
    for who, says in ((wang, "You wiped this device yourself"), (alice, "You own this device")):
        people.give_role(who, "wipe_verifier", shop)
        client = who.client()
        for answer in (
            client.get(f"/wipes/{waiting[1]}/verify"),
            client.post(f"/wipes/{waiting[1]}/verify", data={"kept": "at_point", **CHECKS}),
            client.post(f"/wipes/{waiting[1]}/reject", data={"reason": "lock"}),
        ):
            assert answer.status_code == 403 and says in words(answer)


def test_the_verifier_needs_a_fresh_second_factor(session, zhao, waiting):
    for path in (f"/wipes/{waiting[1]}/verify", f"/wipes/{waiting[1]}/reject"):
        answer = zhao.client(factor=False).post(path, data={"kept": "at_point", **CHECKS})
        assert answer.status_code == 303 and "/second-factor" in answer.location
    assert find_clearance(session, waiting[0]) is None
    assert zhao.client().post(f"/wipes/{waiting[1]}/verify", data=stories.verify_data(session, waiting[1])).status_code == 303


def test_a_missing_check_or_bag_keeps_what_was_ticked(session, zhao, waiting):
    client, path = zhao.client(), f"/wipes/{waiting[1]}/verify"
    answer = client.post(path, data={"kept": "at_point", "serial": "y"})
    assert answer.status_code == 422 and "Tick this once you have done it" in words(answer)
    answer = client.post(path, data={"kept": "sealed_bag", **CHECKS})
    assert answer.status_code == 422 and "number that is printed" in words(answer)
    photo = (io.BytesIO(b"no photo"), "bag.jpg")
    data = {"kept": "sealed_bag", "seal_number": "HZ 1", "photo": photo, **CHECKS}
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 422


def test_a_sealed_bag_through_the_page(session, alice, zhao, waiting):
    from tests.privacy.test_custody import picture

    bag = {"kept": "sealed_bag", "seal_number": "HZ 004711", "photo": (io.BytesIO(picture()), "b.jpg")}
    data = stories.verify_data(session, waiting[1], **bag)
    done = zhao.client().post(f"/wipes/{waiting[1]}/verify", data=data, content_type="multipart/form-data")
    assert done.status_code == 303
    client = alice.client()
    page = client.get(f"/items/{waiting[0]}/custody").get_data(as_text=True)
    seal = re.search(r"/clearances/\w+/seal\.jpg", page)
    assert client.get(seal[0]).mimetype == "image/jpeg"
    assert client.post(f"/items/{waiting[0]}/seal-broken").status_code == 303
    assert certificate_of(session, waiting[0]).state == "void_by_use"


def test_rejection_tells_why_and_what_to_do(alice, zhao, waiting):
    assert zhao.client().post(f"/wipes/{waiting[1]}/reject", data={}).status_code == 422
    assert zhao.client().post(f"/wipes/{waiting[1]}/reject", data={"reason": "lock"}).status_code == 303
    said = words(alice.client().get(f"/wipes/{waiting[1]}"))
    assert "lock still asks" in said and "destroyed before a witness" in said


def test_giving_up_and_cancelling(doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice)
    job_id = stories.consented(doing, item_id, alice)
    assert alice.client().post(f"/wipes/{job_id}/cancel").status_code == 303
    job_id = stories.started(doing, item_id, alice, wang, shop)
    assert alice.client().post(f"/wipes/{job_id}/cancel").status_code == 409
    assert wang.client().post(f"/wipes/{job_id}/give-up", data={"reason": "x"}).status_code == 422
    assert wang.client().post(f"/wipes/{job_id}/give-up", data={"reason": "broken"}).status_code == 303
    assert session.get_one(WipeJob, job_id).state == "rejected"


def test_strangers_see_nothing(bob, charlie, anonymous, waiting):
    paths = [
        f"/wipes/{waiting[1]}",
        f"/wipes/{waiting[1]}/bench",
        f"/wipes/{waiting[1]}/consent",
        f"/wipes/{waiting[1]}/verify",
        f"/items/{waiting[0]}/custody",
        f"/items/{waiting[0]}/wipe",
        "/wipes",
        "/wipes/open",
    ]
    for path in paths:
        assert bob.client().get(path).status_code == 403, path
        assert "/sign-in" in anonymous.get(path).location
    assert bob.client().get("/wipes/nothing").status_code == 404


def test_another_point_cant_take_the_job(doing, people, alice, wang, shop):
    item_id = stories.laptop(doing, alice)
    job_id = stories.started(doing, item_id, alice, wang, shop)
    other_shop = people.organisation("东城寄卖")
    other = people.person("Qian")
    people.give_role(other, "wipe_operator", other_shop)
    assert other.client().get(f"/wipes/{job_id}/bench").status_code == 403
    assert other.client().post("/wipes/open", data={"code": item_id, "org": other_shop}).status_code == 409
    assert other.client().post("/wipes/open", data={"code": item_id, "org": shop}).status_code == 422


def test_the_tools_file_is_shown_escaped_and_every_look_is_on_record(app, doing, session, alice, bob, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    raw = HDD[0].log + b"<script>alert(1)</script>\n"
    assert upload(wang.client(), job_id, raw).status_code == 303
    file_id = session.get_one(WipeJob, job_id).evidence[0].id
    session.rollback()
    client = zhao.client()
    page = client.get(f"/evidence/{file_id}?page=1")
    assert page.status_code == 200 and "<script>alert" not in page.get_data(as_text=True)
    assert 'id="L20"' in client.get(f"/evidence/{file_id}?line=20").get_data(as_text=True)
    for odd in ("page=0", "page=99999999", "page=x", "line=-1", "line=999999999999"):
        assert client.get(f"/evidence/{file_id}?{odd}").status_code == 200
    download = client.get(f"/evidence/{file_id}/download")
    assert download.data == raw and download.headers["Content-Disposition"].startswith("attachment")
    assert bob.client().get(f"/evidence/{file_id}").status_code == 403
    assert alice.client().get(f"/evidence/{file_id}/download").status_code == 403
    words_ = session.scalars(select(AuditLine.word).where(AuditLine.actor == zhao.id)).all()
    assert words_.count("privacy:evidence:read") == 7 and words_.count("privacy:evidence:downloaded") == 1


def test_a_listing_code_of_another_room_leads_to_the_device(doing, alice, wang, shop):
    from privacy.wipes import queries

    item_id = stories.laptop(doing, alice)

    @queries.finds_items
    def by_listing(session, text):
        return item_id if text == "LISTING7" else None

    try:
        assert wang.client().post("/wipes/open", data={"code": "LISTING7", "org": shop}).status_code == 303
    finally:
        queries.FINDERS.remove(by_listing)
