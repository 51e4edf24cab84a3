"""A listing on its page: the seller changes it, others look, keep it, talk about it, report it."""

import pytest
from sqlalchemy import func, select

from core.goods.models import Item
from core.people.models import Notice
from core.ports import ItemFrozen
from market.listings import actions, freezing
from market.listings.models import Favourite, Listing, Message, Report
from tests.market.listings.conftest import OFFER, photo, told, upload
from tests.market_stories import checked, listed_coat, listed_laptop, ordered, reserved, sold, state_of


@pytest.fixture
def rui(people):
    """Reviews what is reported."""
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市", "platform"))
    return person


def test_the_seller_edits_pauses_resumes_and_withdraws(session, coat, alice, bob, anonymous):
    client = alice.client()
    page = client.get(f"/listings/{coat}/edit").text
    assert 'value="199.00"' in page and "自提，无瑕疵" in page
    answer = client.post(f"/listings/{coat}/edit", data={**OFFER, "price": "188.8", "negotiable": "y"})
    assert answer.status_code == 303
    shown = anonymous.get(f"/listings/{coat}").text
    assert "188.80" in shown and "negotiable" in shown
    assert client.post(f"/listings/{coat}/pause").status_code == 303 and state_of(session, coat) == "paused"
    assert anonymous.get(f"/listings/{coat}").status_code == 404
    assert client.get(f"/listings/{coat}").status_code == 200
    assert client.post(f"/listings/{coat}/resume").status_code == 303 and state_of(session, coat) == "published"
    assert client.post(f"/listings/{coat}/withdraw").status_code == 303 and state_of(session, coat) == "withdrawn"
    assert "/sell" in client.get(f"/listings/{coat}").text
    assert client.post(f"/listings/{coat}/resume").status_code == 409
    assert bob.client().get(f"/listings/{coat}").status_code == 404


@pytest.mark.parametrize(("field", "typed"), [
    ("price", "x"), ("price", "-1"), ("title", ""), ("title", "t" * 81), ("title", "象牙手镯"), ("district", "9"),
])  # fmt: skip
def test_a_wrong_edit_keeps_what_was_typed_and_changes_nothing(session, coat, alice, field, typed):
    answer = alice.client().post(f"/listings/{coat}/edit", data={**OFFER, "description": "新说明", field: typed})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and "新说明" in answer.text
    assert session.get_one(Listing, coat).description == "自提，无瑕疵"


def test_nobody_else_changes_it(coat, bob, root, anonymous):
    for person in (bob, root):
        client = person.client()
        assert client.get(f"/listings/{coat}/edit").status_code == 403
        for verb in ("edit", "pause", "resume", "withdraw", "publish"):
            assert client.post(f"/listings/{coat}/{verb}").status_code == 403
    assert "sign-in" in anonymous.post(f"/listings/{coat}/pause").location
    assert anonymous.get("/listings/nothing").status_code == 404


def test_a_reserved_listing_keeps_its_words(session, doing, coat, alice, bob):
    reserved(doing, coat, bob)
    answer = alice.client().post(f"/listings/{coat}/edit", data=OFFER)
    assert answer.status_code == 409 and "can&#39;t be changed" in answer.text
    assert session.get_one(Listing, coat).title == "波司登羽绒服 95新"


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["withdraw", "freeze", "sold"])
def test_what_is_over_keeps_its_words_and_its_edit_page_is_shut(session, doing, coat, alice, bob, verb):
    if verb == "sold":
        order = ordered(doing, coat, bob)
        checked(doing, order, bob)
        sold(doing, order, alice)
    else:
        with doing(alice) as w:
            listing = w.session.get_one(Listing, coat)
            actions.withdraw(w, listing) if verb == "withdraw" else freezing.freeze(w, ItemFrozen(listing.item_id, "report_upheld"))
    client = alice.client()
    page = client.get(f"/listings/{coat}/edit")
    assert page.status_code == 409 and "can&#39;t be changed" in page.text
    for path, data in (("edit", {**OFFER, "title": "别的东西", "price": "1"}), ("photos", {"photos": upload(photo())})):
        assert client.post(f"/listings/{coat}/{path}", data=data).status_code == 409
    session.rollback()
    found = session.get_one(Listing, coat)
    assert (found.title, found.price_minor) == ("波司登羽绒服 95新", 19900)
    assert f"/listings/{coat}/edit" not in client.get(f"/listings/{coat}").text


