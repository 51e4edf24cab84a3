"""Is this me? Confirmed with the last four of the paper, or denied; the consignor's own page, and the paper slip of who has no account."""

import re

import pytest
from sqlalchemy import select

from core.people.models import Notice
from core.web import limiter
from market.channels.consignment import actions, attached, delegates, queries, rules
from market.channels.consignment.attached import Attached
from market.channels.consignment.delegates import Named
from market.channels.consignment.models import Consignor, Delegate
from tests import consignor_stories as story
from tests.consignor_stories import CARD, checked
from tests.harness.pdf_text import lines
from tests.market.channels.consignment.test_files import words

FOUR = checked("33010619520304752")[-4:]


@pytest.fixture
def asked(session, doing, chen, shop, alice):
    """A file with the contact of Alice's account."""
    from core.people.rules import read_address

    contact = story.address_of(session, alice)
    session.rollback()
    return story.opened(doing, chen, shop, contact=read_address(contact))


@pytest.fixture
def mine(asked, alice):
    """Alice's file, which she has confirmed."""
    assert alice.client().post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).status_code == 303
    return asked


def test_who_holds_the_contact_is_asked_and_the_shop_learns_nothing(session, alice, chen, asked):
    (notice,) = session.scalars(select(Notice).where(Notice.account_id == alice.id))
    assert notice.link == "/consignments" and notice.kind == "orders" and notice.values == {"shop": "西湖旧货行"}
    session.rollback()
    page = alice.client().get("/consignments").text
    assert "Is this you?" in page and "西湖旧货行" in page and not any(one in page for one in ("林", "C-0001", FOUR))
    with_account = chen.client().get(f"/consignors/{asked}").text
    assert "Not confirmed in an account" in with_account and "Alice" not in with_account


def test_a_file_whose_contact_has_no_account_looks_the_same_to_the_shop(session, doing, chen, shop, asked):
    other = story.opened(doing, chen, shop, kind="passport", number="E12345678", of_age=True)
    pages = [re.sub(r"C-000\d|01[0-9a-z]{24}|[A-Za-z]\*\*\*@example.com|139\*+1234|330\*+|E1\*+|value=\"[^\"]*\"|Passport|Resident identity card|nonce.*", "", chen.client().get(f"/consignors/{one}").text) for one in (asked, other)]
    assert pages[0] == pages[1]


def test_confirmed_with_the_last_four_signs(session, alice, chen, asked):
    client = alice.client()
    assert "So that nobody else can take your file" in client.get(f"/consignments/{asked}/question").text
    wrong = client.post(f"/consignments/{asked}/confirm", data={"last_four": "0000"})
    assert wrong.status_code == 422 and "last four signs" in wrong.text and story.row(session, asked).account_id is None
    session.rollback()
    assert client.get(f"/consignments/{asked}").status_code == 403
    assert client.post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).location == f"/consignments/{asked}"
    page = client.get(f"/consignments/{asked}").text
    assert "C-0001" in page and "林**" in page and "Nobody has seen your file in full" in page
    assert "The person reads this file in their own account" in chen.client().get(f"/consignors/{asked}").text
    assert client.get(f"/consignments/{asked}/question").status_code == 303 and f"/consignments/{asked}" in client.get("/consignments").text
    assert client.post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).status_code == 403


def test_after_five_wrong_tries_only_the_shop_can_help(session, alice, chen, asked):
    client = alice.client()
    for _ in range(rules.TRIES):
        assert client.post(f"/consignments/{asked}/confirm", data={"last_four": "9999"}).status_code == 422
    last = client.post(f"/consignments/{asked}/confirm", data={"last_four": FOUR})
    assert last.status_code == 409 and "this question is locked" in last.text and 'name="last_four"' not in last.text
    question, mine = client.get(f"/consignments/{asked}/question"), client.get("/consignments").text
    assert question.status_code == 200 and "this question is locked" in question.text and 'name="last_four"' not in question.text
    assert "The question of 西湖旧货行 is locked" in mine and "Is this you?" not in mine and "No shop sells for you" not in mine
    assert "the question is locked" in chen.client().get(f"/consignors/{asked}").text
    assert [word for word, _facts in words(session)].count("consignor:mistyped") == 5


