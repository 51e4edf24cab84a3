"""Lists of stolen and barred numbers: loaded by staff, found again on Alice's phone, which is frozen until a person has decided."""

import io
import json
from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from appraisal.grades.guide_models import CheckAnswer
from appraisal.grades.models import Report
from appraisal.grades.number_paper import identity_blocks
from appraisal.identity import lists, queries
from appraisal.identity.list_rules import FRESH_DAYS
from appraisal.identity.models import ListedNumber, NumberHit, NumberList
from core import clock, ports
from core.audit import AuditLine
from core.csv_files import BadFile
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.goods.models import Item
from core.number_ports import number_standing
from core.ports import ItemFrozen
from core.queue.models import QueueEntry
from market.listings import actions as listings
from market.listings.models import Listing
from privacy.clearance.queries import find_clearance
from tests import stories
from tests.appraisal.identity.test_numbers import ONE, THREE, TWO, begun, best, looked, photographed, read, row, signed
from tests.appraisal.identity.test_numbers import phone as phone
from tests.market_stories import listed

OTHERS = "number\n490154203237526\nC02XK0AAJG5H\n"


@pytest.fixture
def phone_path(li, phone, all_wiped):
    found = begun(li, phone, photos=False)
    photographed(li.client(), found, numbers=False)
    read(li, found, dial_pad_1=ONE, dial_pad_2=TWO, card_tray_1=ONE)
    return found


@pytest.fixture
def platform(people):
    return people.organisation("循市", "platform")


@pytest.fixture
def ada(people, platform):
    person = people.person("Ada")
    people.give_role(person, "administrator", platform)
    return person


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def day(ago=0):
    return (clock.local(clock.now()).date() - timedelta(days=ago)).isoformat()


def load(doing, raw, *, kind="stolen", source="西湖分局", ago=0):
    with doing() as w:
        return lists.load(w, raw.encode(), kind=kind, source=source, day=day(ago))


def state(session, item_id):
    session.rollback()
    return session.get_one(Item, item_id).state


def standing(session, item_id):
    session.rollback()
    return number_standing(session, item_id, clock.now()).state


def test_a_number_on_a_list_gates_the_grade_whatever_is_ticked(session, doing, li, phone, phone_path):
    done = load(doing, f"number\n{TWO}\n", kind="blocked")
    assert (done.version, done.lines, done.hits) == (1, 1, 1)
    assert state(session, phone) == "frozen"
    page = li.client().get(f"{phone_path}/checks/blacklist").text
    assert "On a list" in page and "西湖分局" in page
    assert looked(li, phone_path).status_code == 303
    assert "can't be accepted" in li.client().get(f"{phone_path}/finish").text.replace("&#39;", "'")
    assert signed(li, phone_path).status_code == 303
    made = row(session, phone_path)
    assert (made.grade, made.answers["blacklist"], made.answers["claims"]) == ("reject", "listed", best()["claims"])
    told = json.loads(session.get_one(Report, made.id).body)["identity"]["lists"]
    assert told["states"] == {"stolen": "unknown", "blocked": "listed"}, "a barred number is no notice of stolen goods"
    assert {"kind": "blocked", "source": "西湖分局", "version": 1, "day": day(), "lines": 1, "state": "listed", "why": None} in told["of"]
    forced = session.scalars(select(CheckAnswer).where(CheckAnswer.check_code == "blacklist").order_by(CheckAnswer.id)).all()[-1]
    assert (forced.answer, forced.said_by) == ("listed", "system:lists")


def test_a_number_in_a_notice_of_stolen_goods_answers_that_check_and_not_the_carriers(session, doing, li, phone, phone_path):
    """The genuine twin: here it is the notice that speaks."""
    load(doing, f"number\n{TWO}\n", kind="stolen")
    assert looked(li, phone_path).status_code == 303 and signed(li, phone_path).status_code == 303
    made = row(session, phone_path)
    assert (made.grade, made.answers["blacklist"], made.answers["claims"]) == ("reject", "clear", "listed")
    told = json.loads(session.get_one(Report, made.id).body)["identity"]["lists"]
    assert told["states"] == {"stolen": "listed", "blocked": "unknown"}