def test_a_reserved_listings_edit_page_is_shut_and_a_paused_ones_open(doing, coat, alice, bob):
    assert alice.client().post(f"/listings/{coat}/pause").status_code == 303
    assert alice.client().get(f"/listings/{coat}/edit").status_code == 200
    assert alice.client().post(f"/listings/{coat}/edit", data=OFFER).status_code == 303
    alice.client().post(f"/listings/{coat}/resume")
    reserved(doing, coat, bob)
    assert alice.client().get(f"/listings/{coat}/edit").status_code == 409


def test_favourites_that_are_gone_lead_nowhere_dead(session, doing, coat, alice, bob):
    client, other = bob.client(), listed_coat(doing, alice, title="大衣 红色")
    for one in (coat, other):
        client.post(f"/listings/{one}/favourite")
    with doing(alice) as w:
        actions.withdraw(w, w.session.get_one(Listing, coat))
    page = client.get("/me/favourites").text
    assert f"/listings/{coat}" not in page and f"/listings/{other}" in page and "1 thing you kept is off the market" in page
    assert client.get(f"/listings/{other}").status_code == 200
    alice.client().post(f"/listings/{other}/favourite")
    with doing(alice) as w:
        actions.pause(w, w.session.get_one(Listing, other))
    assert f"/listings/{other}" in alice.client().get("/me/favourites").text, "one's own is there for its seller"


def test_favourites_go_on_and_off(session, coat, bob):
    client = bob.client()
    client.post(f"/listings/{coat}/favourite")
    assert session.get(Favourite, (bob.id, coat)) is not None
    assert f"/listings/{coat}" in client.get("/me/favourites").text
    assert "1 person wants it" in client.get(f"/listings/{coat}").text
    session.rollback()
    client.post(f"/listings/{coat}/favourite")
    session.expire_all()
    assert session.get(Favourite, (bob.id, coat)) is None
    assert "No favourites yet" in client.get("/me/favourites").text


def test_two_people_talk_and_nobody_listens(session, coat, alice, bob, charlie, root):
    client = bob.client()
    path = client.get(f"/listings/{coat}/talk").location
    assert path == f"/listings/{coat}/talk/{bob.id}"
    assert client.post(path, data={"body": "还在吗？\n什么时候能看？"}).status_code == 303
    assert alice.client().post(path, data={"body": "在 <b>的</b>"}).status_code == 303
    page = client.get(path).text
    assert "还在吗？" in page and "在 &lt;b&gt;的&lt;/b&gt;" in page and "Careful" not in page
    assert "还在吗" not in alice.client().get("/me/messages").text and "波司登" in alice.client().get("/me/messages").text
    assert session.scalar(select(func.count()).where(Notice.account_id == alice.id)) == 1
    for person in (charlie, root):
        assert person.client().get(path).status_code == 403
        assert person.client().post(path, data={"body": "x"}).status_code == 403
    assert client.get(f"/listings/{coat}/talk/{alice.id}").status_code == 404, "nobody talks with oneself"
    assert alice.client().get(f"/listings/{coat}/talk").location == "/me/messages"


@pytest.mark.parametrize("body", ["加微信聊", "转账给我就行", "WeChat me", "打 13812345678", "see https://x.example"])
def test_words_that_lead_away_are_marked_for_both(session, coat, alice, bob, body):
    path = f"/listings/{coat}/talk/{bob.id}"
    asked = alice.client().post(path, data={"body": body})
    assert asked.status_code == 422 and "Look once more" in asked.text and session.scalars(select(Message)).first() is None
    assert alice.client().post(path, data={"body": body, "sure": "yes"}).status_code == 303
    assert session.scalars(select(Message.warned)).one() is True
    for person in (alice, bob):
        assert "Careful" in person.client().get(path).text


@pytest.mark.parametrize("body", ["", "   ", "\x00", "x" * 1001])
def test_an_empty_or_endless_message_is_not_sent(session, coat, bob, body):
    answer = bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": body})
    assert answer.status_code == 422 and 'id="body-error"' in answer.text
    assert session.scalars(select(Message)).first() is None


