"""Whose words wait for whom: the reader sees how many, the writer sees when they were read."""

import re

import pytest
from sqlalchemy import select

from core.people.models import Notice
from market.listings.models import Message


@pytest.fixture
def path(coat, bob):
    """Bob has written twice."""
    found = f"/listings/{coat}/talk/{bob.id}"
    for body in ("还在吗", "什么时候能看"):
        assert bob.client().post(found, data={"body": body}).status_code == 303
    return found


def unread(person, language="en"):
    """(the mark in the list, the mark at the tab)"""
    page = person.client(language=language).get("/me/messages").text
    row = re.search(r'class="badge tone-info">(\d+) (?:unread|条未读)<', page)
    tab = re.search(r'class="count"><span role="img" aria-label="\d+ (?:unread|条未读)">(\d+)<', page.split('class="tabs"')[1].split("</nav>")[0])
    return int(row[1]) if row else 0, int(tab[1]) if tab else 0


def waiting(session):
    session.rollback()
    return [one.body for one in session.scalars(select(Message).where(Message.read_at.is_(None)).order_by(Message.id))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_lines_wait_for_alice_until_she_opens_them(session, path, alice, bob, language):
    assert unread(alice, language) == (2, 2) and unread(bob, language) == (0, 0), "one's own words never wait for oneself"
    word = {"en": "Read", "zh": "已读"}[language]
    assert f"· {word}</time>" not in bob.client(language=language).get(path).text
    assert waiting(session) == ["还在吗", "什么时候能看"], "Bob looked at them himself"
    alice.client().get(path)
    assert unread(alice, language) == (0, 0) and waiting(session) == []
    assert bob.client(language=language).get(path).text.count(f"· {word}</time>") == 2
    assert f"· {word}</time>" not in alice.client(language=language).get(path).text, "who reads needn't be told"


def test_an_answer_waits_for_bob(session, path, alice, bob):
    alice.client().get(path)
    alice.client().post(path, data={"body": "在的"})
    assert unread(bob) == (1, 1) and unread(alice) == (0, 0)
    bob.client().get(path)
    assert unread(bob) == (0, 0)


def test_the_notices_that_told_of_it_are_read_too(session, path, alice, bob):
    browser = alice.client()
    assert 'class="count">2<' in browser.get("/me").text
    page = browser.get(path).text
    assert 'class="count">' not in page, "the mark is gone on this very page"
    session.rollback()
    assert all(one.read_at for one in session.scalars(select(Notice).where(Notice.account_id == alice.id)))


def test_strangers_read_nothing_and_mark_nothing(session, path, charlie, root, ines, anonymous):
    for client in (charlie.client(), root.client(), ines.client()):
        assert client.get(path).status_code == 403
    assert "sign-in" in anonymous.get(path).location
    assert len(waiting(session)) == 2 and unread(charlie) == (0, 0)


def test_conversations_are_counted_apart(session, doing, path, coat, alice, charlie):
    charlie.client().post(f"/listings/{coat}/talk/{charlie.id}", data={"body": "能便宜吗"})
    page = alice.client().get("/me/messages").text
    assert re.findall(r">(\d) unread<", page) == ["1", "2"], "the newest conversation first"
    alice.client().get(path)
    assert waiting(session) == ["能便宜吗"]


def test_what_was_read_keeps_its_time(session, path, alice):
    alice.client().get(path)
    session.rollback()
    first = session.scalars(select(Message.read_at)).all()
    alice.client().get(path)
    session.rollback()
    assert session.scalars(select(Message.read_at)).all() == first


def test_other_pages_of_ones_own_carry_the_mark(path, alice):
    for page in ("/me/sales", "/me/orders", "/me/things", "/me/favourites"):
        assert 'aria-label="2 unread">2<' in alice.client().get(page).text.split('class="tabs"')[1]
