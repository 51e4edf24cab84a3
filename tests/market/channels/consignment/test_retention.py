"""A closed file is kept as long as the law asks and then destroyed; leaving the market unties it; the export tells all of it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import clock, ports
from core.audit import AuditLine
from core.config import BadSetting, load
from core.people.rules import months_later, read_address
from core.ports import PersonClosing, happened, providers
from market.channels.consignment import actions, attached, delegates, own_data, retention, rules, slips
from market.channels.consignment.attached import Attached
from market.channels.consignment.delegates import Named
from market.channels.consignment.models import Consignor, Delegate
from tests import consignor_stories as story
from tests.consignor_stories import CARD


@pytest.fixture
def closed(doing, chen, shop):
    """A file with everything in it, closed just now."""
    file_id = story.opened(doing, chen, shop, choices=actions.Choices(payout="transfer", account=CARD, no_discount=True))
    with doing(chen) as w:
        row = w.session.get_one(Consignor, file_id)
        delegates.name(w, row, Named(name="林小明", paper=rules.read_paper("passport", "E87654321"), goods=True, money=False))
        slips.make(w, row)
        actions.close(w, row)
    return file_id


def swept(doing, later, months=36):
    now = clock.now() + later
    with doing() as w:
        w.now = now
        retention.run(w, months)


def test_destroyed_when_its_time_is_over_and_not_a_day_before(session, doing, closed):
    end = months_later(clock.now(), 36) - clock.now()
    swept(doing, end - timedelta(days=1))
    assert story.row(session, closed).state == "closed" and session.scalars(select(Delegate)).all()
    swept(doing, end + timedelta(days=1))
    row = story.row(session, closed)
    assert (row.state, row.number, row.org_id != "") == ("erased", "C-0001", True)
    assert {getattr(row, one) for one in ("name", "shown", "paper_no", "paper_masked", "contact", "contact_masked", "address", "payout_account", "payout_masked")} == {""}
    assert (row.paper_digest, row.contact_digest, row.slip_digest, row.account_id) == (None, None, None, None)
    assert session.scalars(select(Delegate)).all() == []
    assert session.scalars(select(AuditLine.facts).where(AuditLine.word == "market:consignor:erased")).all() == [{"delegates": 1}]


def test_a_longer_term_by_setting_counts(session, doing, closed):
    swept(doing, timedelta(days=1200), months=60)
    assert story.row(session, closed).state == "closed"
    swept(doing, timedelta(days=1900), months=60)
    assert story.row(session, closed).state == "erased"


def test_the_setting_can_only_make_it_longer(tmp_path):
    told = {"XUNSHI_DATA": str(tmp_path)}
    assert load(told).consignor_months == 36 and load({**told, "XUNSHI_CONSIGNOR_MONTHS": "60"}).consignor_months == 60
    for wrong in ("35", "0", "241", "-40", "３６", "3.5", "x"):
        with pytest.raises(BadSetting, match="36 to 240"):
            load({**told, "XUNSHI_CONSIGNOR_MONTHS": wrong})


def test_an_open_file_and_one_opened_again_are_never_destroyed(session, doing, chen, shop, closed):
    with doing(chen) as w:
        actions.reopen(w, w.session.get_one(Consignor, closed))
    swept(doing, timedelta(days=9999))
    assert story.row(session, closed).state == "open"


def test_the_stub_is_a_page_and_nothing_can_be_done_with_it(session, doing, chen, mu, closed):
    swept(doing, timedelta(days=1200))
    page = mu.client().get(f"/consignors/{closed}").text
    assert "C-0001" in page and "Only the number of the file is left" in page and "Show in full" not in page
    done = [mu.client().post(f"/consignors/{closed}/{one}", data={"why": "reach", "payout": "cash"}).status_code for one in ("show", "change", "reopen", "slip", "slip/end")]
    assert done == [409] * 5 and mu.client().post(f"/consignors/{closed}/close", follow_redirects=True).status_code == 200
    assert story.row(session, closed).state == "erased"
    org_id = story.row(session, closed).org_id
    session.rollback()
    assert story.opened(doing, chen, org_id) != closed, "the same paper has a new file"
    assert "C-0002" in chen.client().get(f"/consignment/{org_id}/consignors").text


@pytest.mark.parametrize("left", [{"name": "x"}, {"contact_digest": "a" * 64}, {"address": "x"}, {"paper_digest": "a" * 64}, {"slip_digest": "a" * 64}])
def test_the_database_lets_nothing_stay_in_an_erased_file(session, doing, closed, left):
    swept(doing, timedelta(days=1200))
    with pytest.raises(IntegrityError):
        session.execute(update(Consignor).where(Consignor.id == closed).values(**left))
    session.rollback()


def test_the_sweep_is_wound_up_and_the_table_tells_it(app):
    from core.runner import SWEEPS

    every, step = SWEEPS["consignor_files"]
    assert every == retention.EVERY and step.keywords == {"months": 36}
    with app.app_context():
        (row,) = [one for one in ports.retention() if one.data == "Consignors' files at shops"]
    assert row.months == 36 and not row.closing and own_data.months() == 36


@pytest.fixture
def mine(session, doing, chen, shop, alice):
    contact = read_address(story.address_of(session, alice))
    session.rollback()
    file_id = story.opened(doing, chen, shop, contact=contact, name="林晓雯")
    with doing() as w:
        w.session.get_one(Consignor, file_id).account_id = alice.id
    return file_id


def test_the_export_tells_the_person_everything_and_who_looked(session, alice, bob, mu, mine):
    mu.client().post(f"/consignors/{mine}/show", data={"why": "reach"})
    session.rollback()
    told = providers("personal_data")["market"]
    (one,) = told(session, alice.id)["consignments"]
    assert (one["shop"], one["file"], one["name"], one["address"]) == ("西湖旧货行", "C-0001", "林晓雯", "翠苑一区 20 幢 301")
    assert one["paper_no"].startswith("33010619520304") and [look["why"] for look in one["seen_in_full"]] == ["reach"]
    assert told(session, bob.id)["consignments"] == []


def test_who_leaves_is_untied_and_the_register_stays(session, doing, alice, mine):
    with doing(alice) as w:
        happened(w, PersonClosing(alice.id))
    row = story.row(session, mine)
    assert (row.account_id, row.state) == (None, "closed") and row.name != "" and row.closed_at is not None
    swept(doing, timedelta(days=1200))
    assert story.row(session, mine).state == "erased"


def test_an_open_agreement_keeps_the_account(session, alice, bob, mine, monkeypatch):
    assert [one.code for one in ports.holds(session, alice.id)] == []
    monkeypatch.setattr(attached, "_TELLERS", [lambda _session, _id: [Attached(title="A", state=("Open", "good"), link="/x")]])
    (hold,) = ports.holds(session, alice.id)
    assert (hold.code, hold.link, hold.values) == ("consigned", f"/consignments/{mine}", {"number": "C-0001"}) and not ports.holds(session, bob.id)


def test_a_part_that_tells_twice_is_heard_once(monkeypatch):
    monkeypatch.setattr(attached, "_TELLERS", [])
    one = SimpleNamespace(rows=lambda _session, _id: [Attached(title="A", state=("Over", "neutral"), link="/x", open=False)]).rows
    attached.tells(one)
    attached.tells(one)
    assert len(attached.rows(None, "x")) == 1 and not attached.keeps_open(None, "x")


def test_months_back_and_forth_agree_on_any_day():
    """The sweep asks for what was closed so many months ago; whatever it finds early, `erase` looks at once more."""
    for day in range(730):
        moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day)
        found = months_later(moment, -36)
        assert months_later(found, 36) <= moment
