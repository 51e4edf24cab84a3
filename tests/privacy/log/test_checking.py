"""Whoever holds the database can change anything in it. From outside it is found, and named by the leaf's number."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock, signing
from core.db import drop_guards
from privacy.bench import bench_of
from privacy.clearance import house_key
from privacy.clearance.log import checking, checkpoint, queries, tree
from privacy.verify import parse_checkpoint
from tests.soak import SOAKING


@pytest.fixture
def log(append, sequence, session):
    """Twelve leaves or so in four checkpoints; returns the size."""
    for part in ("abc", "d", "efgh", "ijk"):
        append(*part)
        sequence()
    session.rollback()
    return queries.latest(session).size


def kept(session, size=None):
    """The checkpoint that somebody wrote down."""
    session.rollback()
    rows = queries.recent(session, 99)
    found = next(row for row in rows if size is None or row.size == size)
    session.rollback()
    return parse_checkpoint(found.note)


def check(session, *outside):
    session.rollback()
    return checking.check(session, outside)


def sizes(session):
    return sorted(row.size for row in queries.recent(session, 99))


def test_a_good_log_holds(session, log):
    found = check(session, *(kept(session, size) for size in sizes(session)))
    assert (found.ok, found.size, found.outside, found.first_bad, found.findings) == (True, log, "agrees", None, [])
    assert found.root == kept(session).root.hex() and found.waiting == 0 and found.back_dated == []


def flips(data):
    for bit in range(len(data) * 8):
        bent = bytearray(data)
        bent[bit >> 3] ^= 1 << (bit & 7)
        yield bit, bytes(bent)


def flip_all(session, database, wanted, step=1):
    """Every single bit (or every `step`-th) of these leaves, one after another; returns how many there were."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL stores no text that isn't UTF-8; whole letters are changed in another test")
    tried, leaves = 0, list(queries.texts(session, 0, 99))
    session.rollback()
    with database.engine.connect() as connection, Session(connection) as inside:
        drop_guards(connection)
        change = text("UPDATE log_leaves SET text = CAST(:t AS TEXT) WHERE leaf_index = :i")
        for index, data in leaves:
            for bit, bent in flips(data):
                if index not in wanted or bit % step:
                    continue
                connection.execute(change, {"t": bent, "i": index})
                found = checking.check(inside)
                assert not found.ok and found.first_bad == index, (index, bit)
                assert {one.index for one in found.findings} == {index}
                tried += 1
            connection.execute(change, {"t": data, "i": index})
        assert checking.check(inside).ok
        connection.rollback()
    return tried


def test_single_bits_of_a_leaf(session, database, log):
    assert flip_all(session, database, {5}, step=11) > 100


@pytest.mark.slow
@pytest.mark.soak
def test_every_single_bit_of_the_first_and_the_last_leaf(session, database, log):
    """In a soak; on other days every tenth of them, and every eleventh of another leaf."""
    step = 1 if SOAKING else 10
    assert flip_all(session, database, {0, log - 1}, step) > 2000 // step


@pytest.mark.parametrize("index", [0, 3, 6])
def test_a_changed_letter_a_gone_leaf_and_changed_columns(session, log, unguarded, index):
    unguarded("UPDATE log_leaves SET text = replace(text, 'created', 'Created') WHERE leaf_index = :i", i=index)
    found = check(session)
    assert found.first_bad == index and "changed" in {one.code for one in found.findings}
    unguarded("UPDATE log_leaves SET text = replace(text, 'Created', 'created') WHERE leaf_index = :i", i=index)
    assert check(session).ok
    unguarded("UPDATE log_leaves SET subject = 'other' WHERE leaf_index = :i", i=index)
    assert [(one.code, one.index) for one in check(session).findings] == [("not_written_so", index)]
    unguarded("DELETE FROM log_leaves WHERE leaf_index = :i", i=index)
    assert [(one.code, one.index) for one in check(session).findings] == [("missing", index)]


def test_reordered_leaves(session, log, unguarded):
    for sql in ("SET leaf_index = -1 WHERE leaf_index = 4", "SET leaf_index = 4 WHERE leaf_index = 7", "SET leaf_index = 7 WHERE leaf_index = -1"):
        unguarded(f"UPDATE log_leaves {sql}")
    assert {one.index for one in check(session).findings} == {4, 7}


def test_a_changed_node_and_a_gone_one(session, log, unguarded):
    unguarded("UPDATE log_nodes SET hash = :h WHERE level = 2 AND node_index = 1", h="ab" * 32)
    assert [(one.code, one.index) for one in check(session).findings] == [("node", 4)]
    unguarded("DELETE FROM log_nodes WHERE level = 2 AND node_index = 1")
    assert [(one.code, one.index) for one in check(session).findings] == [("node", 4)]