def test_only_another_contact_by_a_manager_forgets_wrong_tries(session, alice, chen, mu, asked):
    client, hers = alice.client(), story.address_of(session, alice)
    session.rollback()
    for _ in range(rules.TRIES):
        client.post(f"/consignments/{asked}/confirm", data={"last_four": "9999"})

    def tries(who, contact):
        assert who.client().post(f"/consignors/{asked}/change", data={"contact": contact, "payout": "cash"}).status_code == 303
        found = story.row(session, asked).confirm_tries
        session.rollback()
        return found

    assert [tries(chen, hers), tries(mu, hers)] == [5, 5], "the same contact changes nothing"
    assert [tries(chen, "13712345678"), tries(chen, hers)] == [5, 5], "nor does a clerk by another one"
    assert not [facts for word, facts in words(session) if word.endswith("consignor:changed")][:-2]
    session.rollback()
    assert [tries(mu, "13712345678"), tries(mu, hers)] == [0, 0]
    assert client.post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).status_code == 303


def test_what_isnt_four_signs_is_no_try(session, alice, asked):
    client = alice.client()
    for typed in ("", "12", FOUR + "1", "????"):
        answer = client.post(f"/consignments/{asked}/confirm", data={"last_four": typed})
        assert answer.status_code == 422 and "Type the four signs" in answer.text and 'id="last_four-error"' in answer.text
    assert story.row(session, asked).confirm_tries == 0 and "consignor:mistyped" not in [word for word, _facts in words(session)]
    session.rollback()
    assert client.post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).status_code == 303


def test_the_shops_own_staff_confirm_no_file_of_theirs(session, people, alice, shop, asked):
    people.give_role(alice, "shop_clerk", shop)
    no = alice.client().post(f"/consignments/{asked}/confirm", data={"last_four": FOUR})
    assert no.status_code == 409 and "You work at this shop" in no.text and story.row(session, asked).account_id is None
    session.rollback()
    assert "You work at this shop" in alice.client().get(f"/consignments/{asked}/question").text


def test_staff_of_another_shop_confirm_theirs(people, alice, asked):
    people.give_role(alice, "shop_clerk", people.organisation("拱墅数码寄卖店"))
    assert alice.client().post(f"/consignments/{asked}/confirm", data={"last_four": FOUR}).status_code == 303


def test_the_person_hears_what_the_shop_changed(session, alice, chen, mine):
    client, hers = chen.client(), story.address_of(session, alice)

    def told():
        session.rollback()
        found = list(session.scalars(select(Notice.sentence).where(Notice.account_id == alice.id, Notice.link == f"/consignments/{mine}").order_by(Notice.id)))
        session.rollback()
        return found

    client.post(f"/consignors/{mine}/change", data={"contact": hers, "payout": "cash"})
    assert told() == [], "nothing is another than before"
    client.post(f"/consignors/{mine}/change", data={"address": "新华路 1 号", "payout": "cash"})
    client.post(f"/consignors/{mine}/change", data={"contact": "13712345678", "payout": "cash"})
    assert told() == [actions.CHANGED] * 2
    client.post(f"/consignors/{mine}/change", data={"payout": "hold"})
    assert told() == [actions.CHANGED] * 2 + [actions.PAID_ANEW]


def test_an_agreement_opened_with_the_full_name_counts_as_a_look(session, doing, alice, chen, mu, shop, mine):
    from tests import agreement_stories as agreeing

    row_id = agreeing.offered(doing, chen, shop, agreeing.in_use(doing, mu, shop))
    other = agreeing.consignor(session, shop, chen, number="C-0009")
    agreeing.offered(doing, chen, shop, agreeing.queries.templates_of(session, shop, "active")[0].id, "C-0009")
    assert "Nobody has seen your file in full" in alice.client().get(f"/consignments/{mine}").text and other != mine
    assert chen.client().get(f"/consignment/{shop}/agreements/{row_id}/sign").status_code == 200
    assert mu.client().get(f"/consignment/{shop}/agreements/{row_id}/agreement.pdf").status_code == 200
    page = alice.client().get(f"/consignments/{mine}").text
    assert all(one in page for one in ("An agreement was opened to be signed", "An agreement was opened to be printed", "Chen", "Mu"))
    assert [one.facts["what"] for one in queries.looks_at(session, mine)] == ["paper", "signing"] and not queries.looks_at(session, other)


def test_denied_the_shop_hears_that_the_contact_is_wrong(session, alice, chen, asked):
    assert alice.client().post(f"/consignments/{asked}/deny").status_code == 303
    assert "says that the file isn" in chen.client().get(f"/consignors/{asked}").text
    assert "Is this you?" not in alice.client().get("/consignments").text
    assert alice.client().post(f"/consignments/{asked}/deny").status_code == 403


def test_nobody_else_answers(bob, anonymous, asked, session):
    for who in (bob.client(), anonymous):
        assert {who.post(f"/consignments/{asked}/{one}", data={"last_four": FOUR}).status_code for one in ("confirm", "deny")} <= {303, 403}
    assert story.row(session, asked).account_id is None and not story.row(session, asked).contact_denied


