"""Words in a listing that lead away: staff see one flag a listing, which follows what its seller makes of the words."""

from dataclasses import replace

from sqlalchemy import select

from core.audit import AuditLine
from core.goods.models import Item
from core.queue.models import QueueEntry
from market.listings import actions as listings
from market.listings.actions import Offer
from market.listings.models import Listing
from market.oversight.actions import decide_flag
from market.oversight.models import Flag
from tests import stories
from tests.market_stories import listed, state_of
from tests.queue_stories import entry_of

PHONE, ASIDE = "有意打我 138 1234 5678", "线下付给我便宜五十"


def flags(session):
    session.rollback()
    return session.scalars(select(Flag).order_by(Flag.id)).all()


def found(flag):
    return [tuple(one) for one in flag.facts["found"]]


def edits(doing, who, listing_id, **words):
    with doing(who) as w:
        offer = Offer(**{"title": "波司登羽绒服", "description": "", "price_minor": 19900, "district": "330106", **words})
        listings.edit(w, w.session.get_one(Listing, listing_id), offer)


def test_the_same_text_twice_is_one_flag_and_one_entry_in_the_queue(session, doing, coat, alice):
    for title in ("羽绒服", "羽绒服", "波司登"):
        edits(doing, alice, coat, title=title, description=PHONE)
    (flag,) = flags(session)
    entries = session.scalars(select(QueueEntry).where(QueueEntry.subject_id == flag.id)).all()
    assert len(entries) == 1 and entries[0].link == f"/flags/{flag.id}" and entries[0].barred == [alice.id]


def test_the_flag_follows_the_words(session, doing, coat, alice, rui):
    edits(doing, alice, coat, description=PHONE)
    edits(doing, alice, coat, description=ASIDE)
    (flag,) = flags(session)
    assert found(flag) == [("description", "elsewhere", "线下付")] and flag.facts["earlier"] == [["description", "mobile", "138 1234 5678"]]
    edits(doing, alice, coat, description="可自提")
    (flag,) = flags(session)
    assert (flag.state, found(flag), len(flag.facts["earlier"])) == ("open", [], 2) and flag.facts["gone"]
    page = rui.client().get(f"/flags/{flag.id}").text
    for words in ("Edited away", "Before: Description", "a mobile number: “138 1234 5678”", "everybody reads a listing"):
        assert words in page, words
    edits(doing, alice, coat, description=PHONE)
    (flag,) = flags(session)
    assert found(flag) == [("description", "mobile", "138 1234 5678")] and flag.facts["gone"] == ""
    assert flag.facts["earlier"] == [["description", "elsewhere", "线下付"]]
    words = session.scalars(select(AuditLine.word).where(AuditLine.subject == flag.id).order_by(AuditLine.line_no)).all()
    assert words == ["market:flag:raised", *["market:flag:followed"] * 3], "looking at what everybody reads isn't on record"


def test_calling_the_house_by_another_name_hides_nothing(session, app, doing, coat, alice):
    with app.test_request_context(base_url="https://evil.example"):
        edits(doing, alice, coat, description="https://evil.example/x")
    assert [found(one) for one in flags(session)] == [[("description", "link", "https://evil.example/x")]]


def test_its_twin_the_houses_own_address_is_no_flag(session, app, doing, coat, alice):
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], base_url="https://xunshi.example:8443")
    with app.app_context():
        edits(doing, alice, coat, description=f"我的其他东西 https://xunshi.example/sellers/{alice.id}")
        assert flags(session) == []
        edits(doing, alice, coat, description="https://xunshi.example.evil.com/x")
    assert len(flags(session)) == 1


def decided(doing, rui, flag, *, upheld):
    with doing(rui) as w:
        decide_flag(w, w.session.get_one(Flag, flag.id), upheld, "nothing", "看过了")


def test_what_a_person_found_in_order_is_not_asked_again(session, doing, coat, alice, rui):
    edits(doing, alice, coat, description=PHONE)
    decided(doing, rui, flags(session)[0], upheld=False)
    for words in (PHONE, f"{PHONE}！", "可自提", PHONE):
        edits(doing, alice, coat, description=words)
    assert [one.state for one in flags(session)] == ["dismissed"]
    edits(doing, alice, coat, description="打我 139 1234 5678")
    assert [one.state for one in flags(session)] == ["dismissed", "open"], "another number is another question"


def test_what_a_person_found_wrong_is_asked_again_when_it_comes_back(session, doing, coat, alice, rui):
    edits(doing, alice, coat, description=PHONE)
    decided(doing, rui, flags(session)[0], upheld=True)
    edits(doing, alice, coat, title="羽绒服 长款", description=PHONE)
    assert len(flags(session)) == 1, "the words a person has decided on stand there still"
    edits(doing, alice, coat, description="可自提")
    edits(doing, alice, coat, description=PHONE)
    assert [one.state for one in flags(session)] == ["upheld", "open"]


def test_what_nobody_can_read_yet_is_flagged_when_it_goes_on_sale(session, app, doing, alice, wang, zhao, shop):
    item = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(alice) as w:
        offer = Offer(title=f"ThinkPad {PHONE}", price_minor=280000, district="330106")
        draft = listings.draft(w, w.session.get_one(Item, item), alice.id, offer, seller_kind="idle").id
    assert flags(session) == []
    from privacy.clearance.queries import find_clearance

    with doing(alice) as w:
        listings.publish(w, w.session.get_one(Listing, draft), find_clearance(w.session, item))
    assert [found(one) for one in flags(session)] == [[("title", "mobile", "138 1234 5678")]]


def test_a_person_decides_and_may_freeze(session, doing, alice, rui, coat):
    edits(doing, alice, coat, description=PHONE)
    (flag,) = flags(session)
    desk = rui.client()
    assert "Words that lead away from the market" in desk.get(f"/flags/{flag.id}").text
    assert desk.post(f"/flags/{flag.id}", data={"decision": "uphold", "follow": "frozen", "reason": "引流"}).status_code == 303
    assert state_of(session, coat) == "frozen" and entry_of(session, "flag", flag.id).verdict == "upheld"
    assert alice.client().get(f"/flags/{flag.id}").status_code == 403


def test_a_seller_sees_in_their_own_export_what_was_noticed(session, doing, coat, alice):
    from core.ports import providers

    edits(doing, alice, coat, description=PHONE)
    (told,) = providers("personal_data")["market"](session, alice.id)["flags"]
    assert told["found"] == [["description", "mobile", "138 1234 5678"]]


def test_a_usual_coat_raises_nothing(session, doing, alice):
    listed(doing, stories.coat(doing, alice), alice, title="波司登羽绒服 175/92A 2021 款")
    assert flags(session) == []
