"""The seller's own words of condition: a closed list with its mark, apart from grades wherever one of them is shown or asked for."""

import re
from html import unescape

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from core.errors import Invalid
from market.listings import actions, catalogue
from market.listings.condition_rules import CONDITIONS, condition_shown
from market.listings.models import Listing, SellDraft
from market.orders import contract
from market.orders.models import Order
from tests.market.listings.conftest import OFFER, errors, told
from tests.market_stories import listed_coat, ordered, reserved

ZH = {"new": "全新", "nearly_new": "几乎全新", "light_use": "轻微使用痕迹", "clear_use": "明显使用痕迹", "flawed": "有瑕疵", "faulty": "故障机"}


def the_one(session):
    session.rollback()
    return session.scalars(select(Listing)).one()


# --- the sell flow -------------------------------------------------------------------------------------------------


def test_it_is_chosen_on_the_last_screen_and_kept(session, selling, alice):
    seller = selling(alice, language="zh")
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    page = seller.client.get(f"/sell/{draft}/price").text
    assert all(f'value="{code}"' in page and word in page for code, word in ZH.items()) and "卖家自述" in page
    page = seller.finish(draft, condition="nearly_new", price="much")
    assert page.status_code == 422 and re.search(r'value="nearly_new" checked', page.text)
    assert seller.finish(draft, condition="nearly_new").status_code == 303 and the_one(session).condition == "nearly_new"


@pytest.mark.parametrize("typed", ["", "A", "S", "99新", "NEW", "new' --", "😀" * 30])
def test_nothing_else_is_taken(session, selling, alice, typed):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    page = seller.finish(draft, condition=typed)
    assert page.status_code == 422 and errors(page) == ["Choose the words that fit its condition best."]
    assert 'id="condition"' in page.text and session.scalars(select(Listing)).all() == []
    assert session.scalars(select(SellDraft)).one()


def test_the_action_and_the_database_hold_the_list_too(session, doing, alice):
    coat = listed_coat(doing, alice)
    with pytest.raises(Invalid, match="condition_unknown"), doing(alice) as w:
        offer = actions.Offer(title="大衣", price_minor=100, district="330106", condition="A")
        actions.edit(w, w.session.get_one(Listing, coat), offer)
    with pytest.raises(DatabaseError), doing() as w:
        w.session.execute(text("UPDATE listings SET condition = 'A'"))
    with doing() as w:
        w.session.execute(text("UPDATE listings SET condition = 'flawed'"))


def test_new_is_believed_with_a_proof_only_and_its_twin_goes_on_sale(session, selling, alice):
    new = selling(alice).sells("clothing", told("clothing"), condition="new")
    assert (the_one(session).state, the_one(session).review) == ("draft", "asked")
    page = alice.client().get(f"/listings/{new}/edit").text
    assert "Proof of purchase" in page and re.search(r'value="new" checked', page)
    assert alice.client().post(f"/listings/{new}/edit", data={**OFFER, "condition": "nearly_new"}).status_code == 303
    assert "Proof of purchase" not in alice.client().get(f"/listings/{new}/edit").text
    assert alice.client().post(f"/listings/{new}/publish").status_code == 303 and the_one(session).state == "published"


def test_new_slipped_in_afterwards_comes_off_sale(session, selling, alice):
    listing = selling(alice).sells("clothing", told("clothing"))
    assert alice.client().post(f"/listings/{listing}/edit", data={**OFFER, "condition": "new"}).status_code == 303
    assert the_one(session).state == "paused"


# --- shown with its mark, never with or for a grade ----------------------------------------------------------------


@pytest.fixture
def coat(doing, alice):
    coat = listed_coat(doing, alice)
    with doing() as w:
        w.session.execute(update(Listing).values(condition="nearly_new"))
    return coat


def graded(doing, letter):
    with doing() as w:
        w.session.execute(update(Listing).values(grade=letter))


PUBLIC = ("/", "/search", "/listings/{coat}", "/search?condition=nearly_new")


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_stand_with_their_mark_wherever_the_thing_is_shown(people, coat, run_jobs, path, language):
    run_jobs()
    page = shown(people.person("Reader").client(language=language).get(path.format(coat=coat)).text)
    words = {"zh": ("卖家自述：", "几乎全新"), "en": ("Seller's own words: ", "Nearly new")}[language]
    assert "".join(words) in page and page.count(words[1]) == page.count("".join(words)), "never without the mark"
    assert "grade-s" not in page and "grade-m" not in page, "an ungraded thing has no tag"


def shown(page):
    """A page without its forms: there each choice stands under a heading that says whose words they are."""
    return unescape(re.sub(r"(?s)<form.*?</form>|<fieldset.*?</fieldset>", "", page))


@pytest.mark.parametrize("path", ["/", "/search"])
def test_beside_a_grade_the_words_are_not_shown_and_the_letter_stands_alone(people, doing, coat, run_jobs, path):
    graded(doing, "B")
    run_jobs()
    page = shown(people.person("Reader").client(language="zh").get(path).text)
    assert "<b>B</b>" in page and "几乎全新" not in page


def test_a_graded_things_page_tells_them_where_the_seller_speaks(people, doing, coat):
    graded(doing, "B")
    page = people.person("Reader").client(language="zh").get(f"/listings/{coat}").text
    marks = re.search(r'(?s)<p class="listing-marks">(.*?)</p>', page)[1]
    assert "<b>B</b>" in marks and "自述" not in marks
    assert page.count("卖家自述：几乎全新") == 1 and page.index("卖家自述：几乎全新") > page.index("listing-more")