def test_one_account_has_one_file_at_a_shop(session, doing, alice, chen, shop, mine):
    from core.people.rules import read_address

    contact = read_address(story.address_of(session, alice))
    session.rollback()
    second = story.opened(doing, chen, shop, kind="passport", number="E12345678", of_age=True, contact=contact)
    no = alice.client().post(f"/consignments/{second}/confirm", data={"last_four": "5678"})
    assert no.status_code == 409 and "under another paper" in no.text


def test_the_person_says_what_they_want_and_reads_who_looked(session, alice, mu, mine):
    client = alice.client()
    told = {"payout": "transfer", "payout_account": CARD, "no_discount": "y", "donate_unsold": "y"}
    assert client.post(f"/consignments/{mine}/choices", data=told).status_code == 303
    row = story.row(session, mine)
    assert (row.payout, row.no_discount, row.donate_unsold) == ("transfer", True, True)
    wrong = client.post(f"/consignments/{mine}/choices", data={**told, "payout_account": CARD[:-1] + "9"})
    assert wrong.status_code == 422 and "typing mistake" in wrong.text
    mu.client().post(f"/consignors/{mine}/show", data={"why": "authority"})
    assert "An authority asked, on paper" in client.get(f"/consignments/{mine}").text
    mu.client().post(f"/consignors/{mine}/change", data={"payout": "cash"})
    assert "changed how you are paid" in client.get("/inbox").text
    assert ("consignor:choices_changed", {"account": True, "by": "person", "donate": True, "no_discount": True, "payout": "transfer"}) in words(session)


def test_the_person_closes_their_file(session, alice, mine):
    assert alice.client().post(f"/consignors/{mine}/close").location == f"/consignments/{mine}"
    assert story.row(session, mine).state == "closed"
    session.rollback()
    page = alice.client().get(f"/consignments/{mine}").text
    assert "is destroyed on" in page and "Close my file" not in page
    assert alice.client().post(f"/consignments/{mine}/choices", data={"payout": "cash"}).status_code == 409


@pytest.fixture
def agreement(monkeypatch):
    """Another part of the shop tells of an open agreement."""
    told = [Attached(title="Agreement 7", state=("Signed", "good"), link="/there/7", own="/mine/7")]
    monkeypatch.setattr(attached, "_TELLERS", [lambda session, consignor_id: told])
    return told


def test_what_hangs_on_a_file_is_listed_and_keeps_it_open(session, alice, chen, mine, agreement):
    assert 'href="/there/7"' in chen.client().get(f"/consignors/{mine}").text and 'href="/mine/7"' in alice.client().get(f"/consignments/{mine}").text
    for who, back in ((chen, f"/consignors/{mine}"), (alice, f"/consignments/{mine}")):
        answer = who.client().post(f"/consignors/{mine}/close", follow_redirects=True)
        assert "still an open agreement" in answer.text and answer.request.path == back
    agreement[:] = [Attached(title="Agreement 7", state=("Over", "neutral"), link="/there/7", open=False)]
    assert chen.client().post(f"/consignors/{mine}/close").status_code == 303 and story.row(session, mine).state == "closed"


def printed(client, file_id):
    """The address on a fresh slip."""
    answer = client.post(f"/consignors/{file_id}/slip")
    assert answer.mimetype == "application/pdf" and 'filename="C-0001.pdf"' in answer.headers["Content-Disposition"]
    said = "".join(lines(answer.data))
    assert "File number" in said and not any(one in said for one in ("林", "13900001234", FOUR))
    return re.search(r"/consignments/slip/[2-9A-Z]{24}", said.replace("\n", ""))[0]


def test_a_slip_opens_a_page_that_changes_nothing(session, chen, anonymous, file_id, agreement):
    path = printed(chen.client(), file_id)
    answer = anonymous.get(path)
    assert answer.status_code == 200 and "C-0001" in answer.text and "139****1234" in answer.text and "Agreement 7" in answer.text
    main = answer.text.split("<main")[1].split("</main>")[0]
    assert "<form" not in main and "href=\"/mine" not in main and "林奶奶" not in main
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["X-Robots-Tag"] == "noindex"
    assert path.rsplit("/")[-1] not in str(story.row(session, file_id).slip_digest)


