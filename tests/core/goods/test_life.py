"""A thing's one code for life: given once, kept through everything, found however it is typed; every slip is noticed."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import clock, ids
from core.errors import NotFound
from core.goods import custody, life
from core.goods.life_models import LifeCode
from core.goods.models import Item
from core.work import Actor, work
from tests import stories

bodies = st.text(st.sampled_from(ids.READABLE), min_size=7, max_size=7)


def whole(body):
    return body + ids.check_character(body)


@pytest.fixture
def coat(doing, alice):
    return stories.coat(doing, alice)


def coded(doing, item_id, who=None):
    with doing(who) as w:
        return life.code_of(w, item_id)


def test_a_thing_gets_one_code_and_keeps_it(doing, session, alice, wang, coat):
    code = coded(doing, coat, wang)
    assert coded(doing, coat, alice) == code and life.find_code(session, coat) == code
    row = session.get_one(LifeCode, code)
    assert row.made_by == wang.id and len(code) == 8
    assert life.find_item(session, code).id == coat


def test_it_stays_when_the_thing_changes_hands(doing, session, alice, bob, coat):
    code = coded(doing, coat)
    with doing(alice) as w:
        item = w.session.get_one(Item, coat)
        custody.move(w, item, holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
        item.owner_id = bob.id
    assert coded(doing, coat, bob) == code


def test_two_things_have_two_codes(doing, session, alice, coat):
    other = stories.coat(doing, alice)
    assert coded(doing, coat) != coded(doing, other)
    assert life.codes_of(session, [coat, other, "x"]).keys() == {coat, other}


def test_a_code_that_was_given_is_not_given_again(doing, session, alice, coat, monkeypatch):
    first = coded(doing, coat)
    dealt = iter([first, first, whole("ABCDEFG")])
    monkeypatch.setattr(ids, "new_checked_code", lambda n=8: next(dealt))
    assert coded(doing, stories.coat(doing, alice)) == whole("ABCDEFG")


def test_nothing_gets_no_code(doing):
    with pytest.raises(NotFound), doing() as w:
        life.code_of(w, ids.new_id())


@pytest.mark.parametrize("change", ["UPDATE life_codes SET item_id = item_id", "DELETE FROM life_codes"])
def test_the_database_lets_nobody_change_one(doing, session, coat, change):
    code = coded(doing, coat)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(change))
    session.rollback()
    assert session.scalars(select(LifeCode.code)).all() == [code]


def test_two_that_print_at_the_same_moment_get_one_code(database, doing, alice, coat):
    found, ready = [], threading.Barrier(2)

    def run():
        with database.session() as mine:
            ready.wait()
            with work(mine, Actor(alice.id), clock.now()) as w:
                found.append(life.code_of(w, coat))

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(found) == 2 and len(set(found)) == 1


@pytest.mark.parametrize("spell", [
    str, str.lower, lambda c: f" {c[:4]} {c[4:]} ", lambda c: f"{c[:4]}-{c[4:]}", lambda c: f"{c[:4]}\u2013{c[4:]}",
    lambda c: "".join(chr(ord(one) + 0xFEE0) for one in c), lambda c: f"https://xunshi.example/i/{c}",
    lambda c: f"http://127.0.0.1:5000/i/{c.lower()}?from=label#top", lambda c: f"/i/{c}", lambda c: f"HTTPS://XUNSHI.EXAMPLE/I/{c}",
])  # fmt: skip
def test_it_is_read_however_it_is_typed_or_scanned(spell):
    code = whole("K7MNP2X")
    assert life.read_code(spell(code)) == code


@pytest.mark.parametrize(("typed", "slip"), [
    ("", "code_length"), ("ABC", "code_length"), ("A" * 9, "code_length"), ("\u4e8c" * 8, "code_symbol"), ("O0I1L234", "code_symbol"),
    ("https://xunshi.example/listings/x", "code_length"), ("https://xunshi.example/i/", "code_length"),
])  # fmt: skip
def test_what_can_be_no_code_of_ours_is_told_in_words(typed, slip):
    with pytest.raises(ids.BadCode) as refused:
        life.read_code(typed)
    assert refused.value.code == slip and refused.value.sentence


@given(bodies, st.integers(0, 7), st.sampled_from(ids.READABLE))
def test_every_single_wrong_symbol_is_noticed(body, at, other):
    code = whole(body)
    wrong = code[:at] + other + code[at + 1 :]
    if wrong == code:
        assert life.read_code(wrong) == code
    else:
        with pytest.raises(ids.BadCode, match="code_check"):
            life.read_code(wrong)


@given(bodies, st.integers(0, 7), st.integers(0, 7))
def test_every_swap_is_noticed(body, one, two):
    code = list(whole(body))
    same = code[one] == code[two]
    code[one], code[two] = code[two], code[one]
    if same:
        assert life.read_code("".join(code)) == "".join(code)
    else:
        with pytest.raises(ids.BadCode, match="code_check"):
            life.read_code("".join(code))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_refused(typed):
    try:
        assert ids.parse_code(life.read_code(typed))
    except ids.BadCode as no:
        assert no.sentence
