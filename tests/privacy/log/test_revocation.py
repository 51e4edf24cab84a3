"""A certificate is taken back: the reason stands on the page, the PDF, the file, the bundle and in the log, and everybody whom it
concerns is told."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from core import clock, ports
from core.goods import custody
from core.goods.models import Item
from core.people.models import Account, Notice
from core.ports import ClearanceEnded
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance.log.bundle import make_bundle
from privacy.clearance.models import Certificate
from privacy.clearance.queries import certificate_of, get_certificate
from privacy.wipes import rules
from tests import stories
from tests.harness.pdf_text import lines
from tests.privacy.test_wipe_pages import words

REASON = rules.REVOCATIONS["data_found"]


@pytest.fixture
def item(app, doing, alice, wang, zhao, shop, sequence):
    found = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    sequence()
    return found


@pytest.fixture
def paper(session, item):
    found = certificate_of(session, item).number
    session.rollback()
    return found


def take_back(who, number, reason="data_found"):
    answer = who.client().post(f"/certificates/{number}/revoke", data={"reason": reason})
    assert answer.status_code == 303


def told(session, who):
    rows = session.scalars(select(Notice).where(Notice.account_id == who.id, Notice.link.like("/certificates/%")))
    found = [one.values for one in rows if "reason" in one.values]
    session.rollback()
    return found


def sold(doing, item, to):
    with doing(to) as w:
        thing = w.session.get_one(Item, item)
        custody.move(w, thing, holder_kind="person", holder_id=to.id, place="buyer", why="sold")
        thing.owner_id = to.id


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reason_stands_wherever_the_certificate_is_read(session, anonymous, ines, paper, sequence, language):
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    from core.i18n import say

    reason = say(REASON, language)
    assert reason not in words(anonymous.get(f"/certificates/{paper}"))
    assert json.loads(anonymous.get(f"/certificates/{paper}.json").data)["reason"] is None
    take_back(ines, paper)
    sequence()
    assert words(anonymous.get(f"/certificates/{paper}")).count(reason) >= 2
    pdf = "".join(lines(anonymous.get(f"/certificates/{paper}.pdf?language={language}").data))
    assert reason.replace(" ", "") in pdf.replace(" ", "").replace("\n", "")
    file = json.loads(anonymous.get(f"/certificates/{paper}.json").data)
    assert (file["state"], file["ended_why"], file["reason"]) == ("revoked", "revoked", "data_found")


def test_the_bundle_and_the_verifier_say_it_too(app, session, anonymous, ines, paper, sequence, capsys, tmp_path):
    take_back(ines, paper)
    sequence()
    data = make_bundle(session, bench_of(app.extensions["xunshi"]), [get_certificate(session, paper)], clock.now())
    session.rollback()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b'\\"reason\\":\\"data_found\\"' in archive.read("leaves.jsonl")
        assert json.loads(archive.read(f"certificates/{paper}.json"))["reason"] == "data_found"
    (tmp_path / "b.zip").write_bytes(data)
    (tmp_path / "keys.json").write_bytes(anonymous.get("/keys.json").data)
    assert verify.main([str(tmp_path / "b.zip"), "--trust", str(tmp_path / "keys.json"), "--json"]) == 1
    checks = {one["code"]: one["ok"] for one in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["not_ended"] is False and checks["stands"] is False
    (tmp_path / "c.json").write_bytes(anonymous.get(f"/certificates/{paper}.json").data)
    verify.main([str(tmp_path / "c.json"), "--trust", str(tmp_path / "keys.json"), "--lang", "en"])
    assert "revoked data_found" in capsys.readouterr().out


def test_the_market_hears_the_reason_and_the_number(doing, ines, item, paper):
    """In the very transaction: whoever has a listing or an order resting on it can tell both sides."""
    heard = []

    def listen(w, event):
        heard.append(event)

    ports.subscribe(ClearanceEnded, listen)
    try:
        take_back(ines, paper)
    finally:
        ports._subscribers[ClearanceEnded].remove(listen)
    (event,) = heard
    assert (event.item_id, event.why, event.reason, event.certificate) == (item, "revoked", REASON, paper)


def test_its_owner_is_told_why(session, ines, alice, paper):
    take_back(ines, paper)
    assert told(session, alice) == [{"number": paper, "reason": REASON}]
    assert REASON in words(alice.client().get("/inbox"))


def test_after_the_sale_seller_and_new_owner_are_told(session, doing, ines, alice, bob, item, paper):
    sold(doing, item, bob)
    assert told(session, alice) == told(session, bob) == []
    take_back(ines, paper)
    assert told(session, alice) == told(session, bob) == [{"number": paper, "reason": REASON}]
    assert session.scalars(select(Certificate.reason)).one() == "data_found"
    session.rollback()


def test_who_has_left_is_told_nothing(session, doing, ines, alice, bob, item, paper, unguarded):
    sold(doing, item, bob)
    unguarded("UPDATE accounts SET state = 'closed' WHERE id = :i", i=alice.id)
    take_back(ines, paper)
    assert told(session, alice) == [] and len(told(session, bob)) == 1
    assert session.get_one(Account, alice.id).state == "closed"
    session.rollback()


def test_an_end_of_another_kind_says_why_as_well(session, doing, anonymous, wang, item, paper):
    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, item), "loaned")
    assert "lent to somebody" in words(anonymous.get(f"/certificates/{paper}"))
    file = json.loads(anonymous.get(f"/certificates/{paper}.json").data)
    assert (file["state"], file["ended_why"], file["reason"]) == ("superseded", "loaned", None)


def test_a_reason_stays_as_it_was_given(session, ines, paper, database):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    take_back(ines, paper)
    with pytest.raises(DatabaseError, match="keeps its text"), database.engine.begin() as connection:
        connection.execute(text("UPDATE certificates SET reason = 'inspection'"))
