"""Two people correct a slip of the pen on a certificate, and nothing else: one proposes, another approves, both sign, everybody sees
it. The signed text stays as it was."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import canonical, clock, pdf
from core.access import SecondFactorNeeded
from core.errors import Busy, Forbidden, Invalid, Refused
from privacy.clearance.corrections import actions, queries, rules
from privacy.clearance.corrections.models import Correction, CorrectionDecision
from privacy.clearance.log.models import LogLeaf
from privacy.clearance.models import Disclosure
from privacy.clearance.queries import certificate_of, get_certificate
from tests import queue_stories, stories

FORM = {"field": "model", "after": "X1 Carbon", "reason": "typing"}


@pytest.fixture
def number(app, doing, session, alice, wang, zhao, shop):
    """The certificate of Alice's laptop, on which the model stands as X1."""
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    found = certificate_of(session, item_id).number
    session.rollback()
    return found


@pytest.fixture
def mu(people, shop):
    one = people.person("Mu")
    people.give_role(one, "shop_manager", shop)
    return one


def propose(app, doing, who, number, *, field="model", before="", after="X1 Carbon", reason="typing", ago=timedelta()):
    with doing(who) as w:
        return actions.propose(
            w, stories.bench(app), get_certificate(w.session, number), field=field, before=before, after=after, reason=reason,
            signed_in_at=None if ago is None else w.now - ago,
        ).id  # fmt: skip


def decide(app, doing, who, correction_id, decision="approved", ago=timedelta()):
    with doing(who) as w:
        one = queries.get_correction(w.session, correction_id)
        return actions.decide(w, stories.bench(app), one, decision, None if ago is None else w.now - ago, reason="比对过").n


def test_two_people_correct_a_model_name_and_everybody_sees_it(app, doing, session, alice, wang, zhao, anonymous, number):
    first, second, path = wang.client(), zhao.client(), f"/certificates/{number}"
    assert "Correct a slip of the pen" in first.get(path).text and "Correct a slip" not in anonymous.get(path).text
    page = first.get(f"{path}/correct").text
    assert "Lenovo" in page and "never corrected" in page
    answer = first.post(f"{path}/correct", data=FORM)
    assert answer.status_code == 303
    proposal = answer.location
    before = session.scalars(text("SELECT body FROM certificates")).one()
    session.rollback()
    assert "X1 Carbon" not in anonymous.get(path).text, "one person alone corrects nothing"
    assert "waits for another person" in second.get(path).text
    assert first.post(f"{proposal}/decide", data={"decision": "approved", "compared": "y", "reason": "看过了"}).status_code == 403
    assert second.post(f"{proposal}/decide", data={"decision": "approved"}).status_code == 422, "compare it first"
    assert second.post(f"{proposal}/decide", data={"decision": "approved", "compared": "y", "reason": "看过了"}).status_code == 303
    page = anonymous.get(path).text
    assert "Corrected by two people" in page and "X1 Carbon" in page and "Wipe operator · 西湖旧货行" in page
    assert wang.id not in page and zhao.id not in page
    assert session.scalars(text("SELECT body FROM certificates")).one() == before, "the signed text stays"
    session.rollback()
    sheet = anonymous.get(f"{path}.pdf?language=en").data
    assert sheet.startswith(b"%PDF")
    download = anonymous.get(f"{path}.json").get_json()
    [amendment] = download["amendments"]
    assert (amendment["body"]["field"], amendment["body"]["before"], amendment["body"]["after"]) == ("model", "X1", "X1 Carbon")
    assert amendment["body"]["certificate_digest"] == download["digest"] and len(amendment["signatures"]) == 2
    leaf = session.scalars(select(LogLeaf).where(LogLeaf.kind == "privacy:certificate:amended")).one()
    told = json.loads(leaf.text)
    assert (leaf.subject, told["body"]["digest"]) == (f"{number}/1", amendment["digest"])
    assert "X1 Carbon" not in leaf.text
    session.rollback()
    assert "corrected a slip" in alice.client().get("/inbox").text


def test_the_pdf_prints_it(app, doing, session, wang, zhao, anonymous, number, monkeypatch):
    decide(app, doing, zhao, propose(app, doing, wang, number))
    printed = []
    monkeypatch.setattr(pdf, "render", lambda document: printed.append(document) or b"%PDF")
    for language, heading in (("en", "Correction 1"), ("zh", "更正 1")):
        assert anonymous.get(f"/certificates/{number}.pdf?language={language}").status_code == 200
        blocks = printed.pop().blocks
        headings = [block.text for block in blocks if isinstance(block, pdf.Heading)]
        facts = [row for block in blocks if isinstance(block, pdf.Facts) for row in block.rows]
        assert heading in headings and any("X1 Carbon" in value for _, value in facts)