# --- reports and the reviewers' desk ---


def test_one_report_a_person_is_handled_by_a_reviewer(session, coat, alice, bob, rui):
    client = bob.client()
    assert client.get(f"/listings/{coat}/report").status_code == 200
    wrong = client.post(f"/listings/{coat}/report", data={"reason": "", "words": "假的"})
    assert wrong.status_code == 422 and 'id="reason-error"' in wrong.text and "假的" in wrong.text
    for words in ("假的", "<script>真的是假的</script>"):
        assert client.post(f"/listings/{coat}/report", data={"reason": "false", "words": words}).status_code == 303
    report = session.scalars(select(Report)).one()
    assert report.words == "<script>真的是假的</script>"
    desk = rui.client()
    page = desk.get("/reports").text
    assert "&lt;script&gt;真的是假的" in page and "Bob" not in page
    assert desk.post(f"/reports/{report.id}", data={"decision": "uphold", "reason": "看过了"}).status_code == 303
    assert state_of(session, coat) == "frozen"
    assert desk.post(f"/reports/{report.id}", data={"decision": "dismiss", "reason": "看过了"}).status_code == 409, "decided once"
    assert alice.client().post(f"/listings/{coat}/resume").status_code == 409
    assert bob.client().get(f"/listings/{coat}").status_code == 404


def test_a_dismissed_report_leaves_it_on_sale(session, coat, bob, rui):
    bob.client().post(f"/listings/{coat}/report", data={"reason": "other"})
    report = session.scalars(select(Report)).one()
    rui.client().post(f"/reports/{report.id}", data={"decision": "dismiss", "reason": "看过了"})
    assert state_of(session, coat) == "published" and "No open reports" in rui.client().get("/reports").text


def test_a_frozen_listing_is_released_as_a_draft(session, coat, alice, bob, rui):
    bob.client().post(f"/listings/{coat}/report", data={"reason": "stolen"})
    desk, report = rui.client(), session.scalars(select(Report)).one()
    desk.post(f"/reports/{report.id}", data={"decision": "uphold", "reason": "看过了"})
    session.rollback()
    assert session.get_one(Item, session.get_one(Listing, coat).item_id).state == "active"
    assert f"/reports/listings/{coat}/unfreeze" in desk.get("/reports").text
    assert desk.post(f"/reports/listings/{coat}/unfreeze").status_code == 303
    assert state_of(session, coat) == "draft"
    assert alice.client().post(f"/listings/{coat}/publish").status_code == 303
    assert state_of(session, coat) == "published"


def test_nobody_releases_their_own_frozen_listing(session, coat, alice, bob, rui, people):
    bob.client().post(f"/listings/{coat}/report", data={"reason": "stolen"})
    report = session.scalars(select(Report)).one()
    rui.client().post(f"/reports/{report.id}", data={"decision": "uphold", "reason": "看过了"})
    people.give_role(alice, "reviewer", people.organisation("循市", "platform"))
    assert alice.client().post(f"/reports/listings/{coat}/unfreeze").status_code == 409
    assert state_of(session, coat) == "frozen"
    assert rui.client().post(f"/reports/listings/{coat}/unfreeze").status_code == 303


def test_reported_again_after_the_decision_says_so_and_changes_nothing(session, coat, bob, rui):
    bob.client().post(f"/listings/{coat}/report", data={"reason": "other", "words": "first"})
    report = session.scalars(select(Report)).one()
    rui.client().post(f"/reports/{report.id}", data={"decision": "dismiss", "reason": "看过了"})
    answer = bob.client().post(f"/listings/{coat}/report", data={"reason": "other", "words": "second"})
    assert answer.status_code == 409 and "a reviewer has decided on it" in answer.text
    session.expire_all()
    assert session.scalars(select(Report)).one().words == "first"


def test_the_desk_is_for_reviewers(coat, alice, bob, wang, anonymous):
    for person in (alice, bob, wang):
        assert person.client().get("/reports").status_code == 403
        assert person.client().post(f"/reports/listings/{coat}", data={"decision": "grant", "reason": "看过了"}).status_code == 403
    assert alice.client().post(f"/listings/{coat}/report", data={"reason": "other"}).status_code == 403, "one's own"
    assert "sign-in" in anonymous.get("/reports").location


