"""Alice sells a vase that needs a licence: the reviewer sees her papers, and nobody else ever does."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, ports
from core.audit import AuditLine
from core.files import FolderStore
from core.work import Actor, work
from market.listings import private_proof
from market.listings.models import Listing, ListingProof
from tests.market.listings.conftest import OFFER, errors, photo, told, upload
from tests.market_stories import listed_coat

RESTRICTED = {"title": "文物 清代瓷瓶"}
LOOKED = "market:proof:seen"


@pytest.fixture
def rui(people):
    """Reviews what is restricted."""
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市", "platform"))
    return person


@pytest.fixture
def vase(selling, alice):
    return selling(alice).sells("other", told("other"), **RESTRICTED)


def send(person, listing_id, *files):
    data = {"proofs": upload(*files)}
    return person.client().post(f"/listings/{listing_id}/proofs", data=data, content_type="multipart/form-data")


def proofs(session, listing_id):
    session.rollback()
    return list(private_proof.find_proofs(session, listing_id))


def address(row, size="large"):
    return f"/listings/{row.listing_id}/proofs/{row.id}/{size}.jpg"


def looks(session):
    session.rollback()
    return [(line.actor, line.subject) for line in session.scalars(select(AuditLine).where(AuditLine.word == LOOKED).order_by(AuditLine.line_no))]


@pytest.fixture
def licence(session, vase, alice):
    """The photo of the licence, as its row."""
    assert send(alice, vase, photo("navy")).status_code == 303
    return proofs(session, vase)[0]


def test_the_seller_and_the_reviewer_see_it_and_only_the_reviewers_look_is_written_down(session, vase, licence, alice, rui):
    page = alice.client().get(f"/listings/{vase}/edit").text
    assert address(licence, "medium") in page and "Relic trade licence" in page
    mine = alice.client().get(address(licence))
    assert mine.status_code == 200 and mine.mimetype == "image/jpeg" and looks(session) == []
    desk = rui.client()
    assert "1 photo of the proof" in desk.get("/reports").text and looks(session) == [], "a list shows no picture"
    assert address(licence, "medium") in desk.get(f"/reports/listings/{vase}").text
    his = desk.get(address(licence))
    assert his.data == mine.data and his.headers["Cache-Control"] == "private, no-store"
    assert looks(session) == [(rui.id, vase)]


@pytest.mark.parametrize("who", ["bob", "root", "wang", "ines", "anonymous"])
def test_the_address_opens_nothing_for_anybody_else(request, session, vase, licence, who):
    person = request.getfixturevalue(who)
    client = person if who == "anonymous" else person.client()
    assert client.get(address(licence)).status_code == 404
    assert client.post(f"/listings/{vase}/proofs/{licence.id}/remove").status_code == 404
    assert looks(session) == [] and len(proofs(session, vase)) == 1


def test_an_address_with_other_parts_opens_nothing_for_the_seller_either(doing, licence, alice):
    other = listed_coat(doing, alice)
    client = alice.client()
    assert client.get(f"/listings/{other}/proofs/{licence.id}/large.jpg").status_code == 404
    for wrong in ("small", "original", "..%2f"):
        assert client.get(f"/listings/{licence.listing_id}/proofs/{licence.id}/{wrong}.jpg").status_code == 404
    assert client.get(address(licence)).status_code == 200


def test_no_public_page_list_index_or_address_shows_it(session, vase, licence, alice, rui, bob, anonymous, run_jobs):
    digests = [digest for digest, *_size in licence.sizes.values()]
    rui.client().post(f"/reports/listings/{vase}", data={"decision": "grant", "reason": "看过了"})
    assert alice.client().post(f"/listings/{vase}/publish").status_code == 303
    run_jobs()
    for path in ("/", "/search", "/search?q=瓷瓶", f"/listings/{vase}", f"/sellers/{alice.id}"):
        page = bob.client().get(path)
        assert page.status_code == 200 and licence.id not in page.text and not any(one in page.text for one in digests), path
    assert "瓷瓶" in anonymous.get("/search?q=瓷瓶").text, "the vase itself is found"
    assert anonymous.get(f"/photos/{licence.id}/large.jpg").status_code == 404
    assert address(licence) not in alice.client().get(f"/listings/{vase}").text


def test_what_lies_on_the_disk_is_no_picture(app, licence):
    stored = FolderStore(app.extensions["xunshi"].data / "files").get(licence.sizes["large"][0])
    assert stored.startswith(b"v1.") and b"JFIF" not in stored


def test_an_administrator_sees_how_many_and_can_decide(vase, licence, root):
    page = root.client().get(f"/reports/listings/{vase}").text
    assert "1 photo of the proof" in page and "/proofs/" not in page
    assert root.client().post(f"/reports/listings/{vase}", data={"decision": "refuse", "reason": "看过了"}).status_code == 303


def test_six_are_enough_and_one_can_be_taken_away_until_the_decision(session, vase, alice, rui, app, run_jobs):
    assert send(alice, vase, *(photo() for _ in range(6))).status_code == 303
    full = send(alice, vase, photo())
    assert full.status_code == 422 and "Six photos" in errors(full)[0] and len(proofs(session, vase)) == 6
    first, second = [(row.id, row.sizes["large"][0]) for row in proofs(session, vase)[:2]]
    assert alice.client().post(f"/listings/{vase}/proofs/{first[0]}/remove").status_code == 303
    session.rollback()
    run_jobs()
    store = FolderStore(app.extensions["xunshi"].data / "files")
    assert not store.exists(first[1]) and store.exists(second[1])
    assert send(alice, vase, photo()).status_code == 303, "its place is free"
    rui.client().post(f"/reports/listings/{vase}", data={"decision": "refuse", "reason": "看过了"})
    late = alice.client().post(f"/listings/{vase}/proofs/{second[0]}/remove")
    assert late.status_code == 409 and "has decided" in late.text and len(proofs(session, vase)) == 6
    assert send(alice, vase, photo()).status_code == 409, "what was decided stays decided"


def test_new_words_ask_for_a_new_look_with_a_new_proof(session, vase, licence, alice, rui):
    rui.client().post(f"/reports/listings/{vase}", data={"decision": "refuse", "reason": "看过了"})
    assert send(alice, vase, photo()).status_code == 409
    alice.client().post(f"/listings/{vase}/edit", data={**OFFER, "title": "文物 民国瓷瓶"})
    assert send(alice, vase, photo("red")).status_code == 303
    assert rui.client().get(address(licence)).status_code == 404, "nobody asks for a look at the moment"
    alice.client().post(f"/listings/{vase}/publish")
    old, new = proofs(session, vase)
    assert old.decided_at and not new.decided_at and rui.client().get(address(new)).status_code == 200


@pytest.mark.parametrize(("sent", "says"), [
    ([], "Choose at least one photo."), ([b"no photo"], "not a photo we can read"),
    ([b"\xff\xd8\xff\xe0 broken"], "damaged"), ([b""], "empty"),
])  # fmt: skip
def test_what_is_no_photo_is_said_at_the_field_and_nothing_is_kept(session, vase, alice, sent, says):
    answer = send(alice, vase, photo(), *sent) if sent else send(alice, vase)
    assert answer.status_code == 422 and says in errors(answer)[0] and proofs(session, vase) == []


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_plain_jpeg(session, vase, alice, kind):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "olive").save(out, kind)
    assert send(alice, vase, out.getvalue()).status_code == 303
    assert alice.client().get(address(proofs(session, vase)[0])).data.startswith(b"\xff\xd8\xff")


def test_a_thing_that_needs_no_proof_takes_none(session, doing, alice, bob, vase):
    coat = listed_coat(doing, alice)
    answer = send(alice, coat, photo())
    assert answer.status_code == 409 and proofs(session, coat) == []
    assert "Private proof" not in alice.client().get(f"/listings/{coat}/edit").text
    assert send(bob, vase, photo()).status_code in (403, 404), "nobody else adds one"


def test_a_reviewer_doesnt_decide_on_their_own(session, selling, rui, people):
    own = selling(rui).sells("other", told("other"), **RESTRICTED)
    page = rui.client().get(f"/reports/listings/{own}").text
    assert "another reviewer decides" in page and "Let it be published" not in page
    assert rui.client().post(f"/reports/listings/{own}", data={"decision": "grant", "reason": "看过了"}).status_code == 409
    other = people.person("Mei")
    people.give_role(other, "reviewer", people.organisation("循市二", "platform"))
    assert other.client().post(f"/reports/listings/{own}", data={"decision": "grant", "reason": "看过了"}).status_code == 303
    session.rollback()
    assert session.get_one(Listing, own).review == "granted"


def test_it_goes_six_months_after_the_decision_and_stays_while_somebody_waits(session, selling, alice, rui, vase, licence):
    waiting = selling(alice).sells("other", told("other"), title="文物 铜镜")
    send(alice, waiting, photo())
    rui.client().post(f"/reports/listings/{vase}", data={"decision": "grant", "reason": "看过了"})

    def after(days):
        session.rollback()
        with work(session, Actor("system:listing_proofs"), clock.now() + timedelta(days=days)) as w:
            private_proof.sweep_old(w)
        return {row.listing_id for row in session.scalars(select(ListingProof))}

    assert after(170) == {vase, waiting}
    assert after(190) == {waiting}
    said = session.scalars(select(AuditLine.word).where(AuditLine.subject == vase)).all()
    assert "market:proof:erased" in said


def test_it_is_in_her_own_data_and_in_the_table_of_terms(session, licence, alice, bob):
    of = ports.providers("personal_data")["market"]
    assert [one["listing"] for one in of(session, alice.id)["private_proofs"]] == [licence.listing_id]
    assert of(session, bob.id)["private_proofs"] == []
    assert any(row.data.startswith("Private proof") and row.months == 6 for row in ports.retention())


def test_the_page_of_the_listing_leads_there(vase, alice):
    page = alice.client(language="zh").get(f"/listings/{vase}").text
    assert re.search(rf'href="/listings/{vase}/edit#proof">给审核员提交证明', page)