@pytest.mark.parametrize("kind", ["stolen", "blocked"])
def test_another_thing_with_a_number_of_a_frozen_one_is_listed_as_that_is(session, doing, alice, phone, kind):
    """Alice takes her number off the frozen phone and registers another with it: what is held against the first holds for it."""
    load(doing, f"number\n{ONE}\n{TWO}\n", kind=kind, ago=1)
    with doing() as w:
        for one in w.session.get_one(Item, phone).identifiers:
            one.live = False
    with doing(alice) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [ONE]})
        other = take_in(w, alice.id, given).id
    load(doing, OTHERS, kind=kind)  # the newest version names neither
    session.rollback()
    states = queries.listed(session, session.get_one(Item, other), clock.now()).states
    assert states == {one: ("listed", "") if one == kind else ("unknown", "none_loaded") for one in ("stolen", "blocked")}
    assert number_standing(session, phone, clock.now()).state == "listed", "a person lets it go, not a file"


def test_the_same_phone_not_on_the_list_is_graded(session, doing, li, phone, phone_path):
    """The genuine twin: fresh lists of both kinds that name others. Nobody's own word is needed then."""
    load(doing, OTHERS)
    load(doing, OTHERS, kind="blocked")
    assert standing(session, phone) == "clear" and state(session, phone) == "active"
    assert signed(li, phone_path).status_code == 303
    made = row(session, phone_path)
    assert made.grade not in ("reject", "U") and made.result["identity"]["lists"]["states"] == {"stolen": "clear", "blocked": "clear"}


def test_what_was_found_and_not_cleared_stays_said_when_the_list_drops_it(doing, li, phone_path, session, ada):
    load(doing, f"number\n{TWO}\n", kind="blocked", ago=1)
    load(doing, OTHERS, kind="blocked")
    page = li.client().get(f"{phone_path}/checks/blacklist").text
    assert "On a list" in page and "Frozen in this market" in page, "whose word it is"
    hit_id = session.scalars(select(NumberHit.id)).one()
    with doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), False, "名单已更正")
    page = li.client().get(f"{phone_path}/checks/blacklist").text
    assert "On a list" not in page and "Frozen in this market" not in page and "Not on the lists" in page


@pytest.mark.parametrize(("ago", "en", "zh"), [
    (None, "No such list was loaded", "没有导入这类名单"), (FRESH_DAYS + 1, "older than 31 days", "已超过 31 天"), (0, "", ""),
])  # fmt: skip
def test_the_blacklist_screen_and_the_report_tell_of_stolen_goods_too_and_why_they_cant_say(session, doing, li, phone_path, ago, en, zh):
    load(doing, OTHERS, kind="blocked")
    if ago is not None:
        load(doing, OTHERS, kind="stolen", source="市局失物库", ago=ago)
    screen = {language: li.client(language=language).get(f"{phone_path}/checks/blacklist").text for language in ("en", "zh")}
    assert signed(li, phone_path).status_code == 303
    made = row(session, phone_path)
    for language, why, unsure in (("en", en, "Not certain"), ("zh", zh, "说不准")):
        report = li.client(language=language).get(f"/reports/{made.number}").text
        for page in (screen[language], report, str(identity_blocks(made.result["identity"], language))):
            assert ("市局失物库" in page) == (ago is not None)
            kind = page[page.index("Lists of stolen goods" if language == "en" else "失窃名单") :][:140]
            assert (unsure in kind and why in kind) if why else (unsure not in kind), (language, kind)


def test_the_finish_asks_once_for_what_was_read_and_what_lists_say(li, doing, phone_path, database):
    load(doing, OTHERS)
    client, asked = li.client(), []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listen)
    page = client.get(f"{phone_path}/finish")
    event.remove(database.engine, "before_cursor_execute", listen)
    assert page.status_code == 200 and "The numbers agree" in page.text
    for table in ("number_readings", "number_lists", "listed_numbers", "number_own_looks"):
        assert len([one for one in asked if f"FROM {table}" in one]) == 1, table


def test_an_old_list_and_none_are_unknown(session, doing, phone):
    assert standing(session, phone) == "unknown"
    load(doing, OTHERS)
    assert standing(session, phone) == "unknown", "of barred numbers there is no list"
    load(doing, OTHERS, kind="blocked", ago=FRESH_DAYS)
    assert standing(session, phone) == "clear"
    load(doing, f"{OTHERS}PF2XK9A7\n", source="another", ago=FRESH_DAYS + 1)
    assert standing(session, phone) == "unknown"
    load(doing, f"number\n{ONE}\n", source="an old one", ago=400)
    assert standing(session, phone) == "listed", "what an old list names is named"


