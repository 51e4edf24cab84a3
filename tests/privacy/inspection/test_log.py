"""The log as a page: read, filtered, checked by one click and taken away, by a regulator or the administrator."""

import re

import pytest
from sqlalchemy import select, text

from core import audit, audit_csv, clock
from core.audit import AuditLine
from core.work import Actor, work
from tests import stories


def seal(session):
    with work(session, Actor("system:sealer"), clock.now()) as w:
        audit.seal(w.session)


@pytest.fixture
def written(session, doing):
    """40 lines about ten things."""
    for n in range(40):
        with doing() as w:
            w.record("core:photo:added", f"thing{n % 10}", photo=f"p{n}")
    seal(session)


def numbers(page):
    return [int(n) for n in re.findall(r"No\. (\d+)", page)]


def head_in(page):
    return re.search(r"[0-9a-f]{64}", page).group()


def test_newest_first_in_pages(ines, written):
    client = ines.client()
    assert numbers(client.get("/regulator/log").text) == list(range(40, 10, -1))
    assert numbers(client.get("/regulator/log?page=2").text) == list(range(10, 0, -1))
    for odd in ("0", "-1", "x", "99999999999999999999", "3"):
        assert client.get(f"/regulator/log?page={odd}").status_code == 200


def test_filters(session, ines, written, doing, alice):
    client = ines.client()
    assert numbers(client.get("/regulator/log?subject=thing3").text) == [34, 24, 14, 4]
    coat = stories.coat(doing, alice)
    seal(session)
    found = client.get("/regulator/log?word=core:item:registered").text
    assert coat in found
    assert "thing3" not in found
    today = clock.local(clock.now()).date().isoformat()
    assert "No line fits" not in client.get(f"/regulator/log?day={today}").text
    assert "No line fits" in client.get("/regulator/log?day=2020-01-01").text
    assert "No line fits" in client.get("/regulator/log?subject=%00%F0%9F%92%BB").text


@pytest.mark.parametrize("asked", ["day=2026-02-30", "day=yesterday", "day=99999-01-01", "day=0001-01-01", "day=9999-12-31", "word=core:no:such"])
def test_what_cant_be_asked_is_said(ines, written, asked):
    assert ines.client().get(f"/regulator/log?{asked}").status_code == 422
    assert ines.client().get(f"/regulator/log/export?{asked}").status_code == 422


def test_looking_for_a_subject_is_a_look_up(session, ines, written):
    def made():
        session.rollback()
        return [(line.subject, line.facts) for line in session.scalars(
            select(AuditLine).where(AuditLine.word == "core:lookup:made").order_by(AuditLine.line_no))]  # fmt: skip

    ines.client().get("/regulator/log")
    assert made() == [], "turning the pages isn't a look-up"
    ines.client().get("/regulator/log?subject=thing3")
    ines.client().get("/regulator/log?subject=Alice+Chen,+13800000000")
    assert made() == [("thing3", {"kind": "log", "found": 4}), ("nothing", {"kind": "log", "found": 0})]


def test_one_click_verifies_and_says_the_head(session, ines, written):
    page = ines.client().post("/regulator/log/verify").text
    assert "The chain holds" in page
    assert head_in(page) == audit.verify(session).head
    session.rollback()
    line = session.scalars(select(AuditLine).where(AuditLine.word == "core:log:verified")).one()
    assert (line.actor, line.facts["ok"], line.facts["lines"]) == (ines.id, True, 40)


def test_a_head_noted_earlier_is_compared(ines, written):
    client = ines.client()
    head = head_in(client.post("/regulator/log/verify").text)
    assert "The chain holds" in client.post("/regulator/log/verify", data={"head": f" {head.upper()} "}).text
    other = client.post("/regulator/log/verify", data={"head": "ab" * 32})
    assert "The chain does not hold" in other.text
    assert client.post("/regulator/log/verify", data={"head": "abc"}).status_code == 422


def test_a_changed_line_is_named(session, ines, written):
    with session.get_bind().begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_lines_no_update"))
        else:
            connection.execute(text("ALTER TABLE audit_lines DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit_lines SET subject = 'thing9' WHERE subject = 'thing3' AND facts LIKE '%p13%'"))
    page = ines.client().post("/regulator/log/verify").text
    if session.get_bind().dialect.name == "postgresql":
        with session.get_bind().begin() as connection:
            connection.execute(text("ALTER TABLE audit_lines ENABLE TRIGGER USER"))
    assert "The chain does not hold" in page
    assert re.search(r"First line that is bad or missing</dt><dd>14<", page)


def test_the_export_is_checked_by_anybody(session, ines, written):
    answer = ines.client().get("/regulator/log/export")
    assert answer.mimetype == "text/csv"
    found = audit_csv.verify(answer.text)
    assert (found["ok"], found["lines"]) == (True, 40)
    session.rollback()
    line = session.scalars(select(AuditLine).where(AuditLine.word == "core:log:exported")).one()
    assert (line.actor, line.facts) == (ines.id, {"day": "all"})


def test_one_day_of_the_log(session, ines, written):
    today = clock.local(clock.now()).date().isoformat()
    answer = ines.client().get(f"/regulator/log/export?day={today}")
    assert audit_csv.verify(answer.text)["lines"] == 40
    assert f"audit-{today}.csv" in answer.headers["Content-Disposition"]
    assert audit_csv.verify(ines.client().get("/regulator/log/export?day=2020-01-01").text)["lines"] == 0


@pytest.mark.parametrize(("method", "path"), [
    ("get", "/regulator/log"), ("get", "/regulator/log/export"), ("post", "/regulator/log/verify"),
])  # fmt: skip
def test_regulator_and_administrator_only(method, path, ines, root, alice, wang, zhao, anonymous):
    for one in (ines, root):
        assert getattr(one.client(), method)(path).status_code == 200
        assert "/second-factor" in getattr(one.client(factor=False), method)(path).location
    for one in (alice, wang, zhao):
        assert getattr(one.client(), method)(path).status_code == 403
    assert "/sign-in" in getattr(anonymous, method)(path).location


def test_both_languages_are_whole(ines, written):
    zh = ines.client(language="zh")
    for page in (zh.get("/regulator"), zh.get("/regulator/log"), zh.post("/regulator/log/verify")):
        main = re.search(r"<main.*</main>", page.text, re.S).group()
        bare = re.sub(r"<option.*?</option>|<code.*?</code>|<[^>]+>|[0-9a-f]{64}|\S+=\S+|thing\d|system:test", " ", main)
        bare = re.sub(r"\b(CSV|IMEI|[0-9a-z]{26})\b", " ", bare)
        assert not re.search(r"[A-Za-z]{4,}", bare), re.findall(r"[A-Za-z]{4,}", bare)
        assert page.text.count("<h1") == 1
