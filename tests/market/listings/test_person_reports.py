"""Reporting a person or a message: the reviewer reads little, decides with a reason, and nobody learns who reported."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.audit import AuditLine
from core.errors import Invalid, Refused
from core.people.models import Notice
from market.listings import person_reports
from market.listings.block_models import Block, PersonReport
from market.listings.models import Message

LINES = ["一", "二", "先转定金给我", "四", "五", "六"]


@pytest.fixture
def rui(people):
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市", "platform"))
    return person


@pytest.fixture
def bad_line(session, coat, alice, bob):
    """Alice writes six lines to Bob; the third asks for money."""
    for body in LINES:
        alice.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": body, "sure": "yes"})
    return session.scalars(select(Message.id).where(Message.body == LINES[2])).one()


def reported(doing, who, whom, **told):
    with doing(who) as w:
        line = w.session.get(Message, told.pop("line")) if "line" in told else None
        return person_reports.report_person(w, whom.id, reason="payment", words="要我先付钱", message=line, **told).id


def notices(session, person):
    session.rollback()
    return [(one.sentence, one.kind) for one in session.scalars(select(Notice).where(Notice.account_id == person.id).order_by(Notice.id))]


@pytest.mark.parametrize(("language", "sent"), [("en", "Thank you. A reviewer looks at it"), ("zh", "谢谢。审核员会查看")])
def test_bob_reports_the_line_and_blocks_in_one_go(session, coat, bad_line, alice, bob, language, sent):
    client, back = bob.client(language=language), f"/listings/{coat}/talk/{bob.id}"
    form = client.get(f"/people/{alice.id}/report?back={back}").text
    assert LINES[2] in form and f'value="{bad_line}"' in form
    wrong = client.post(f"/people/{alice.id}/report?back={back}", data={"about": bad_line, "words": "要我先付钱"})
    assert wrong.status_code == 422 and 'id="reason-error"' in wrong.text and "要我先付钱" in wrong.text
    answer = client.post(f"/people/{alice.id}/report?back={back}", data={"about": bad_line, "reason": "payment", "words": "要我先付钱", "block": "y"})
    assert answer.location == back and sent in client.get(back).text
    row = session.scalars(select(PersonReport)).one()
    assert (row.reporter_id, row.person_id, row.message_id, row.state) == (bob.id, alice.id, bad_line, "open")
    assert session.get(Block, (bob.id, alice.id)) is not None


def test_a_reviewer_reads_the_line_and_two_around_it_no_more_and_it_is_written_down(session, doing, bad_line, alice, bob, rui):
    report = reported(doing, bob, alice, line=bad_line)
    assert "Alice" in rui.client().get("/reports/people").text
    page = rui.client().get(f"/reports/people/{report}").text
    for at, body in enumerate(LINES):
        assert (f"<p>{body}</p>" in page) is (at < 5), body
    assert "This line was reported" in page and "Bob" not in page, "who reported stays unnamed even here"
    looked = select(AuditLine).where(AuditLine.word == "market:person:looked")
    assert [one.subject for one in session.scalars(looked)] == [report]


def test_upheld_with_a_reason_the_person_is_warned_and_the_reporter_thanked(session, doing, bad_line, alice, bob, rui):
    report = reported(doing, bob, alice, line=bad_line)
    none = rui.client().post(f"/reports/people/{report}", data={"decision": "uphold", "why": " "})
    assert none.status_code == 422 and 'id="why-error"' in none.text
    assert rui.client().post(f"/reports/people/{report}", data={"decision": "uphold", "why": "站外收款"}).status_code == 303
    session.rollback()
    row = session.get_one(PersonReport, report)
    assert (row.state, row.decision, row.handled_by) == ("upheld", "站外收款", rui.id)
    assert notices(session, alice)[-1] == ("A reviewer warns you: %(about)s. Reason: %(why)s", "safety")
    assert "站外收款" in alice.client().get("/inbox").text and "Bob" not in alice.client().get("/inbox").text
    assert notices(session, bob)[-1][0] == "Your report about a person was looked at. Thank you."
    again = rui.client().post(f"/reports/people/{report}", data={"decision": "dismiss", "why": "改主意"})
    assert again.status_code == 409, "decided is decided"


def test_dismissed_the_person_hears_nothing(session, doing, alice, bob, rui):
    report = reported(doing, bob, alice)
    before = notices(session, alice)
    rui.client().post(f"/reports/people/{report}", data={"decision": "dismiss", "why": "没有发现问题"})
    session.rollback()
    assert session.get_one(PersonReport, report).state == "dismissed" and notices(session, alice) == before
    with doing(bob) as w, pytest.raises(Refused, match="report_decided"):
        person_reports.report_person(w, alice.id, reason="abuse", words="")


def test_only_reviewers_and_administrators_decide_and_nobody_in_their_own_matter(doing, people, alice, bob, charlie, rui, root, ines, anonymous):
    report, about_rui = reported(doing, bob, alice), reported(doing, bob, rui)
    for person in (alice, bob, charlie, ines):
        assert person.client().get("/reports/people").status_code == 403
        assert person.client().get(f"/reports/people/{report}").status_code == 403
        assert person.client().post(f"/reports/people/{report}", data={"decision": "uphold", "why": "x"}).status_code == 403
    assert "sign-in" in anonymous.get("/reports/people").location
    assert rui.client().post(f"/reports/people/{about_rui}", data={"decision": "dismiss", "why": "我没做"}).status_code == 409
    assert root.client().post(f"/reports/people/{about_rui}", data={"decision": "dismiss", "why": "查过"}).status_code == 303
    assert f"/admin/people/{alice.id}" in root.client().get(f"/reports/people/{report}").text
    assert "/admin/people" not in rui.client().get(f"/reports/people/{report}").text


def test_only_what_the_other_side_wrote_to_one_can_be_reported(session, doing, coat, bad_line, alice, bob, charlie):
    with doing(bob) as w, pytest.raises(Refused, match="report_other"):
        person_reports.report_person(w, charlie.id, reason="abuse", words="", message=w.session.get_one(Message, bad_line))
    with doing(bob) as w, pytest.raises(Refused, match="report_other"):
        person_reports.report_person(w, bob.id, reason="abuse", words="")
    with doing(bob) as w, pytest.raises(Invalid, match="reason_missing"):
        person_reports.report_person(w, alice.id, reason="nonsense", words="")
    form = charlie.client().get(f"/people/{alice.id}/report").text
    assert LINES[2] not in form, "a stranger sees no line of another's talk"
    assert charlie.client().post(f"/people/{alice.id}/report", data={"about": bad_line, "reason": "abuse"}).status_code in (404, 422)
    assert charlie.client().post(f"/people/{alice.id}/report", data={"reason": "abuse"}).status_code == 303


def test_sent_again_it_replaces_the_words(session, doing, bad_line, alice, bob):
    first = reported(doing, bob, alice, line=bad_line)
    assert reported(doing, bob, alice, line=bad_line) == first and reported(doing, bob, alice) != first, "the person is another matter"


def test_the_database_keeps_a_decision_with_its_reason(doing, alice, bob):
    report = reported(doing, bob, alice)
    with pytest.raises(IntegrityError), doing() as w:
        from sqlalchemy import update

        w.session.execute(update(PersonReport).where(PersonReport.id == report).values(state="upheld"))