def test_a_number_that_was_read_and_nobody_registered_is_found_too(session, doing, li, phone, phone_path):
    load(doing, f"number\n{THREE}\n")
    assert state(session, phone) == "active"
    assert read(li, phone_path, box_1=THREE).status_code == 303
    assert state(session, phone) == "frozen"
    assert session.scalars(select(NumberHit)).one().item_id == phone


def test_a_listing_comes_off_and_cant_come_back_until_a_person_has_decided(session, doing, alice, ada, laptop, run_jobs, app):
    listing_id = listed(doing, laptop, alice, title="联想 X1", price=200000)
    load(doing, "number\npf2x-k9a7\n")
    session.rollback()
    assert session.get_one(Listing, listing_id).state == "frozen" and state(session, laptop) == "frozen"
    assert "frozen" in alice.client().get("/inbox").text
    entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == "listed_number")).one()
    assert f"/queue/{entry.id}" in ada.client().get("/queue?kind=listed_number").text and entry.link in ada.client().get(f"/queue/{entry.id}").text
    assert ada.client().post(f"/reports/listings/{listing_id}/unfreeze").status_code == 303
    session.rollback()
    with pytest.raises(Refused) as no, doing(alice) as w:
        listings.publish(w, w.session.get_one(Listing, listing_id), find_clearance(w.session, laptop))
    assert no.value.code == "number_listed"
    page = ada.client().get(entry.link)
    assert page.status_code == 200 and "PF2X****" in page.text and "PF2XK9A7" not in page.text and "西湖分局" in page.text
    assert ada.client().post(entry.link, data={"decision": "cleared", "reason": ""}).status_code == 422
    assert ada.client().post(entry.link, data={"reason": "x"}).status_code == 422
    assert ada.client().post(entry.link, data={"decision": "cleared", "reason": "同号的是一台相机"}).status_code == 303
    assert state(session, laptop) == "active"
    with doing(alice) as w:
        assert listings.publish(w, w.session.get_one(Listing, listing_id), find_clearance(w.session, laptop))
    load(doing, "number\nPF2XK9A7\nC02XK0AAJG5H\n")
    assert state(session, laptop) == "active", "cleared of this source for good"
    load(doing, "number\nPF2XK9A7\n", source="another")
    assert state(session, laptop) == "frozen", "another source is another matter"


def test_confirmed_it_stays_and_can_be_let_go_later(session, doing, alice, ada, phone):
    load(doing, f"number\n{ONE}\n")
    hit_id = session.scalars(select(NumberHit.id)).one()
    with doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), True, "号码一致")
    assert state(session, phone) == "frozen" and standing(session, phone) == "listed"
    with pytest.raises(Refused), doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), True, "again")
    with doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), False, "失主已撤案")
    assert state(session, phone) == "active"
    with pytest.raises(Refused), doing(ada) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), True, "again")


def test_nobody_decides_on_their_own_thing(session, doing, people, alice, phone, platform):
    load(doing, f"number\n{ONE}\n")
    hit_id = session.scalars(select(NumberHit.id)).one()
    people.give_role(alice, "reviewer", platform)
    with pytest.raises(Forbidden), doing(alice) as w:
        lists.decide(w, w.session.get_one(NumberHit, hit_id), False, "mine")
    assert alice.client().post(f"/listed-numbers/{hit_id}", data={"decision": "cleared", "reason": "mine"}).status_code == 403
    rui = people.person("Rui")
    people.give_role(rui, "reviewer", platform)
    assert rui.client().post(f"/listed-numbers/{hit_id}", data={"decision": "cleared", "reason": "seen"}).status_code == 303


def test_what_is_registered_after_the_list_is_found_by_the_clockwork(session, doing, alice):
    load(doing, "number\nPF2XK9A7\n")
    late = stories.laptop(doing, alice)
    assert state(session, late) == "active"
    with doing() as w:
        lists.sweep(w)
        lists.sweep(w)
    assert state(session, late) == "frozen" and len(session.scalars(select(NumberHit)).all()) == 1


