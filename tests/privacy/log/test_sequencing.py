"""Numbers, nodes and checkpoints: gapless, once, by one sequencer; the database holds to it against raw SQL."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core import clock
from core.work import Actor, work
from privacy.clearance.log import checking, keys, note, queries, sequencing, tree
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import LogCheckpoint, LogLeaf, LogNode
from privacy.clearance.log.sequencing import HEAD, LogBroken
from privacy.verify import parse_checkpoint


def indexes(session):
    session.rollback()
    return [one for one in session.scalars(select(LogLeaf.leaf_index).order_by(LogLeaf.id))]


def test_leaves_get_numbers_in_order_and_a_signed_checkpoint(session, append, sequence):
    append("a", "b", "c")
    assert indexes(session) == [None, None, None] and queries.latest(session) is None
    sequence()
    append("d")
    sequence()
    assert sequence() == 0
    heads = list(session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size)))
    found = [data for _, data in queries.texts(session, 0, heads[-1].size)]
    key = keys.log_keys(session)[0]
    for head in heads:
        grown = tree.Growing()
        for data in found[: head.size]:
            grown.add(tree.leaf_hash(data))
        said = parse_checkpoint(head.note)
        assert (said.size, said.root, said.root.hex()) == (head.size, grown.root(), head.root)
        assert note.signed_by(said.note, key.name, bytes.fromhex(key.public)) is True
    assert sorted(indexes(session)) == list(range(heads[-1].size)) and len(heads) == 2


def test_nothing_new_makes_no_checkpoint(session, append, sequence):
    append("a")
    sequence()
    sequence()  # the line about the log's new key is sealed now: the first head
    session.rollback()
    size = queries.latest(session).size
    assert [sequence() for _ in range(3)] == [0, 0, 0]
    session.rollback()
    assert queries.latest(session).size == size


def test_the_audit_log_is_anchored_at_most_once_a_minute(session, append, sequence):
    def anchors():
        session.rollback()
        return len(session.scalars(select(LogLeaf.id).where(LogLeaf.kind == HEAD)).all())

    begun = clock.now()
    append("a")
    with work(session, Actor("system:test"), begun) as w:
        w.record("core:log:verified", "log", ok=True)
    sequence()
    assert anchors() == 1
    for seconds, wanted in ((10, 1), (30, 1), (70, 2), (71, 2)):
        with clock.stopped_at(begun + timedelta(seconds=seconds)):
            append(f"s{seconds}")
            with work(session, Actor("system:test"), clock.now()) as w:
                w.record("core:log:verified", "log", ok=True)
            sequence()
        assert anchors() == wanted, seconds
    with clock.stopped_at(begun + timedelta(hours=3)):  # nothing but audit lines: the head goes in by itself
        with work(session, Actor("system:test"), clock.now()) as w:
            w.record("core:log:verified", "log", ok=True)
        assert sequence() == 1
    assert anchors() == 3 and checking.check(session).ok


def test_the_log_keeps_its_name_and_key(app, session, append, sequence):
    from dataclasses import replace

    append("a")
    sequence()
    first = [(key.name, key.key_id) for key in keys.log_keys(session)]
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], base_url="https://elsewhere.example/market")
    append("b")
    sequence()
    session.rollback()
    assert [(key.name, key.key_id) for key in keys.log_keys(session)] == first
    assert parse_checkpoint(queries.latest(session).note).origin == first[0][0]


def test_two_connections_append_at_once(app, database, session, sequence):
    """Writers and sequencers side by side: every leaf gets one number, and the log holds."""
    config, faults = app.extensions["xunshi"], []
    sequence()

    def write(name):
        with database.session() as mine:
            for n in range(15):
                with work(mine, Actor("system:test"), clock.now()) as w:
                    append_leaf(w, "privacy:evidence:attached", f"{name}{n}", {"job": name})

    def number():
        with database.session() as mine:
            for _ in range(12):
                with work(mine, Actor("system:log_sequencer"), clock.now()) as w:
                    sequencing.sequence(w, config)

    def guarded(step, *args):
        try:
            step(*args)
        except Exception as fault:  # reported by the test itself
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=args) for args in ((write, "a"), (write, "b"), (number,), (number,))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    while sequence():
        pass
    assert not faults
    found = indexes(session)
    assert sorted(found) == list(range(len(found))) and len(found) >= 30
    assert checking.check(session).ok


BENT = [
    "DELETE FROM log_leaves WHERE leaf_index = 0", "UPDATE log_leaves SET text = 'x'", "UPDATE log_leaves SET created = '2020'",
    "UPDATE log_leaves SET leaf_index = 99 WHERE leaf_index = 0", "UPDATE log_leaves SET leaf_index = NULL WHERE leaf_index = 0",
    "UPDATE log_leaves SET leaf_index = 1 WHERE leaf_index IS NULL", "UPDATE log_leaves SET leaf_index = 99 WHERE leaf_index IS NULL",
    "INSERT INTO log_leaves (id, kind, subject, text, created, leaf_index) VALUES ('x', 'k', 's', 't', '2020', 77)",
    "DELETE FROM log_nodes", "UPDATE log_nodes SET hash = 'x'", "DELETE FROM log_checkpoints", "UPDATE log_checkpoints SET root = 'x'",
    "INSERT INTO log_checkpoints (size, root, note, created) VALUES (1, 'r', 'n', '2020')",
    "INSERT INTO log_checkpoints (size, root, note, created) VALUES (99, 'r', 'n', '2020')",
    "DELETE FROM signing_keys", "UPDATE signing_keys SET public = 'x'", "UPDATE signing_keys SET since = '2020'",
]  # fmt: skip


def test_raw_sql_changes_nothing(database, session, append, sequence):
    append("a", "b")
    sequence()
    sequence()
    append("waits")
    for sql in BENT:
        with pytest.raises((IntegrityError, DBAPIError)), database.engine.begin() as connection:
            connection.execute(text(sql))
    assert sequence() == 1 and checking.check(session).ok


def test_a_broken_log_is_not_signed_on(session, append, sequence, unguarded):
    append("a", "b", "c")
    sequence()
    size = queries.latest(session).size
    level, index = tree.cover(0, size)[0]
    unguarded("UPDATE log_nodes SET hash = :h WHERE level = :l AND node_index = :n", h="0" * 64, l=level, n=index)
    append("d")
    session.rollback()
    with pytest.raises(LogBroken):
        sequence()
    session.rollback()
    assert queries.latest(session).size == size and queries.waiting(session) == 1


def test_a_cut_log_is_not_signed_on(session, append, sequence, unguarded):
    append("a", "b", "c")
    sequence()
    unguarded("DELETE FROM log_leaves WHERE leaf_index = :i", i=queries.latest(session).size - 1)
    session.rollback()
    append("d")
    with pytest.raises(LogBroken):
        sequence()


def test_nodes_are_those_of_whole_subtrees_only(session, append, sequence):
    append(*"abcdefg")
    sequence()
    size = queries.latest(session).size
    found = {(node.level, node.node_index) for node in session.scalars(select(LogNode))}
    assert found == {(level, index) for level in range(10) for index in range(size >> level)}