def test_a_forged_checkpoint(session, log, unguarded):
    mid = sizes(session)[1]
    other = checkpoint.sign(kept(session).origin, mid, kept(session, mid).root, signing.from_seed(bytes(32)))
    unguarded("UPDATE log_checkpoints SET note = :n WHERE size = :s", n=other, s=mid)
    assert [(one.code, one.index) for one in check(session).findings] == [("signature", mid - 1)]


def rewrite(app, session, unguarded, size, change):
    """What an administrator with all keys can do: change a leaf, make all nodes and checkpoints anew, and sign them."""
    session.rollback()
    data = dict(queries.texts(session, 0, size))
    origin, heads = kept(session).origin, sizes(session)
    key = house_key.log_key(bench_of(app.extensions["xunshi"]).keys)
    session.rollback()
    for index, (old, new) in change.items():
        data[index] = data[index].replace(old, new)
        unguarded("UPDATE log_leaves SET text = :t WHERE leaf_index = :i", t=data[index].decode(), i=index)
    unguarded("DELETE FROM log_nodes WHERE node_index >= 0")
    grown = tree.Growing()
    for index in range(size):
        for level, at, found in grown.add(tree.leaf_hash(data[index])):
            unguarded("INSERT INTO log_nodes (level, node_index, hash) VALUES (:l, :n, :h)", l=level, n=at, h=found.hex())
        if index + 1 in heads:
            signed = checkpoint.sign(origin, index + 1, grown.root(), key)
            values = {"r": grown.root().hex(), "n": signed, "s": index + 1}
            unguarded("UPDATE log_checkpoints SET root = :r, note = :n WHERE size = :s", **values)


def test_a_fork_is_found_by_one_checkpoint_kept_outside(app, session, log, unguarded):
    outside = [kept(session, size) for size in sizes(session)]
    index = outside[1].size  # in the third part
    rewrite(app, session, unguarded, log, {index: (b'"v":1', b'"v":2')})
    assert check(session).ok, "from inside a whole rewriting looks good"
    one = check(session, outside[-1])
    assert not one.ok and one.outside == "differs" and [f.code for f in one.findings] == ["fork"]
    many = check(session, *outside)
    assert many.first_bad == outside[1].size, "with more of them, where it begins"
    assert check(session, outside[0], outside[1]).ok


def test_a_rollback_is_found_by_one_checkpoint_kept_outside(session, log, unguarded):
    last, before = kept(session), sizes(session)[-2]
    unguarded("DELETE FROM log_checkpoints WHERE size > :s", s=before)
    unguarded("DELETE FROM log_leaves WHERE leaf_index >= :s", s=before)
    for level in range(6):
        unguarded("DELETE FROM log_nodes WHERE level = :l AND node_index >= :n", l=level, n=before >> level)
    assert check(session).ok and check(session, kept(session, before)).ok
    found = check(session, last)
    assert not found.ok and [(one.code, one.index) for one in found.findings] == [("rollback", before)]


def test_leaves_beyond_the_last_checkpoint(session, log, unguarded):
    unguarded("DELETE FROM log_checkpoints WHERE size = :s", s=log)
    found = check(session)
    assert not found.ok and found.first_bad == sizes(session)[-1]


def test_a_checkpoint_of_another_log_says_nothing(session, log):
    foreign = parse_checkpoint(checkpoint.sign("other.example/log", 3, bytes(32), signing.from_seed(bytes(32))))
    forged = parse_checkpoint(checkpoint.sign(kept(session).origin, 3, bytes(32), signing.from_seed(bytes(32))))
    for one in (foreign, forged):
        found = check(session, one)
        assert not found.ok and found.outside == "unknown" and found.findings == []


def test_a_leaf_dated_back_is_shown(session, log, append, sequence):
    with clock.stopped_at(clock.now() - timedelta(days=30)):
        append("late")
    sequence()
    session.rollback()
    found = check(session)
    assert found.ok and len(found.back_dated) == 1
    shown = dict(queries.texts(session, found.back_dated[0], found.back_dated[0] + 1))
    assert b'"late"' in shown[found.back_dated[0]]


def test_a_certificate_that_isnt_the_one_that_was_entered(session, number, unguarded):
    assert check(session).ok
    unguarded("UPDATE certificates SET digest = :d", d="0" * 64)
    found = check(session)
    assert [one.code for one in found.findings] == ["certificate"] and found.findings[0].detail == number