@pytest.mark.parametrize(
    "field", ["serial", "verdict", "method", "capacity_bytes", "grade", "issued_at", "valid_until", "kept", "seal_number", ""]
)
def test_nothing_but_clerical_fields(app, doing, session, wang, number, field):
    with pytest.raises(Invalid, match="not_clerical"):
        propose(app, doing, wang, number, field=field, before="a", after="b")
    assert wang.client().post(f"/certificates/{number}/correct", data={**FORM, "field": field}).status_code == 422
    assert session.scalars(select(Correction)).all() == []
    session.rollback()
    propose(app, doing, wang, number)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"after": ""}, "text_missing"),
        ({"after": "X1"}, "same"),
        ({"after": "x" * 81}, "text_missing"),
        ({"after": "X1\x07"}, "not_printable"),
        ({"after": "X1 WD-WCC6Y4HX2P7R"}, "a_number"),
        ({"after": "X1 PF2XK9A7"}, "a_number"),
        ({"field": "brand", "after": "490154203237518"}, "a_number"),
        ({"field": "hand_date", "before": "2026-11-2", "after": "2026-11-21"}, "no_date"),
        ({"field": "hand_date", "before": "2026-11-12", "after": "2999-01-01"}, "no_date"),
        ({"field": "hand_date", "before": "", "after": "2026-11-21"}, "text_missing"),
        ({"reason": "because"}, "reason_missing"),
    ],
)
def test_what_is_no_slip_is_refused(app, doing, wang, number, given, code):
    with pytest.raises(Invalid, match=code):
        propose(app, doing, wang, number, **given)
    propose(app, doing, wang, number)


def test_both_are_staff_of_a_point_on_the_paper_signed_in_afresh_and_neither_is_the_owner(app, doing, people, alice, bob, wang, zhao, mu, shop, number):
    other = people.organisation("滨江旧货行")
    far = people.person("Far")
    people.give_role(far, "wipe_verifier", other)
    people.give_role(alice, "shop_manager", shop)
    for who in (bob, far):
        with pytest.raises(Forbidden):
            propose(app, doing, who, number)
        assert who.client().get(f"/certificates/{number}/correct").status_code == 403
    with pytest.raises(Forbidden, match="owner_corrects"):
        propose(app, doing, alice, number)
    for ago in (None, timedelta(minutes=11)):
        with pytest.raises(SecondFactorNeeded):
            propose(app, doing, wang, number, ago=ago)
    one = propose(app, doing, wang, number)
    for who, said in ((wang, "own_correction"), (alice, "owner_corrects"), (far, "forbidden")):
        with pytest.raises(Forbidden, match=said):
            decide(app, doing, who, one)
    with pytest.raises(SecondFactorNeeded):
        decide(app, doing, mu, one, ago=timedelta(minutes=11))
    assert decide(app, doing, mu, one) == 1
    with pytest.raises(Refused, match="decided"):
        decide(app, doing, zhao, one, "refused")


def test_a_refused_one_changes_nothing(app, doing, session, anonymous, wang, zhao, number):
    assert decide(app, doing, zhao, propose(app, doing, wang, number), "refused") is None
    assert anonymous.get(f"/certificates/{number}.json").get_json()["amendments"] == []
    assert "X1 Carbon" not in anonymous.get(f"/certificates/{number}").text


def test_one_after_the_other_begins_where_the_last_ended(app, doing, session, anonymous, wang, zhao, mu, number):
    first, twin = propose(app, doing, wang, number), propose(app, doing, wang, number, after="X1 Karbon")
    assert decide(app, doing, zhao, first) == 1
    with pytest.raises(Busy):
        decide(app, doing, zhao, twin)
    again = propose(app, doing, mu, number, after="X1 Carbon Gen 9")
    assert decide(app, doing, wang, again) == 2
    told = [one["body"] for one in anonymous.get(f"/certificates/{number}.json").get_json()["amendments"]]
    assert [(one["n"], one["before"], one["after"]) for one in told] == [(1, "X1", "X1 Carbon"), (2, "X1 Carbon", "X1 Carbon Gen 9")]


