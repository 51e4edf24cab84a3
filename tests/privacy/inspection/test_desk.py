"""Ines inspects: any number leads her to the thing, its whole life is there, and her looking is on record."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audit, clock, ports, secrets
from core.audit import AuditLine
from core.goods.models import Identifier, Item, StorageMedium
from core.people.models import Membership
from core.work import Actor, work
from market.orders.models import Order
from privacy.clearance.queries import certificate_of
from privacy.inspection import queries
from privacy.wipes.models import EvidenceFile, WipeJob
from tests import stories
from tests.market_stories import checked, listed_laptop, ordered, sold


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def sold_laptop(app, session, doing, alice, bob, wang, zhao, shop):
    listing_id = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = ordered(doing, listing_id, bob)
    item_id = session.get_one(Order, order_id).item_id
    assert checked(doing, order_id, bob, tail=plain(session, Identifier, item_id, "identifier")[-4:])
    sold(doing, order_id, alice)
    return item_id


def plain(session, kind, item_id, label):
    row = session.scalars(select(kind).where(kind.item_id == item_id)).first()
    return secrets.decrypt(row.value if label == "identifier" else row.serial, label)


def lookups(session):
    session.rollback()
    query = select(AuditLine).where(AuditLine.word == "core:lookup:made").order_by(AuditLine.line_no)
    return [(line.actor, line.subject, line.facts.get("kind")) for line in session.scalars(query)]


def asks(person, number):
    return person.client().post("/regulator", data={"number": number})


# --- finding ---


def test_every_number_leads_to_the_thing_and_none_is_written_down(session, ines, sold_laptop):
    order = session.scalars(select(Order).where(Order.item_id == sold_laptop)).one()
    job = session.scalars(select(WipeJob).where(WipeJob.item_id == sold_laptop)).one()
    number = certificate_of(session, sold_laptop).number
    serial, disk = plain(session, Identifier, sold_laptop, "identifier"), plain(session, StorageMedium, sold_laptop, "medium")
    asked = {
        number: "certificate", f"http://127.0.0.1:8000/certificates/{number}": "certificate",
        f" {number.lower().replace('-', ' - ')} ": "certificate", job.number: "job", order.number: "number",
        order.id: "number", f"/listings/{order.listing_id}": "number", sold_laptop.upper(): "item",
        serial: "serial", f"  {serial[:4]} {serial[4:].lower()} ": "serial", disk: "serial",
    }  # fmt: skip
    for typed in asked:
        answer = asks(ines, typed)
        assert (typed, answer.status_code, answer.location) == (typed, 303, f"/regulator/items/{sold_laptop}")
    assert lookups(session)[-len(asked) :] == [(ines.id, sold_laptop, kind) for kind in asked.values()]
    log = "".join(f"{line.subject} {line.facts}" for line in session.scalars(select(AuditLine)))
    assert serial not in log
    assert disk not in log


@pytest.mark.parametrize("typed", ["PF9NOTHERE", "XS-2026-999999-9", "PF2X****", "0" * 200, "\x00", "ſ", "'; DROP TABLE items; --"])
def test_what_is_not_there_is_said_and_recorded(session, ines, laptop, typed):
    answer = asks(ines, typed)
    assert answer.status_code == 404
    assert "No thing carries this number" in answer.text
    assert lookups(session)[-1] == (ines.id, "nothing", "none")


def test_nothing_typed_is_asked_again(ines):
    assert asks(ines, "").status_code == 422
    assert asks(ines, "x" * 201).status_code == 422
    assert ines.client().get("/regulator").status_code == 200


def test_a_part_or_a_neighbour_of_a_serial_finds_nothing(session, laptop, ines):
    serial = plain(session, Identifier, laptop, "identifier")
    for near in (serial[:-1], serial + "0", serial[:-1] + "Z"):
        assert asks(ines, near).status_code == 404


def test_one_number_on_several_things_is_a_choice(session, doing, ines, people):
    """A laptop was sold outside and comes back with another owner: the old line is no longer in force."""
    first = stories.laptop(doing, people.person("Dora"), serial="PF7SAME1", disks=stories.disks("hdd")[:1])
    with doing() as w:
        w.session.scalars(select(Identifier).where(Identifier.item_id == first)).one().live = False
    second = stories.laptop(doing, people.person("Emil"), serial="PF7SAME1", disks=stories.disks("hdd")[1:2])
    answer = asks(ines, "PF7SAME1")
    assert answer.status_code == 200
    assert set(re.findall(r"/regulator/items/(\w+)", answer.text)) == {first, second}
    assert lookups(session)[-1] == (ines.id, "several", "serial")


# --- the life of a thing ---


def test_the_page_tells_the_whole_life_over_all_rooms(session, ines, sold_laptop):
    page = ines.client().get(f"/regulator/items/{sold_laptop}").text
    for part in (
        "A thing was registered", "A storage medium was added", "registered by its owner", "was opened",
        "The owner agreed to wipe", "was begun at the bench", "was attached to wipe", "passed by rule set",
        "An operator signed a wipe", "Can hold data",
        "A verifier accepted the wipe", "was issued", "A listing went on sale", "A thing was reserved",
        "A thing was checked in person", "sold and handed over", "An order was completed: the thing was handed over",
        "ended: Delivered", "The house&#39;s signature over this certificate holds.", "nwipe", "/download",
    ):  # fmt: skip
        assert part in page, part
    assert page.count("<h1") == 1
    assert lookups(session)[-1] == (ines.id, sold_laptop, "dossier")


def test_people_are_named_by_what_they_were(session, ines, sold_laptop, alice, bob, wang, zhao):
    page = ines.client().get(f"/regulator/items/{sold_laptop}").text
    shown = re.search(r'id="chain".*?</section>', page, re.S).group()
    for who in ("Earlier owner", "Buyer", "Wipe operator, Shop clerk · 西湖旧货行", "Wipe verifier · 西湖旧货行"):
        assert f"<span>{who}</span>" in shown, who
    for name in ("Alice", "Bob", "Wang", "Zhao"):
        assert name not in shown


def test_a_role_counts_at_its_time(session, ines, laptop, wang, people, shop):
    """Wang leaves the shop: what she did there stays done by a wipe operator."""
    with work(session, Actor("system:test"), clock.now() + timedelta(days=1)) as w:
        for one in w.session.scalars(select(Membership).where(Membership.account_id == wang.id)):
            one.ended_at = w.now
    people.give_role(wang, "reviewer", people.organisation("循市", "platform"))
    page = ines.client().get(f"/regulator/items/{laptop}").text
    assert "Wipe operator" in page
    assert "Reviewer" not in page


def test_a_thing_without_data_has_a_life_too(doing, ines, alice):
    coat = stories.coat(doing, alice)
    page = ines.client().get(f"/regulator/items/{coat}")
    assert page.status_code == 200
    assert "No certificate was issued for this thing." in page.text


def test_chinese_is_whole(ines, sold_laptop):
    page = ines.client(language="zh").get(f"/regulator/items/{sold_laptop}").text
    shown = re.search(r'id="chain">(.*?)</section>', page, re.S).group(1)
    text = re.sub(r"<[^>]+>|QC-\S+|XS-\S+|CN-\S+|WD\S+|[0-9a-f]{12}", " ", shown)
    assert not re.search(r"[A-Za-z]{4,}", text), re.findall(r"[A-Za-z]{4,}", text)


def test_nothing_of_an_unknown_thing(ines):
    assert ines.client().get("/regulator/items/01hzzzzzzzzzzzzzzzzzzzzzzz").status_code == 404


def test_the_files_download_and_each_look_is_on_record(session, ines, laptop):
    client = ines.client()
    href = re.search(r'href="(/evidence/\w+/download)"', client.get(f"/regulator/items/{laptop}").text).group(1)
    answer = client.get(href)
    file = session.scalars(select(EvidenceFile)).one()
    assert len(answer.data) == file.size
    words = list(session.scalars(select(AuditLine.word).where(AuditLine.actor == ines.id).order_by(AuditLine.line_no)))
    assert words == ["core:lookup:made", "privacy:evidence:downloaded"]


def test_the_chain_goes_into_a_sheet_without_formulas(session, doing, people, ines, wang, zhao, app):
    shop = people.organisation('=HYPERLINK("http://evil.example","x")')
    people.give_role(wang, "wipe_operator", shop)
    people.give_role(zhao, "wipe_verifier", shop)
    owner = people.person("Alice")
    item_id = stories.wiped_laptop(app, doing, owner, wang, zhao, shop)
    with doing() as w:
        w.session.get_one(Item, item_id).model = "=1+1"
    answer = ines.client().get(f"/regulator/items/{item_id}/chain.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["Thing", "Time (UTC)", "Room", "Event", "By", "Actor's id", "Address"]
    assert len(rows) - 1 == len(ports.dossier(session, item_id))
    assert [row[1] for row in rows[1:]] == sorted(row[1] for row in rows[1:])
    assert {row[0] for row in rows[1:]} == {item_id}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert lookups(session)[-1] == (ines.id, item_id, "export")


# --- who may ---


@pytest.mark.parametrize("path", ["/regulator", "/regulator/items/{item}", "/regulator/items/{item}/chain.csv"])
def test_only_a_regulator_with_second_factor_comes_in(path, laptop, ines, alice, wang, zhao, root, anonymous):
    path = path.format(item=laptop)
    assert ines.client().get(path).status_code == 200
    for other in (alice, wang, zhao, root):
        assert other.client().get(path).status_code == 403
    assert "/second-factor" in ines.client(factor=False).get(path).location
    assert "/sign-in" in anonymous.get(path).location


def test_a_look_up_that_was_refused_leaves_no_line(session, alice, laptop):
    assert asks(alice, "PF2XK9A7").status_code == 403
    assert not [one for one in lookups(session) if one[0] == alice.id]


def test_queries_stay_few_however_long_the_life(session, ines, sold_laptop, database):
    from sqlalchemy import event

    seen = []
    client = ines.client()
    event.listen(database.engine, "after_cursor_execute", lambda *args: seen.append(args[2]))
    assert client.get(f"/regulator/items/{sold_laptop}").status_code == 200
    assert len(seen) < 70, len(seen)


def test_the_dossier_has_each_custody_line_once(session, sold_laptop):
    said = [line.sentence % line.values for line in ports.dossier(session, sold_laptop)]
    assert len([one for one in said if "registered by its owner" in one]) == 1
    assert audit.WORDS["core:custody:moved"] not in said, "told by its custody line"


def test_what_is_found_is_limited(session, doing, ines, people):
    for n in range(queries.MOST_THINGS + 2):
        one = stories.laptop(doing, people.person(f"P{n}"), serial="PF7SAME2", disks=[])
        with doing() as w:
            w.session.scalars(select(Identifier).where(Identifier.item_id == one)).one().live = False
    assert len(queries.find(session, "PF7SAME2").items) == queries.MOST_THINGS
