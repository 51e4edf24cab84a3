"""Bob writes what he thinks of the deal. It is never deleted; only unlawful words are hidden, by an outsider, with a logged ground."""

import html

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core.audit import AuditLine
from core.errors import Forbidden, Invalid
from market.orders import actions, hiding
from market.orders.models import Order, Review
from market.orders.review_models import ReviewReport
from tests.market_stories import checked, listed_coat, ordered, sold

WORDS = "骗子，电话 13800138000，大家去骂他"


@pytest.fixture
def review(session, doing, alice, bob):
    """Bob's of Alice: two stars and words with her number in it."""
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    with doing(bob) as w:
        made = actions.review(w, w.session.get_one(Order, order_id), 2, WORDS)
        return made.id


@pytest.fixture
def reported(doing, alice, review):
    with doing(alice) as w:
        return hiding.report(w, w.session.get_one(Review, review), "我的手机号在里面").id


@pytest.fixture
def reviewer(people):
    """Reviews for the platform; has nothing to do with the two."""
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市", "platform"))
    return person


def said(answer):
    return html.unescape(answer.text)


def seller_page(client, alice):
    return said(client.get(f"/sellers/{alice.id}"))


@pytest.mark.slow
def test_unlawful_words_are_reported_and_hidden_and_the_stars_stay(session, doing, alice, bob, anonymous, reviewer, review):
    assert WORDS in seller_page(anonymous, alice)
    path = f"/reviews/{review}/report"
    assert WORDS in said(alice.client().get(path))
    assert alice.client().post(path, data={"words": "my number"}).location == "/inbox"
    desk = said(reviewer.client().get("/reports/reviews"))
    row = session.scalars(select(ReviewReport)).one()
    assert WORDS in desk and f"/reports/reviews/{row.id}" in desk
    answer = reviewer.client().post(f"/reports/reviews/{row.id}", data={"ground": "private_data", "reason": "A telephone number."})
    assert answer.status_code == 303
    public = seller_page(anonymous, alice)
    assert WORDS not in public and "shows somebody's personal data" in public and "2 of 5 stars" in public
    assert "A telephone number." in said(bob.client().get("/inbox")) and "A telephone number." in said(alice.client().get("/inbox"))
    assert WORDS in said(reviewer.client().get(f"/reports/reviews/{row.id}")), "on record for reviewers"
    lines = session.scalars(select(AuditLine).where(AuditLine.word == "market:opinion:decided")).all()
    assert [one.facts["ground"] for one in lines] == ["private_data"]
    assert session.get_one(Review, review).words == WORDS, "hidden, never deleted"


def test_a_bad_opinion_stays(session, doing, alice, anonymous, reviewer, reported):
    answer = reviewer.client().post(f"/reports/reviews/{reported}", data={"ground": "keep", "reason": "It is an opinion."})
    assert answer.status_code == 303 and WORDS in seller_page(anonymous, alice)
    assert session.get_one(ReviewReport, reported).state == "kept"
    assert "Kept" in said(reviewer.client().get("/reports/reviews"))


@pytest.mark.parametrize(("sent", "field"), [
    ({"reason": "A telephone number."}, "ground"), ({"ground": "dislike", "reason": "A telephone number."}, "ground"),
    ({"ground": "insult", "reason": ""}, "reason"), ({"ground": "keep", "reason": "no"}, "reason"),
    ({"ground": "keep", "reason": "x" * 501}, "reason"),
])  # fmt: skip
def test_a_decision_needs_a_ground_of_the_list_and_a_reason(session, anonymous, alice, reviewer, reported, sent, field):
    answer = reviewer.client().post(f"/reports/reviews/{reported}", data=sent)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert session.get_one(ReviewReport, reported).state == "open" and WORDS in seller_page(anonymous, alice)


def test_nobody_decides_about_their_own_nor_who_has_no_such_role(session, doing, database, alice, bob, zhao, reported):
    for who in (alice, bob, zhao):
        data = {"ground": "insult", "reason": "I don't like it."}
        assert who.client().post(f"/reports/reviews/{reported}", data=data).status_code == 403
    for who in (alice, bob):
        with pytest.raises(Forbidden), doing(who) as w:
            hiding.decide(w, w.session.get_one(ReviewReport, reported), "insult", "I don't like it.")
    with database.engine.connect().execution_options(writes=True) as connection, pytest.raises(DatabaseError, match="of their own"):
        connection.execute(
            text("UPDATE review_reports SET state = 'hidden', ground = 'insult', reason = 'x', decided_by = :me, decided_at = at"),
            {"me": alice.id},
        )  # fmt: skip


def test_the_author_has_nothing_to_report_and_a_report_says_why(doing, session, bob, charlie, review):
    assert bob.client().post(f"/reviews/{review}/report", data={"words": "my own words"}).status_code == 409
    with pytest.raises(Invalid), doing(charlie) as w:
        hiding.report(w, w.session.get_one(Review, review), "  ")
    for _again in range(2):
        assert charlie.client().post(f"/reviews/{review}/report", data={"words": "a stranger's number"}).status_code == 303
    assert len(session.scalars(select(ReviewReport)).all()) == 1, "sent twice, one report"


def test_others_who_reported_the_same_words_hear_too_and_what_is_hidden_is_not_reported_again(
    session, doing, charlie, reviewer, review, reported
):
    with doing(charlie) as w:
        other = hiding.report(w, w.session.get_one(Review, review), "an insult").id
    with doing(reviewer) as w:
        hiding.decide(w, w.session.get_one(ReviewReport, reported), "insult", "It calls her names.")
    session.expire_all()
    assert session.get_one(ReviewReport, other).state == "settled"
    assert "It calls her names." in said(charlie.client().get("/inbox"))
    assert charlie.client().post(f"/reviews/{review}/report", data={"words": "once more"}).status_code == 409


def test_no_review_is_changed_or_deleted_by_raw_sql(database, reported):
    for sql in ("UPDATE reviews SET stars = 5", "UPDATE reviews SET words = ''", "DELETE FROM reviews", "DELETE FROM review_reports",
                "UPDATE review_reports SET words = 'x'"):  # fmt: skip
        with database.engine.connect().execution_options(writes=True) as connection, pytest.raises(DatabaseError):
            connection.execute(text(sql))


def test_a_reviewer_who_is_part_of_it_does_not_learn_who_reported(people, alice, bob, session, reported):
    for who in (alice, bob):
        people.give_role(who, "reviewer", people.organisation("循市", "platform"))
    page = said(bob.client().get(f"/reports/reviews/{reported}"))
    assert "我的手机号在里面" not in page and "What Alice reported" not in page and "somebody else decides" in page
