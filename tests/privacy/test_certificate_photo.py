"""Who holds the device sees the photo: the last four are asked for. The label leads to today's state."""

import pytest
from sqlalchemy import select

from core.web import limiter
from privacy.clearance.models import Certificate, Clearance
from tests import stories
from tests.harness import pdf_text
from tests.privacy.devices.test_leaving import photo


@pytest.fixture
def number(app, doing, session, alice, wang, zhao, shop):
    """A cleared laptop; its bag's photo was kept."""
    from privacy.clearance import verifying

    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(wang) as w:
        clearance = w.session.scalars(select(Clearance).where(Clearance.item_id == item_id)).one()
        keeping = verifying.Keeping(kept="sealed_bag", seal_number="BAG0042", photo=photo())
        verifying.seal(w, stories.bench(app), clearance, keeping)
    return session.scalars(select(Certificate.number)).one()


def test_the_last_four_open_the_photo(app, number):
    page = f"/certificates/{number}/photo"
    stranger = app.test_client()
    assert stranger.get(page).status_code == 200
    assert stranger.get(f"{page}/seal.jpg").status_code == 404
    for wrong in ("", "K9A", "0000", "K9A8"):
        assert stranger.post(page, data={"tail": wrong}).status_code == 422
        assert stranger.get(f"{page}/seal.jpg").status_code == 404
    assert app.test_client().post(page, data={"tail": "k9a7"}).status_code == 303


def test_what_was_opened_is_shown_and_nothing_else(app, number):
    page = f"/certificates/{number}/photo"
    holder = app.test_client()
    assert holder.post(page, data={"tail": "K9A7"}).status_code == 303
    assert f"{page}/seal.jpg" in holder.get(page).text
    answer = holder.get(f"{page}/seal.jpg")
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg" and "no-store" in answer.headers["Cache-Control"]
    assert holder.get(f"{page}/nothing.jpg").status_code == 404
    assert holder.get(f"{page}/../x.jpg").status_code == 404


def test_guessing_is_slow(app, number, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    guesser = app.test_client()
    codes = [guesser.post(f"/certificates/{number}/photo", data={"tail": f"{n:04d}"}).status_code for n in range(7)]
    assert codes[:5] == [422] * 5 and codes[5:] == [429, 429]
    limiter.reset()


def test_the_label_names_no_serial(app, number):
    answer = app.test_client().get(f"/certificates/{number}/label.pdf")
    assert answer.mimetype == "application/pdf"
    text = pdf_text.text(answer.data)
    assert number in text and "PF2X" not in text