def busy_with(item_id):
    """Somebody is at this very thing, so that what sells it can't be stopped now."""

    def stop(_w, event):
        if event.item_id == item_id:
            raise Busy()

    return mock.patch.dict(ports._subscribers, {ItemFrozen: [*ports._subscribers.get(ItemFrozen, []), stop]})


def test_one_thing_that_cant_be_stopped_now_undoes_neither_the_list_nor_the_others(session, doing, alice, phone, laptop, caplog):
    with busy_with(laptop):
        done = load(doing, f"number\n{ONE}\nPF2XK9A7\n")
        assert (done.new, done.lines, done.hits) == (True, 2, 1), "the hits that stand"
        with doing() as w:
            lists.sweep(w)
    assert (state(session, phone), state(session, laptop)) == ("frozen", "active") and laptop in caplog.text
    assert session.scalars(select(NumberHit.item_id)).all() == [phone]
    assert session.scalars(select(AuditLine.subject).where(AuditLine.word == "core:item:frozen")).all() == [phone]
    assert len(session.scalars(select(QueueEntry).where(QueueEntry.kind == "listed_number")).all()) == 1
    with doing() as w:
        lists.sweep(w)
    assert state(session, laptop) == "frozen", "the next sweep finds it"


def test_with_nobody_at_them_both_are_stopped_by_the_import(session, doing, phone, laptop, caplog):
    """The genuine twin. What an earlier list named counts for that list."""
    assert load(doing, f"number\n{ONE}\nPF2XK9A7\n").hits == 2
    assert load(doing, f"number\n{ONE}\n", kind="blocked").hits == 1
    assert {state(session, phone), state(session, laptop)} == {"frozen"} and not caplog.records


def test_cleared_of_one_list_it_stays_frozen_while_another_holds_it(session, doing, ada, phone):
    load(doing, f"number\n{ONE}\n")
    load(doing, f"number\n{ONE}\n", kind="blocked")
    first, second = session.scalars(select(NumberHit.id).order_by(NumberHit.id)).all()
    for hit_id, after in ((second, "frozen"), (first, "active")):
        with doing(ada) as w:
            lists.decide(w, w.session.get_one(NumberHit, hit_id), False, "号码不同")
        assert state(session, phone) == after


def test_a_list_is_kept_as_digests_whole_and_in_versions(session, doing):
    one = load(doing, f"number\n{ONE}\nPF2XK9A7\n", ago=2)
    assert not load(doing, f"number\n{ONE}\nPF2XK9A7\n", ago=2).new, "the same file of the same day"
    two = load(doing, f"number\n{TWO}\n")
    assert (one.version, two.version) == (1, 2)
    for bad, more in ((f"number\n{ONE[:-1]}2\n", {}), ("number\n", {}), (OTHERS, {"ago": 3}), (OTHERS, {"ago": -1}), (OTHERS, {"source": " "}),
                      (OTHERS, {"source": "x" * 81}), (OTHERS, {"kind": "lost"})):
        with pytest.raises(BadFile):
            load(doing, bad, **more)
    session.rollback()
    assert len(session.scalars(select(NumberList)).all()) == 2 and len(session.scalars(select(ListedNumber)).all()) == 3
    kept = " ".join(one.digest for one in session.scalars(select(ListedNumber)))
    logged = " ".join(str(line.facts) for line in session.scalars(select(AuditLine)))
    assert all(number not in there for number in (ONE, TWO, "PF2XK9A7") for there in (kept, logged))
    for verb in ("DELETE FROM listed_numbers", "UPDATE number_lists SET day = '2030-01-01'", "DELETE FROM number_lists"):
        with pytest.raises(IntegrityError):
            session.execute(text(verb))
        session.rollback()


def test_a_number_no_longer_on_the_newest_version_is_clear(session, doing, phone):
    load(doing, f"number\n{ONE}\nPF2XK9A7\n", source="a", ago=1)
    assert standing(session, phone) == "listed"
    hit_id = session.scalars(select(NumberHit.id)).one()
    load(doing, OTHERS, source="a")
    assert standing(session, phone) == "listed" and state(session, phone) == "frozen", "a person lets it go, not a file"
    assert session.get_one(NumberHit, hit_id).state == "open"


