"""Alice sells in three screens. Nothing she typed and no photo she chose is lost, and nobody else looks in."""

import struct
import zlib

import pytest
from sqlalchemy import func, select

from core.goods.cards import all_cards
from core.goods.models import Identifier, Item, ItemPhoto
from core.goods.rules import holds_data
from market.listings.models import Listing, SellDraft
from tests import stories
from tests.market.listings.conftest import errors, photo, told, upload


def listing_of(session, listing_id):
    session.rollback()
    return session.get_one(Listing, listing_id)


def test_a_coat_is_on_sale_after_three_screens(session, selling, alice, anonymous, run_jobs):
    listing_id = selling(alice).sells("clothing", told("clothing", a_brand="优衣库"))
    listing = listing_of(session, listing_id)
    assert (listing.state, listing.price_minor, listing.data_bearing) == ("published", 19900, False)
    assert session.scalar(select(func.count()).select_from(Identifier)) == 0, "a coat is asked for no number"
    page = anonymous.get(f"/listings/{listing_id}")
    assert page.status_code == 200 and "优衣库大衣 M" in page.text and "Holds no data" in page.text
    assert session.scalar(select(func.count()).select_from(SellDraft)) == 0
    run_jobs()
    assert f"/listings/{listing_id}" in anonymous.get("/search?q=优衣库").text


def test_a_coat_is_never_asked_for_a_number(selling, alice):
    seller = selling(alice)
    page = seller.client.get(f"/sell/{seller.draft()}/details")
    assert "i_serial" not in page.text and "m_kind" not in page.text


def test_a_laptop_waits_and_shows_the_way_to_the_wipe(session, selling, alice, bob):
    seller = selling(alice)
    listing_id = seller.sells("laptop", told("laptop"))
    listing = listing_of(session, listing_id)
    assert listing.state == "waiting_wipe"
    assert f"/items/{listing.item_id}/wipe" in seller.client.get(f"/listings/{listing_id}").text
    assert bob.client().get(f"/listings/{listing_id}").status_code == 404
    assert seller.client.post(f"/listings/{listing_id}/publish").status_code == 409
    assert listing_of(session, listing_id).state == "waiting_wipe"