def test_an_owners_word_stays_off_the_paper_and_can_be_forgotten(app, doing, session, anonymous, wang, zhao, number):
    one = propose(app, doing, wang, number, field="owner_words", before="王小名", after="王小明", reason="handwriting")
    decide(app, doing, zhao, one)
    raw = anonymous.get(f"/certificates/{number}.json").text
    [amendment] = json.loads(raw)["amendments"]
    assert "王小" not in raw and "王小" not in anonymous.get(f"/certificates/{number}").text
    for name, value in (("before", "王小名"), ("after", "王小明")):
        row = session.scalars(select(Disclosure).where(Disclosure.name == f"correction.{one}.{name}")).one()
        commitment = amendment["body"][f"{name}_commitment"]
        assert canonical.check_commitment(value, row.salt, commitment, name=row.name)
    session.rollback()


def test_a_point_and_a_date_by_hand(app, doing, session, anonymous, wang, zhao, number):
    decide(app, doing, zhao, propose(app, doing, wang, number, field="wiped_point", after="西湖区旧货行", reason="spelling"))
    decide(app, doing, wang, propose(app, doing, zhao, number, field="hand_date", before="2026-11-12", after="2026-11-21", reason="handwriting"))
    told = [one["body"] for one in anonymous.get(f"/certificates/{number}.json").get_json()["amendments"]]
    assert [(one["field"], one["before"], one["after"]) for one in told] == [
        ("wiped_point", "西湖旧货行", "西湖区旧货行"), ("hand_date", "2026-11-12", "2026-11-21"),
    ]  # fmt: skip


def test_what_is_over_is_not_corrected(app, doing, session, wang, zhao, ines, number):
    from privacy.clearance import actions as clearances

    one = propose(app, doing, wang, number)
    with doing(ines) as w:
        clearances.revoke(w, get_certificate(w.session, number), "inspection")
    for act in (lambda: propose(app, doing, wang, number, after="X2"), lambda: decide(app, doing, zhao, one)):
        with pytest.raises(Refused, match="over"):
            act()


def test_the_database_holds_it_too(app, doing, session, alice, wang, zhao, number):
    one = propose(app, doing, wang, number)
    row = (
        "INSERT INTO correction_decisions (id, correction_id, certificate_id, proposed_by, decided_by, role, org_id, decision, n, body, "
        "digest, signatures, signed_in_at, at) SELECT 'x', id, certificate_id, {proposer}, '{decider}', role, org_id, 'approved', 1, 'b', 'd', "
        "'[]', signed_in_at, at FROM corrections"
    )
    queue_stories.ended(doing, "correction", one)
    queue_stories.entered(doing, "correction", "y")
    for proposer, decider in (("proposed_by", wang.id), (f"'{zhao.id}'", wang.id), ("proposed_by", alice.id)):
        with pytest.raises(DatabaseError):
            session.execute(text(row.format(proposer=proposer, decider=decider)))
        session.rollback()
    for bad in ("'serial'", "'verdict'"):
        with pytest.raises(DatabaseError):
            session.execute(text("INSERT INTO corrections (id, certificate_id, field, reason, proposal, signature, proposed_by, role, org_id, signed_in_at, at) "
                                 f"SELECT 'y', certificate_id, {bad}, reason, proposal, signature, proposed_by, role, org_id, signed_in_at, at FROM corrections"))
        session.rollback()
    with pytest.raises(DatabaseError, match="owner"):
        session.execute(text("INSERT INTO corrections (id, certificate_id, field, reason, proposal, signature, proposed_by, role, org_id, signed_in_at, at) "
                             f"SELECT 'y', certificate_id, field, reason, proposal, signature, '{alice.id}', role, org_id, signed_in_at, at FROM corrections"))
    session.rollback()
    assert decide(app, doing, zhao, one) == 1
    for change in ("UPDATE corrections SET field = 'brand'", "DELETE FROM correction_decisions", "UPDATE correction_decisions SET body = 'z'"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
    assert session.scalars(select(CorrectionDecision)).one().decided_by == zhao.id
    session.rollback()


def test_the_closed_list():
    assert set(rules.FIELDS) == {"brand", "model", "wiped_point", "verified_point", "hand_date", "owner_words"}
    assert rules.problem("model", "X1", "X1 Carbon 2026", frozenset({"PF2XK9A7"}), clock.now().date()) is None