def test_staff_load_and_look_up_on_the_page_and_the_look_is_on_record(session, ada, people, platform, phone):
    client = ada.client()
    assert "No list of this kind is loaded" in client.get("/number-lists").text
    sent = {"kind": "stolen", "source": "西湖分局", "day": day(), "file": (io.BytesIO(f"number\n{ONE}\n".encode()), "名单.csv")}
    answer = client.post("/number-lists", data=sent, content_type="multipart/form-data", follow_redirects=True)
    assert "Numbers loaded: 1, version 1. Found on things here: 1." in answer.text
    found = client.post("/number-lists/look-up", data={"number": "35-209900-176148-1"})
    assert found.status_code == 200 and "On a list" in found.text and "iPhone 12" in found.text and ONE not in found.text
    assert "Not certain" in client.post("/number-lists/look-up", data={"number": "C02XK0AAJG5H"}).text
    assert client.post("/number-lists/look-up", data={"number": " "}).status_code == 422
    looks = session.scalars(select(AuditLine).where(AuditLine.word == "core:lookup:made").order_by(AuditLine.line_no)).all()
    assert [(one.subject, one.facts["state"]) for one in looks] == [(phone, "listed"), ("nothing", "unknown")]
    for odd in ({"day": "tomorrow"}, {"source": ""}, {"kind": "lost"}, {"file": (io.BytesIO(b""), "x.csv")}, {"file": (io.BytesIO(b"\xff\xfe"), "x.csv")}):
        told = {"kind": "stolen", "source": "x", "day": day(), "file": (io.BytesIO(OTHERS.encode()), "x.csv")} | odd
        assert client.post("/number-lists", data=told, content_type="multipart/form-data").status_code == 422
    rui = people.person("Rui")
    people.give_role(rui, "reviewer", platform)
    page = rui.client().get("/number-lists").text
    assert "Look a number up" in page and "Load the list" not in page
    sent["file"] = (io.BytesIO(OTHERS.encode()), "x.csv")
    assert rui.client().post("/number-lists", data=sent, content_type="multipart/form-data").status_code == 403


@pytest.mark.parametrize(("typed", "en", "zh"), [
    ("😀", "This is no number", "这不是号码"), ("x", "at least four characters", "至少"),
    (f"{ONE[:-1]}2", "one digit of this IMEI is mistyped", "有一位输错了"), ("Default string", "what makers leave in", "默认内容"),
])  # fmt: skip
def test_what_is_no_number_is_told_so_and_a_number_that_nobody_names_is_not_on_the_lists(doing, ada, session, typed, en, zh):
    load(doing, OTHERS)
    load(doing, OTHERS, kind="blocked")
    for language, words, clear in (("en", en, "Not on the lists"), ("zh", zh, "不在名单上")):
        client = ada.client(language=language)
        no = client.post("/number-lists/look-up", data={"number": typed})
        assert no.status_code == 422 and words in no.text and clear not in no.text
        genuine = client.post("/number-lists/look-up", data={"number": ONE})
        assert genuine.status_code == 200 and clear in genuine.text and words not in genuine.text
    looks = session.scalars(select(AuditLine.facts).where(AuditLine.word == "core:lookup:made")).all()
    assert len(looks) == 2, "what is no number was looked up nowhere"


def test_a_serial_number_of_fifteen_digits_that_a_list_names_is_found(doing, ada):
    """It is an IMEI with a slip by its looks; the list knows better."""
    serial = f"{ONE[:-1]}2"
    load(doing, f"number,kind\n{serial},serial\n")
    found = ada.client().post("/number-lists/look-up", data={"number": serial})
    assert found.status_code == 200 and "On a list" in found.text


def test_strangers_see_nothing_of_it(anonymous, bob, phone, doing, session):
    load(doing, f"number\n{ONE}\n")
    hit_id = session.scalars(select(NumberHit.id)).one()
    for path in ("/number-lists", f"/listed-numbers/{hit_id}"):
        assert anonymous.get(path).status_code in (302, 303, 401) and bob.client().get(path).status_code == 403


def test_a_hit_keeps_what_it_is_about(session, doing, phone):
    load(doing, f"number\n{ONE}\n")
    for verb in ("UPDATE number_hits SET source = 'x'", "DELETE FROM number_hits", "UPDATE number_hits SET state = 'cleared'"):
        with pytest.raises(IntegrityError):
            session.execute(text(verb))
        session.rollback()
    with pytest.raises(Invalid), doing() as w:
        lists.decide(w, w.session.scalars(select(NumberHit)).one(), False, " ")