def test_a_new_slip_ends_the_one_before_and_staff_end_it_for_good(session, chen, anonymous, file_id):
    client = chen.client()
    first, second = printed(client, file_id), printed(client, file_id)
    assert anonymous.get(first).status_code == 404 and anonymous.get(second).status_code == 200
    assert "A new one ends it" in client.get(f"/consignors/{file_id}").text
    assert client.post(f"/consignors/{file_id}/close").status_code == 303
    closed = client.get(f"/consignors/{file_id}").text
    assert "A slip is out since" in closed and "A new one ends it" not in closed, "none is printed for a closed file"
    assert client.post(f"/consignors/{file_id}/slip/end").status_code == 303 and anonymous.get(second).status_code == 404
    assert client.post(f"/consignors/{file_id}/slip/end").status_code == 409


def test_slips_cant_be_guessed_at_leisure(anonymous, app):
    limiter.enabled = True
    try:
        assert {anonymous.get(f"/consignments/slip/{n:024d}").status_code for n in range(20)} == {404}
        assert anonymous.get(f"/consignments/slip/{'x' * 24}").status_code == 429
    finally:
        limiter.enabled = False
        limiter.reset()


NAMED = {"name": "林小明", "paper_kind": "passport", "paper_no": "E87654321", "goods": "y", "once": "press-1"}


def test_somebody_is_named_checked_and_ended(session, chen, file_id):
    client, path = chen.client(), f"/consignors/{file_id}/delegates/new"
    bare = client.post(path, data={name: said for name, said in NAMED.items() if name != "once"})
    assert bare.status_code == 422 and "without its own number" in bare.text
    for _ in range(2):
        assert client.post(path, data=NAMED).status_code == 303
    one = session.scalars(select(Delegate.id)).one()
    session.rollback()
    page = client.get(f"/consignors/delegates/{one}").text
    assert "林**" in page and "goods" in page and "4321" not in page
    bad = client.post(f"/consignors/delegates/{one}/check", data={"last_four": "9999"})
    assert bad.status_code == 422 and "Hand out nothing" in bad.text
    assert "The paper fits" in client.post(f"/consignors/delegates/{one}/check", data={"last_four": "4321"}, follow_redirects=True).text
    short = client.post(f"/consignors/delegates/{one}/check", data={"last_four": "43"})
    assert short.status_code == 422 and "Type the four signs" in short.text and "Hand out nothing" not in short.text
    assert client.post(f"/consignors/delegates/{one}/end", data={"why": ""}).status_code == 422
    assert client.post(f"/consignors/delegates/{one}/end", data={"why": "abuse"}).status_code == 303
    assert client.post(f"/consignors/delegates/{one}/check", data={"last_four": "4321"}).status_code == 409
    assert "Somebody tried to collect who may not" in client.get(f"/consignors/delegates/{one}").text
    assert [facts.get("fits") for word, facts in words(session) if word.endswith("checked")] == [False, True]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"goods": ""}, "goods"), ({"paper_no": "E1"}, "paper_no"), ({"paper_kind": "😀"}, "paper_kind"), ({"name": "1"}, "name"), ({"name": "x" * 101}, "name"),
])  # fmt: skip
def test_what_is_wrong_about_a_delegate_is_told(session, chen, file_id, wrong, field):
    told = {name: one for name, one in {**NAMED, **wrong}.items() if one}
    answer = chen.client().post(f"/consignors/{file_id}/delegates/new", data=told)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and session.scalars(select(Delegate)).all() == []


def test_five_at_most_and_the_consignor_ends_them(session, doing, alice, bob, fu, chen, mine):
    with doing(chen) as w:
        row = w.session.get_one(Consignor, mine)
        ids = [delegates.name(w, row, Named(name="林小明", paper=rules.read_paper("passport", f"E1234567{n}"), goods=True, money=n > 2)).id for n in range(5)]
    sixth = chen.client().post(f"/consignors/{mine}/delegates/new", data=NAMED)
    assert sixth.status_code == 409 and "Five people may collect at most" in sixth.text
    assert {who.client().post(f"/consignors/delegates/{ids[0]}/end", data={"why": "asked"}).status_code for who in (bob, fu)} == {403}
    assert alice.client().get(f"/consignors/delegates/{ids[0]}").status_code == 403
    assert alice.client().post(f"/consignors/delegates/{ids[0]}/end").location == f"/consignments/{mine}"
    assert "They may not collect any more already." in alice.client().post(f"/consignors/delegates/{ids[0]}/end", follow_redirects=True).text
    session.rollback()
    assert [one.id for one in queries.live_delegates(session, mine)] == ids[1:]
    assert ("consignor_delegate:ended", {"by": "person", "file": mine, "why": "asked"}) in words(session)
    session.rollback()
    assert actions.STAFF == ("shop_clerk", "shop_manager")