def test_who_told_nothing_shows_nothing(people, doing, alice):
    coat = listed_coat(doing, alice)
    assert "卖家自述：" not in shown(people.person("Reader").client(language="zh").get(f"/listings/{coat}").text)


def test_the_contract_freezes_them_with_their_mark(session, app, doing, coat, bob):
    order = reserved(doing, coat, bob)
    assert "Seller's own words: Nearly new" in unescape(bob.client().get(f"/orders/{order}/confirm").text)
    with doing(bob) as w:
        from market.orders import placing

        placing.confirm(w, w.session.get_one(Order, order), placing.Choice(payment="cash", fulfilment="meet", acknowledged=[], no_return=True))
    with doing() as w:
        w.session.execute(update(Listing).values(condition="faulty"))
    row = session.get_one(Order, order)
    assert row.snapshot["condition"] == "nearly_new" and row.snapshot["grade"] == ""
    told_then = contract.document(row, "https://xunshi.example", "zh").blocks
    assert any("卖家自述：几乎全新" in str(block) for block in told_then)


def test_an_order_from_before_has_no_such_line(session, doing, alice, bob):
    order = session.get_one(Order, ordered(doing, listed_coat(doing, alice), bob))
    assert not any("自述" in str(block) for block in contract.document(order, "https://xunshi.example", "zh").blocks)


def test_a_word_that_says_something_is_wrong_is_ticked_by_its_buyer(session, doing, coat, bob):
    with doing() as w:
        w.session.execute(update(Listing).values(condition="faulty"))
    order, client = reserved(doing, coat, bob), bob.client()
    page = unescape(client.get(f"/orders/{order}/confirm").text)
    assert 'name="told_condition"' in page and "Seller's own words: Faulty device" in page and "No defect was stated" not in page
    wanted = {"fulfilment": "meet", "payment": "cash", "no_return": "y"}
    assert client.post(f"/orders/{order}/confirm", data=wanted).status_code == 422
    assert client.post(f"/orders/{order}/confirm", data={**wanted, "told_condition": "y"}).status_code == 303
    row = session.get_one(Order, order)
    assert [one["code"] for one in row.snapshot["defects"] if one["acknowledged"]] == ["told_condition"]
    lines = [str(block) for block in contract.document(row, "https://xunshi.example", "zh").blocks]
    assert sum("卖家自述：故障机" in one for one in lines) == 1 and not any("没有" in one and "瑕疵" in one for one in lines)


def test_its_twin_with_nothing_wrong_is_ordered_without_a_tick(doing, coat, bob):
    order, client = reserved(doing, coat, bob), bob.client()
    assert client.post(f"/orders/{order}/confirm", data={"fulfilment": "meet", "payment": "cash", "no_return": "y"}).status_code == 303


# --- found apart from grades ---------------------------------------------------------------------------------------


def test_the_filter_is_its_own(doing, alice, people, coat, run_jobs):
    other = listed_coat(doing, alice, title="另一件大衣")
    with doing() as w:
        w.session.execute(update(Listing).where(Listing.id == other).values(condition="flawed"))
    graded(doing, "B")
    run_jobs()
    reader = people.person("Reader").client(language="zh")

    def found(address):
        return {one for one in (coat, other) if f'href="/listings/{one}"' in reader.get(address).text}

    assert found("/search?condition=nearly_new") == {coat} and found("/search?condition=nearly_new&condition=flawed") == {coat, other}
    assert found("/search?grade=B") == {coat, other} and found("/search?grade=B&condition=flawed") == {other}
    page = reader.get("/search?condition=flawed").text
    assert "成色（卖家自述）" in page and "鉴定分级" in page and "卖家自述：有瑕疵" in page and 'value="flawed" checked' in page
    for address in ("/search?grade=nearly_new", "/search?condition=B"):
        assert "Nothing" in people.person("Other").client().get(address).text, "neither is found by the other's words"


def test_where_nothing_fits_it_is_taken_back_and_said(people, coat, run_jobs):
    run_jobs()
    page = people.person("Reader").client().get("/search?q=羽绒服&condition=faulty").text
    assert "leaving aside the seller's own words of condition" in unescape(page)


# --- a grade typed into the title ----------------------------------------------------------------------------------


def test_a_typed_grade_is_kept_with_a_hint_and_makes_no_grade(session, selling, alice, people):
    listing = selling(alice).sells("clothing", told("clothing"), title="大衣 A级 99新")
    row = the_one(session)
    assert (row.title, row.grade, row.state) == ("大衣 A级 99新", None, "published"), "it isn't forbidden"
    hint = alice.client().get(f"/listings/{listing}").text
    assert "“A级” in your title is your own word" in hint and "Grades come only from an appraiser" in hint
    seen = people.person("Reader").client().get(f"/listings/{listing}").text
    assert "“A级” in the title is the seller's own word, not an appraiser's grade" in shown(seen) and 'class="grade ' not in seen


def test_its_twin_a_plain_title_gets_no_hint(selling, alice):
    listing = selling(alice).sells("clothing", told("clothing"))
    assert "Not a grade" not in alice.client().get(f"/listings/{listing}").text


def test_grades_and_conditions_share_no_word(app):
    """In neither language, so that nobody takes one for the other."""
    from flask_babel import force_locale, pgettext

    for language in ("zh", "en"):
        with app.test_request_context(), force_locale(language):
            letters = {str(pgettext("grade", word)) for word in catalogue.GRADES.values()}
        assert len(letters) == 7 and not letters & {condition_shown(code, language).split("：" if language == "zh" else ": ")[1] for code in CONDITIONS}