def test_a_phone_is_told_the_way_by_check_list(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft("phone")
    seller.details(draft, told("phone"))
    assert "check-list" in seller.client.get(f"/sell/{draft}/price").text
    listing_id = str(seller.finish(draft).location).split("/")[-1]
    listing = listing_of(session, listing_id)
    assert listing.state == "waiting_wipe"
    assert f"/items/{listing.item_id}/wipe" in seller.client.get(f"/listings/{listing_id}").text


def test_a_television_waits_for_a_way_that_is_not_open_yet(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft("home_appliance")
    seller.details(draft, told("home_appliance", smart="yes"))
    assert "not offered yet" in seller.client.get(f"/sell/{draft}/price").text
    listing_id = str(seller.finish(draft).location).split("/")[-1]
    assert listing_of(session, listing_id).state == "waiting_wipe"
    page = seller.client.get(f"/listings/{listing_id}").text
    assert "not offered yet" in page and "/wipe" not in page


@pytest.mark.parametrize("category", [card.code for card in all_cards()])
def test_every_kind_of_thing_goes_through_the_three_screens(session, selling, alice, category):
    listing_id = selling(alice).sells(category, told(category))
    listing = listing_of(session, listing_id)
    card = next(card for card in all_cards() if card.code == category)
    assert listing.state == ("waiting_wipe" if holds_data(card, "no") else "published")


def test_the_photos_are_cleaned_and_kept_in_order(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft("clothing", photo("red"), photo("blue"))
    assert seller.client.get(f"/sell/{draft}/photos/1.jpg").mimetype == "image/jpeg"
    assert seller.client.get(f"/sell/{draft}/photos/2.jpg").status_code == 404
    seller.details(draft, told("clothing"))
    seller.finish(draft)
    session.rollback()
    assert [one.position for one in session.scalars(select(ItemPhoto).order_by(ItemPhoto.position))] == [0, 1]


# --- the photos that a kind of thing needs ---


def test_one_photo_of_a_laptop_is_not_enough_and_stays(session, selling, alice):
    seller = selling(alice)
    answer = seller.what("laptop", photo())
    assert answer.status_code == 422 and len(errors(answer)) == 1
    assert "Laptop: at least 4 photos" in errors(answer)[0] and "Keyboard and touchpad" in errors(answer)[0]
    draft = session.scalars(select(SellDraft)).one()
    assert len(draft.photos) == 1
    for path in (f"/sell/{draft.id}/details", f"/sell/{draft.id}"):
        assert seller.client.get(path).location.endswith("/what"), "no way round"
    assert seller.details(draft.id, told("laptop")).location.endswith("/what")
    assert "at least 4 photos" in seller.client.get(f"/sell/{draft.id}/what").text
    assert seller.what("laptop", photo(), photo(), photo(), path=f"/sell/{draft.id}/what").location.endswith("/details")


def test_a_coat_needs_one_and_no_slip(selling, alice):
    seller = selling(alice)
    draft = seller.draft("clothing", photo())
    assert seller.details(draft, told("clothing"), code=False).status_code == 303


def test_a_phone_is_shown_beside_its_code(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft("phone")
    code = session.scalars(select(SellDraft)).one().code
    assert code in seller.client.get(f"/sell/{draft}/details").text
    without = seller.details(draft, told("phone"), code=False)
    assert without.status_code == 422 and len(errors(without)) == 1 and code in errors(without)[0]
    wrong = seller.details(draft, told("phone", i_imei_0="1"))
    assert wrong.status_code == 422 and len(errors(wrong)) == 1, "the photo stays although a number is wrong"
    assert seller.details(draft, told("phone"), code=False).status_code == 303
    seller.finish(draft)
    session.rollback()
    views = [one.view for one in session.scalars(select(ItemPhoto).order_by(ItemPhoto.position))]
    assert views == ["", "", "with_code"]


def test_the_photo_beside_the_code_is_one_and_the_newest(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft("phone")
    for _ in range(2):
        seller.details(draft, told("phone"))
    assert [one.get("view", "") for one in session.scalars(select(SellDraft)).one().photos] == ["", "", "with_code"]
    bad = {**told("phone"), "with_code": upload(("x.jpg", b"no picture"))[0]}
    assert "with_code-error" in seller.client.post(f"/sell/{draft}/details", data=bad).text


def test_photos_that_are_needed_cant_be_taken_off_again(session, selling, alice):
    listing_id = selling(alice).sells("book", told("book"))
    photos = session.scalars(select(ItemPhoto.id)).all()
    assert len(photos) == 2 and f"/photos/{photos[0]}/remove" not in alice.client().get(f"/listings/{listing_id}/edit").text
    assert alice.client().post(f"/listings/{listing_id}/photos/{photos[0]}/remove").status_code == 409
    data = {"photos": upload(photo("pink"))}
    alice.client().post(f"/listings/{listing_id}/photos", data=data, content_type="multipart/form-data")
    assert alice.client().post(f"/listings/{listing_id}/photos/{photos[0]}/remove").status_code == 303


def test_selling_on_needs_the_photos_too(session, doing, selling, alice):
    raw = stories.laptop(doing, alice, serial="PF9ZZ802", disks=[stories.disks()[3]])
    client, said = selling(alice).client, {"title": "X1", "price": "99", "district": "330106", "condition": "light_use"}
    answer = client.post(f"/items/{raw}/sell", data=said)
    assert answer.status_code == 422 and "at least 4 photos" in errors(answer)[0]
    again = {**said, "photos": upload(*[photo() for _ in range(4)])}
    assert client.post(f"/items/{raw}/sell", data=again).status_code == 303


# --- what is wrong is said at its field, and the rest stays ---


def test_a_bad_file_is_named_and_the_good_photo_stays(session, selling, alice):
    seller = selling(alice)
    answer = seller.what("", photo(), ("notes.txt", b"no picture at all"))
    assert answer.status_code == 422
    assert any("notes.txt" in one for one in errors(answer)) and any("kind of thing" in one for one in errors(answer))
    draft = session.scalars(select(SellDraft)).one()
    assert len(draft.photos) == 1 and f"/sell/{draft.id}/photos/0.jpg" in answer.text
    again = seller.client.post(f"/sell/{draft.id}/what", data={"category": "clothing"})
    assert again.status_code == 303 and again.location.endswith("/details")


def bomb() -> bytes:
    """A small PNG that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("name", "data"), [
    ("text.jpg", b"hello"), ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("bomb.png", bomb()), ("cut.jpg", photo()[:200]), ("empty.jpg", b""), ("page.html", b"<!doctype html><script>1</script>"),
])  # fmt: skip
def test_what_is_no_photo_is_refused_at_the_field(session, selling, alice, name, data):
    answer = selling(alice).what("clothing", (name, data))
    assert answer.status_code == 422 and len(errors(answer)) == 1 and name in errors(answer)[0]
    assert session.scalars(select(SellDraft)).first() is None
    assert 'value="clothing" checked' in answer.text


def test_twelve_photos_are_enough_and_they_stay(session, selling, alice):
    seller = selling(alice)
    answer = seller.what("clothing", *[photo() for _ in range(13)])
    assert answer.status_code == 422 and any("Twelve" in one for one in [answer.text])
    draft = session.scalars(select(SellDraft)).one()
    assert len(draft.photos) == 12
    seller.client.post(f"/sell/{draft.id}/photos/0/remove")
    session.rollback()
    assert len(session.scalars(select(SellDraft)).one().photos) == 11
    assert seller.what("clothing", photo(), path=f"/sell/{draft.id}/what").status_code == 303


def test_without_a_photo_nothing_begins(session, selling, alice):
    answer = selling(alice).client.post("/sell", data={"category": "clothing"})
    assert answer.status_code == 422 and "Add at least one photo" in answer.text
    assert session.scalars(select(SellDraft)).first() is None


@pytest.mark.parametrize(("field", "typed"), [
    ("a_kind", ""), ("a_kind", "spaceship"), ("a_size", ""), ("a_size", "x" * 200), ("d_repaired", ""), ("d_repaired", "maybe"),
    ("d_known_faults", ""), ("d_known_faults", "   "),
])  # fmt: skip
def test_a_wrong_detail_is_said_and_the_others_stay(selling, alice, field, typed):
    seller = selling(alice)
    answer = seller.details(seller.draft(), told("clothing", a_brand="Brand & <b>Söhne</b>", **{field: typed}))
    assert answer.status_code == 422 and len(errors(answer)) == 1
    assert "Brand &amp; &lt;b&gt;Söhne&lt;/b&gt;" in answer.text
    assert f'href="#{field}"' in answer.text, "the summary leads to the field"


def test_a_yes_asks_where(selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    answer = seller.details(draft, told("clothing", d_repaired="yes"))
    assert answer.status_code == 422 and 'id="e_repaired-error"' in answer.text
    assert seller.details(draft, told("clothing", d_repaired="yes", e_repaired="袖口")).status_code == 303


@pytest.mark.parametrize(("field", "typed"), [
    ("i_serial_0", ""), ("i_serial_0", "To be filled by O.E.M."), ("i_serial_0", "12345678"), ("m_serial_0", "x"),
    ("m_kind_0", "tape"), ("a_ram_gb", "many"),
])  # fmt: skip
def test_a_laptops_numbers_are_looked_at(selling, alice, field, typed):
    seller = selling(alice)
    said = told("laptop", m_kind_0="hdd", m_serial_0="WD-WCC6Y4HX2P7R")
    answer = seller.details(seller.draft("laptop"), {**said, field: typed})
    assert answer.status_code == 422 and len(errors(answer)) == 1, errors(answer)
    assert "WD-WCC6Y4HX2P7R" in answer.text or field == "m_serial_0"
    twin = seller.details(seller.draft("laptop"), said)
    assert twin.status_code == 303


def test_disks_without_a_known_serial_are_left_to_the_bench(session, selling, alice):
    selling(alice).sells("laptop", told("laptop", m_kind_0="hdd", m_kind_1="ssd", m_serial_1="S3Z2NB1K904417T"))
    item = session.scalars(select(Item)).one()
    assert [medium.kind for medium in item.media] == ["ssd"]


@pytest.mark.parametrize("typed", ["", "abc", "-5", "0", "0.001", "1e5", "9" * 15, "NaN", "1,2,3.4.5"])
def test_a_price_that_is_none_is_said_and_the_words_stay(session, selling, alice, typed):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    answer = seller.finish(draft, price=typed, description="只穿过 <i>一次</i>")
    assert answer.status_code == 422 and len(errors(answer)) == 1
    assert "只穿过 &lt;i&gt;一次&lt;/i&gt;" in answer.text and "优衣库大衣 M" in answer.text
    assert session.scalars(select(Item)).first() is None, "nothing is registered by halves"
    later = seller.client.get(f"/sell/{draft}/price")
    assert "只穿过" in later.text, "what was typed is kept in the draft"


@pytest.mark.parametrize(("typed", "fen"), [("１９９", 19900), ("¥1,299.50", 129950), (" 5 ", 500), ("１，２９９．５", 129950)])
def test_prices_as_people_type_them(session, selling, alice, typed, fen):
    listing_id = selling(alice).sells("clothing", told("clothing"), price=typed)
    assert listing_of(session, listing_id).price_minor == fen


@pytest.mark.parametrize(("field", "typed"), [
    ("title", ""), ("title", "   "), ("title", "大" * 10_000), ("description", "x" * 5000), ("district", "000000"), ("district", ""),
])  # fmt: skip
def test_odd_words_and_places_are_said_at_their_field(session, selling, alice, field, typed):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    answer = seller.finish(draft, **{field: typed})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert seller.finish(draft).status_code == 303


def test_script_in_words_is_shown_as_words(selling, alice, anonymous, run_jobs):
    evil = "<script>alert(1)</script>"
    listing_id = selling(alice).sells(
        "clothing", told("clothing", a_brand=evil, d_known_faults=evil), title=evil, description=evil + "\x00'\"><img onerror=x>"
    )
    run_jobs()
    for path in (f"/listings/{listing_id}", "/", "/search?q=script", f"/search?q={evil}"):
        page = anonymous.get(path).text
        assert evil not in page and "<img onerror" not in page and "\x00" not in page


# --- banned and restricted ---


def test_banned_goods_are_refused_with_a_reason_and_the_twin_passes(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    answer = seller.finish(draft, title="象牙手镯")
    assert answer.status_code == 422 and 'id="title-error"' in answer.text and "象牙手镯" in answer.text
    assert session.scalars(select(Listing)).first() is None
    assert seller.finish(draft, title="象牙白大衣").status_code == 303


def test_two_presses_make_one_listing_and_back_leads_there(session, selling, alice, bob):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    first, second = seller.finish(draft), seller.finish(draft)
    assert first.location == second.location and second.status_code == 303
    assert session.scalar(select(func.count()).select_from(Listing)) == 1
    for path in (f"/sell/{draft}", f"/sell/{draft}/price"):
        assert seller.client.get(path).location == first.location
    assert bob.client().get(f"/sell/{draft}/price").status_code == 404


def test_a_number_of_ones_own_thing_leads_to_it_and_anothers_is_refused(session, doing, selling, alice, bob):
    stories.laptop(doing, alice, serial="PF2ZZ801", disks=[])
    for person, word in ((alice, "already on one of your things"), (bob, "another thing here")):
        seller = selling(person)
        draft = seller.draft("laptop")
        answer = seller.details(draft, told("laptop"))
        assert answer.status_code == 422 and 'id="i_serial_0-error"' in answer.text and word in answer.text
        assert "PF2ZZ801" in answer.text, "what was typed stays"
        assert seller.details(draft, told("laptop", i_serial_0="PF2ZZ802" if person is alice else "PF2ZZ803")).status_code == 303
        assert seller.finish(draft).status_code == 303


def test_a_number_or_a_disk_that_somebody_registers_meanwhile_is_refused_at_the_end(doing, selling, alice, bob):
    disk = stories.disks("hdd")[0]
    for mine, theirs in ((told("laptop"), {"serial": "PF2ZZ801", "disks": []}),
                         (told("laptop", i_serial_0="PF2ZZ804", m_kind_0="hdd", m_serial_0=disk.serial),
                          {"serial": "PF2ZZ805", "disks": [disk]})):  # fmt: skip
        seller = selling(bob)
        draft = seller.draft("laptop")
        assert seller.details(draft, mine).status_code == 303
        stories.laptop(doing, alice, **theirs)
        answer = seller.finish(draft)
        assert answer.status_code == 422 and "registered" in answer.text
        assert seller.details(draft, mine).status_code == 422, "and from now on on the screen where it is typed"


# --- whose draft it is ---


def test_a_draft_is_nobody_elses(selling, alice, bob, root, anonymous):
    seller = selling(alice)
    draft = seller.draft()
    for person in (bob, root):
        client = person.client()
        for path in ("", "/what", "/details", "/price", "/photos/0.jpg"):
            assert client.get(f"/sell/{draft}{path}").status_code == 404
        for path in ("/what", "/details", "/price", "/discard", "/photos/0/remove"):
            assert client.post(f"/sell/{draft}{path}").status_code == 404
    assert anonymous.get(f"/sell/{draft}/details").status_code in (303, 404)
    assert "sign-in" in anonymous.get("/sell").location


def test_somebody_without_a_contact_cannot_begin(people, selling):
    nobody = people.person("Nobody", verified=False)
    assert selling(nobody).client.get("/sell").status_code == 403


def test_a_draft_can_be_taken_up_again_or_thrown_away(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    assert f"/sell/{draft}" in seller.client.get("/sell").text
    assert seller.client.get(f"/sell/{draft}").location.endswith("/details")
    assert seller.client.get(f"/sell/{draft}/price").location.endswith("/details")
    seller.details(draft, told("clothing"))
    assert seller.client.get(f"/sell/{draft}").location.endswith("/price")
    assert seller.client.get(f"/sell/{draft}/details").text.count("checked") >= 2
    assert seller.client.post(f"/sell/{draft}/discard").status_code == 303
    assert session.scalars(select(SellDraft)).first() is None


def test_serial_numbers_in_a_draft_are_encrypted(session, selling, alice):
    seller = selling(alice)
    seller.details(seller.draft("laptop"), told("laptop"))
    assert "PF2ZZ801" not in session.scalars(select(SellDraft.answers)).one()


# --- selling what is in the register already ---


def test_a_bought_thing_is_sold_on_from_my_things(session, doing, selling, alice, bob):
    item_id = stories.coat(doing, alice)
    seller = selling(alice)
    assert f"/items/{item_id}/sell" in seller.client.get("/me/things").text
    data = {"title": "波司登", "price": "abc", "district": "330106", "condition": "light_use", "photos": upload(photo())}
    answer = seller.client.post(f"/items/{item_id}/sell", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and 'id="price-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(ItemPhoto)) == 1, "the photo stays"
    answer = seller.client.post(f"/items/{item_id}/sell", data={"title": "波司登", "price": "99", "district": "330106", "condition": "light_use"})
    assert answer.status_code == 303
    listing = listing_of(session, answer.location.split("/")[-1])
    assert (listing.state, listing.item_id) == ("published", item_id)
    assert seller.client.get(f"/items/{item_id}/sell").location == answer.location
    assert seller.client.post(f"/items/{item_id}/sell").location == answer.location
    assert bob.client().get(f"/items/{item_id}/sell").status_code == 404


def test_a_cleared_laptop_is_published_at_once_and_an_uncleared_one_waits(session, app, doing, selling, alice, wang, zhao, shop):
    cleared = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    raw = stories.laptop(doing, alice, serial="PF9ZZ801", disks=[stories.disks()[3]])
    seller, states = selling(alice), []
    for item_id in (cleared, raw):
        data = {"title": "X1", "price": "99", "district": "330106", "condition": "light_use", "photos": upload(*[photo() for _ in range(4)])}
        answer = seller.client.post(f"/items/{item_id}/sell", data=data)
        states.append(listing_of(session, answer.location.split("/")[-1]).state)
    assert states == ["published", "waiting_wipe"]


def test_the_life_story_is_for_its_owner(doing, alice, bob, ines):
    item_id = stories.coat(doing, alice)
    assert "A thing was registered" in alice.client().get(f"/items/{item_id}").text
    assert ines.client().get(f"/items/{item_id}").status_code == 200
    assert bob.client().get(f"/items/{item_id}").status_code == 403
    assert alice.client().get("/items/nothing").status_code == 404


def test_a_draft_left_for_thirty_days_is_gone_and_a_fresh_one_stays(session, doing, alice):
    from datetime import timedelta

    from core import clock, ids
    from core.work import work
    from market.listings.drafts import sweep_old
    from market.listings.models import SellDraft

    now = clock.now()
    with doing(alice) as w:
        for age in (31, 29):
            w.session.add(
                SellDraft(id=ids.new_id(), owner_id=alice.id, category="book", code=str(age), photos=[],
                          changed_at=now - timedelta(days=age))
            )  # fmt: skip
    with work(session, alice.actor, now) as w:
        sweep_old(w)
    assert [one.code for one in session.query(SellDraft)] == ["29"]
