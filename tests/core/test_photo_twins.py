"""Somebody appraises with a photo that was taken of another thing: the program finds it, a reviewer decides, side by side."""

import io

import pytest
from PIL import ImageOps
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.goods.models import Item
from core.goods.pictures import add_photo
from core.queue.models import QueueEntry
from core.runner import SWEEPS
from core.twins import actions
from core.twins.models import PhotoMark, PhotoTwin
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.grades.test_checklist_pages import taken_in
from tests.appraisal_stories import screen_of
from tests.core.test_picture_hash import drawn


def jpeg(picture):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.fixture
def rui(people):
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("平台", "platform"))
    return person


@pytest.fixture
def books(doing, alice, bob, li, shop):
    from core.goods.cards import get_card

    return [taken_in(None, doing, who, get_card("book")) for who in (alice, bob)]


def photograph(li, item_id, picture):
    path = begun(li, item_id, photos=False)
    sent = {"what": "photo", "photo": (io.BytesIO(jpeg(picture)), "x.jpg")}
    answer = li.client().post(screen_of(li.client(), path, "front"), data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return path


def sellers_photo(app, doing, seller, item_id, picture):
    with app.app_context(), doing(seller) as w:
        return add_photo(w, w.session.get_one(Item, item_id), jpeg(picture)).id


def sweep(app, doing, session, run_jobs):
    with doing() as w:
        actions.mark_old(w)
    with app.app_context():
        run_jobs()
    session.rollback()


@pytest.mark.parametrize(("copied", "how"), [
    (lambda p: p, "same"), (ImageOps.mirror, "mirror"), (lambda p: p.crop((40, 30, 620, 460)), "cut"),
], ids=["same", "mirror", "cut"])  # fmt: skip
def test_a_copied_photo_comes_before_a_reviewer_who_decides(app, session, doing, books, alice, bob, li, rui, run_jobs, copied, how):
    assert "photo_marks" in SWEEPS
    picture = drawn(21)
    sellers_photo(app, doing, alice, books[0], picture)
    sweep(app, doing, session, run_jobs)
    photograph(li, books[1], copied(picture))
    with app.app_context():
        run_jobs()
    session.rollback()
    twin = session.scalars(select(PhotoTwin)).one()
    assert twin.how == how and twin.bits <= 36
    entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == "photo_twin")).one()
    assert {alice.id, bob.id, li.id} <= set(entry.barred)
    client, path = rui.client(), f"/photo-twins/{twin.id}"
    page = client.get(path).text
    assert page.count('class="twin-photo"') == 2 and f"{path}/one.jpg" in page
    for side in ("one", "other"):
        assert client.get(f"{path}/{side}.jpg").data[:2] == b"\xff\xd8"
        assert alice.client().get(f"{path}/{side}.jpg").status_code == 403
    assert alice.client().get(path).status_code == 403 and li.client().get(path).status_code == 403
    assert client.post(path, data={"decision": "copied"}).status_code == 422, "not without a reason"
    assert client.post(path, data={"reason": "x"}).status_code == 422
    assert client.post(path, data={"decision": "copied", "reason": "同一道划痕"}).status_code == 303
    session.rollback()
    twin = session.scalars(select(PhotoTwin)).one()
    assert (twin.state, twin.reason, twin.decided_by) == ("copied", "同一道划痕", rui.id)
    entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == "photo_twin")).one()
    assert (entry.state, entry.verdict) == ("decided", "copied")
    assert client.post(path, data={"decision": "different", "reason": "y"}).status_code == 409, "decided once"
    assert "同一道划痕" in client.get(path).text


def test_photos_of_their_own_bother_nobody(app, session, doing, books, alice, li, run_jobs):
    sellers_photo(app, doing, alice, books[0], drawn(21))
    sweep(app, doing, session, run_jobs)
    photograph(li, books[0], drawn(21))
    photograph(li, books[1], drawn(22))
    with app.app_context():
        run_jobs()
    session.rollback()
    assert len(session.scalars(select(PhotoMark)).all()) == 3 and session.scalars(select(PhotoTwin)).first() is None


def test_a_seller_who_takes_an_appraisers_photo_is_found_by_the_sweep_and_asked_once(app, session, doing, books, bob, li, run_jobs):
    photograph(li, books[0], drawn(5))
    with app.app_context():
        run_jobs()
    sellers_photo(app, doing, bob, books[1], ImageOps.mirror(drawn(5)))
    for _ in range(2):
        sweep(app, doing, session, run_jobs)
    assert session.scalars(select(PhotoTwin)).one().how == "mirror"


def test_a_file_that_is_gone_stops_nothing(app, session, doing, books, alice, run_jobs):
    photo = sellers_photo(app, doing, alice, books[0], drawn(6))
    with doing() as w:
        actions.mark_later(w, books[0], "item", photo, "0" * 64, alice.id)
    with app.app_context():
        run_jobs()
    session.rollback()
    assert session.get_one(PhotoMark, photo).whole == ""
    sweep(app, doing, session, run_jobs)
    assert len(session.scalars(select(PhotoMark)).all()) == 1


def test_no_pair_is_decided_past_a_person(app, session, database, doing, books, alice, li, run_jobs):
    sellers_photo(app, doing, alice, books[0], drawn(21))
    sweep(app, doing, session, run_jobs)
    photograph(li, books[1], drawn(21))
    with app.app_context():
        run_jobs()
    for change in (
        "UPDATE photo_twins SET state = 'different'",
        "UPDATE photo_twins SET state = 'different', reason = 'x', decided_by = (SELECT id FROM accounts LIMIT 1), decided_at = at",
    ):
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(change))