RESTRICTED = {"title": "文物 清代瓷瓶"}


@pytest.mark.parametrize(("decision", "ends"), [("grant", "published"), ("refuse", "draft")])
def test_a_restricted_thing_waits_for_a_reviewer(session, selling, alice, rui, decision, ends):
    seller = selling(alice)
    listing_id = seller.sells("other", told("other"), **RESTRICTED)
    listing = session.get_one(Listing, listing_id)
    assert (listing.state, listing.review) == ("draft", "asked")
    assert "A reviewer looks at it" in seller.client.get(f"/listings/{listing_id}").text
    desk = rui.client()
    assert "清代瓷瓶" in desk.get("/reports").text
    assert desk.post(f"/reports/listings/{listing_id}", data={"decision": decision, "reason": "看过了"}).status_code == 303
    assert desk.post(f"/reports/listings/{listing_id}", data={"decision": decision, "reason": "看过了"}).status_code == 409
    answer = seller.client.post(f"/listings/{listing_id}/publish")
    assert answer.status_code == (303 if decision == "grant" else 409)
    assert state_of(session, listing_id) == ends


def test_a_granted_listing_that_changes_its_words_is_looked_at_again(session, selling, alice, rui):
    seller = selling(alice)
    listing_id = seller.sells("other", told("other"), **RESTRICTED)
    rui.client().post(f"/reports/listings/{listing_id}", data={"decision": "grant", "reason": "看过了"})
    seller.client.post(f"/listings/{listing_id}/publish")
    seller.client.post(f"/listings/{listing_id}/edit", data={**OFFER, "title": "文物 明代铜像"})
    session.rollback()
    listing = session.get_one(Listing, listing_id)
    assert (listing.state, listing.review) == ("paused", "")


def test_lists_of_ones_own_show_what_is_there(app, doing, coat, alice, bob, wang, zhao, shop):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    for path in ("/me/sales", "/me/things"):
        page = alice.client().get(path).text
        assert f"/listings/{coat}" in page and f"/listings/{laptop}" in page
        assert "Nothing up for sale yet" in bob.client().get("/me/sales").text
    page = bob.client().get(f"/listings/{laptop}").text
    assert "Wiped and verified" in page and "/certificates/" in page and "PF2XK9A7" not in page and "PF2X****" in page


def test_photos_are_added_and_removed_while_it_is_on_sale_and_the_last_one_stays(session, doing, alice, charlie):
    import io

    from core.goods.models import Item
    from market.listings.models import Listing
    from tests.journeys.walker import photo
    from tests.market_stories import listed_coat, reserved

    listing_id = listed_coat(doing, alice)
    browser, path = alice.client(), f"/listings/{listing_id}/photos"

    def shown():
        session.expire_all()
        item = session.get_one(Item, session.get_one(Listing, listing_id).item_id)
        found = [one.id for one in item.photos if one.removed_at is None]
        session.rollback()
        return found

    two = [(io.BytesIO(photo(word, (40, 90, 80))), f"{word}.jpg") for word in ("front", "back")]
    assert browser.post(path, data={"photos": two}).status_code == 303
    assert len(shown()) == 2
    bad = browser.post(path, data={"photos": [(io.BytesIO(b"no photo"), "x.jpg")]})
    assert bad.status_code == 422
    assert "not a photo we can read" in bad.get_data(as_text=True)
    assert browser.post(path, data={}).status_code == 422
    assert charlie.client().post(path, data={"photos": []}).status_code == 403
    first, second = shown()
    assert browser.post(f"{path}/{first}/remove").status_code == 303
    assert browser.post(f"{path}/{first}/remove").status_code == 404
    assert browser.post(f"{path}/{second}/remove").status_code == 409, "the last one stays"
    assert shown() == [second]
    reserved(doing, listing_id, charlie)
    again = [(io.BytesIO(photo("late", (1, 2, 3))), "late.jpg")]
    assert browser.post(path, data={"photos": again}).status_code == 409
    assert shown() == [second]
