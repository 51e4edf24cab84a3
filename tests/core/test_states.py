"""Every state of every table times every verb: exactly the arrows can be walked, in Python and in the database."""

import re
from itertools import product

import pytest
from sqlalchemy import CheckConstraint

from core import clock, ids, states
from core.errors import Busy, Refused
from core.people.models import Organisation
from core.people.states import ORGANISATION
from core.states import State, StateTable, walk
from core.work import Actor, work


def tables(house):
    assert len(states.TABLES) >= 6
    return states.TABLES.values()


def test_the_product_of_all_states_and_verbs(house):
    for table in tables(house):
        verbs = {verb for _, verb in table.arrows} | {"nonsense", ""}
        walked = set()
        for state, verb in product([*table.states, "no_such_state"], verbs):
            assert table.can(state, verb) == ((state, verb) in table.arrows)
            if table.can(state, verb):
                assert table.next(state, verb) == table.arrows[state, verb]
                walked.add((state, verb))
                continue
            with pytest.raises(Refused) as no:
                table.next(state, verb)
            assert no.value.code == "not_in_this_state"
            assert no.value.status == 409
        assert walked == set(table.arrows), table.name


# an appraisal is begun for its own sake, or blind in an appeal: both are walked in tests/appraisal
TWO_WAYS_IN = {"appraisal": ["draft", "blind"]}


def test_every_state_is_reached_and_says_what_it_is(house):
    from core.i18n import say

    for table in tables(house):
        reached = set(table.arrows.values())
        starts = [state for state in table.states if state not in reached]
        assert len(starts) <= 1 or not table.arrows or starts == TWO_WAYS_IN.get(table.name), (table.name, starts)
        for name, state in table.states.items():
            for sentence in (state.label, state.help):
                assert sentence, (table.name, name)
                assert re.search(r"[一-鿿]", say(sentence, "zh")), (table.name, name, sentence)
            assert table[name] is state


def test_ended_things_stay_ended(house):
    """History: what was accepted, sold, delivered or revoked never comes back to life."""
    final = {
        "certificate": {"revoked", "superseded", "void_by_use", "expired"},
        "clearance": {"expired", "revoked", "custody_raised", "delivered", "void_by_use"},
    }
    for name, ended in final.items():
        table = states.TABLES[name]
        assert not [(state, verb) for state, verb in table.arrows if state in ended]


def test_the_database_knows_the_same_states(house):
    """For each table whose rows are checked: the CHECK lists the states of the state table, no more and no fewer."""
    from core.db import Base

    known = {frozenset(table.states): name for name, table in states.TABLES.items()}
    checked = {}
    for table in Base.metadata.sorted_tables:
        for one in table.constraints:
            if isinstance(one, CheckConstraint) and str(one.name).endswith("state_known"):
                checked[table.name] = frozenset(re.findall(r"'(\w+)'", str(one.sqltext)))
    for name, table in {"organisations": "organisation", "wipe_jobs": "wipe_job", "clearances": "clearance",
                        "certificates": "certificate", "listings": "listing", "orders": "order"}.items():  # fmt: skip
        assert checked[name] in known, f"{table}: {sorted(checked[name])} is in no state table"


def test_an_arrow_to_nowhere_is_a_mistake():
    with pytest.raises(ValueError, match="unknown state"):
        StateTable("broken", {"a": State("A", "good", "a")}, {("a", "go"): "b"})
    assert "broken" not in states.TABLES


@pytest.fixture
def standing(session, people):
    return people.organisation("新店", state="approved")


def verb_from(state):
    return next((verb, end) for (start, verb), end in ORGANISATION.arrows.items() if start == state)


def test_walking_moves_the_row(session, standing):
    verb, end = verb_from("approved")
    with work(session, Actor("system:test"), clock.now()) as w:
        assert walk(w, ORGANISATION, w.session.get_one(Organisation, standing), verb) == end
    assert session.get_one(Organisation, standing).state == end
    with pytest.raises(Refused, match="not_in_this_state"), work(session, Actor("system:test"), clock.now()) as w:
        walk(w, ORGANISATION, w.session.get_one(Organisation, standing), "nonsense")


def test_whoever_comes_second_is_told(session, standing):
    """Somebody else moved the row after we read it: the guarded UPDATE finds nothing, nothing is saved."""
    from sqlalchemy import text

    verb, _ = verb_from("approved")
    with pytest.raises(Busy), work(session, Actor("system:test"), clock.now()) as w:
        row = w.session.get_one(Organisation, standing)
        assert row.state == "approved"
        w.session.execute(text("UPDATE organisations SET state = 'suspended' WHERE id = :id"), {"id": standing})
        walk(w, ORGANISATION, row, verb)
    assert session.get_one(Organisation, standing).state == "approved"
    assert ids.is_id(standing)
