"""The staff queue: what waits is seen by who may decide, has an owner and a date, and leaves with a decision and its reason."""

import json
import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from core import clock
from core.audit import AuditLine
from core.data_files import BadDataFile
from core.errors import Forbidden, Invalid, Refused
from core.people.actions import organisations, sellers
from core.people.actions.organisations import Proposal
from core.people.models import Membership, Notice, Organisation, SellerFile
from core.queue import actions, kinds, queries
from core.queue.cli import queue as command
from core.queue.kinds import Ask
from core.queue.models import QueueEntry
from core.queue.rules import may_decide
from core.work import work
from market.listings import reviewing
from market.listings.models import Listing, Report
from tests.harness.json_shape import SCHEMAS, misfits, schema
from tests.market_stories import listed_coat
from tests.queue_stories import entry_of

LICENCE = "91110000600037341L"


@pytest.fixture
def staff(people):
    """Two reviewers, an administrator, a mediator: everybody of the platform."""
    platform = people.organisation("循市", "platform")
    found = {}
    for name, role in (("Rui", "reviewer"), ("Ran", "reviewer"), ("Root", "administrator"), ("Mei", "mediator")):
        found[name] = people.person(name)
        people.give_role(found[name], role, platform)
    return found


@pytest.fixture
def coat(doing, alice):
    return listed_coat(doing, alice)


@pytest.fixture
def reported(session, coat, bob):
    """Bob reports Alice's coat. Returns the report's id."""
    assert bob.client().post(f"/listings/{coat}/report", data={"reason": "false", "words": "假的"}).status_code == 303
    session.rollback()
    return session.scalars(select(Report.id)).one()


def words_of(session, entry_id):
    session.rollback()
    return [line.word for line in session.scalars(select(AuditLine).where(AuditLine.subject == entry_id).order_by(AuditLine.line_no))]


# --- from the report to the decision -------------------------------------------------------------------------------


def test_a_report_waits_is_taken_and_leaves_with_its_reason(session, coat, reported, staff):
    entry = entry_of(session, "report", reported)
    assert entry.state == "open" and entry.due_at - entry.since == timedelta(days=3) and entry.owner_id is None
    desk, path = staff["Rui"].client(), f"/queue/{entry.id}"
    assert "A report" in desk.get("/queue").text and "3 days left" in desk.get("/queue").text
    assert desk.post(f"{path}/take").status_code == 303
    page = desk.get(path).text
    assert "Look and decide" in page and f"/reports#{reported}" in page and "Put it back" in page
    assert "Rui has it" in staff["Ran"].client().get("/queue").text, "colleagues see who sees to it"
    assert staff["Ran"].client().post(f"{path}/take").status_code == 409, "a colleague has it already"
    assert desk.post(f"/reports/{reported}", data={"decision": "dismiss", "reason": ""}).status_code == 422, "with a reason only"
    assert entry_of(session, "report", reported).state == "open"
    assert desk.post(f"/reports/{reported}", data={"decision": "dismiss", "reason": "照片与描述一致"}).status_code == 303
    ended = entry_of(session, "report", reported)
    assert (ended.state, ended.verdict, ended.reason, ended.ended_by) == ("decided", "dismissed", "照片与描述一致", staff["Rui"].id)
    done = staff["Ran"].client().get("/queue?show=done").text
    assert "照片与描述一致" in done and "Decided by Rui" in done and "Nothing was found" in staff["Ran"].client().get(path).text
    assert words_of(session, entry.id) == ["core:queue:taken", "core:queue:ended"]


def test_what_is_undone_leaves_the_entry_open(session, doing, coat, reported, staff):
    """The decision and the entry are one transaction: if one fails, both stay."""
    with pytest.raises(RuntimeError), doing(staff["Rui"]) as w:
        reviewing.decide(w, w.session.get_one(Report, reported), True, "假货")
        raise RuntimeError("the lights went out")
    assert entry_of(session, "report", reported).state == "open"
    assert session.get_one(Report, reported).state == "open" and session.get_one(Listing, coat).state == "published"


def test_who_is_part_of_it_neither_sees_nor_decides(session, people, doing, coat, reported, alice, bob, staff):
    """The seller and the reporter become reviewers: this one report isn't theirs, and another is."""
    for person in (alice, bob):
        people.give_role(person, "reviewer", session.scalars(select(Organisation.id).where(Organisation.kind == "platform")).one())
    entry = entry_of(session, "report", reported)
    for person in (alice, bob):
        client = person.client()
        assert "Nothing waits" in client.get("/queue").text and client.get(f"/queue/{entry.id}").status_code == 403
        assert client.post(f"/queue/{entry.id}/take").status_code == 403
        assert client.post(f"/reports/{reported}", data={"decision": "dismiss", "reason": "x"}).status_code == 403
        assert "a colleague decides" in client.get("/reports").text
    other = listed_coat(doing, staff["Mei"], title="别人的大衣")
    staff["Root"].client().post(f"/listings/{other}/report", data={"reason": "false"})
    assert "别人的大衣" in alice.client().get("/queue").text


@pytest.mark.parametrize(("name", "sees"), [("Rui", True), ("Root", True), ("Mei", False)])
def test_roles_see_only_what_they_may_decide(session, reported, staff, name, sees):
    client, entry = staff[name].client(), entry_of(session, "report", reported)
    assert ("羽绒服" in client.get("/queue").text) is sees
    assert client.get(f"/queue/{entry.id}").status_code == (200 if sees else 403)
    assert client.post(f"/queue/{entry.id}/take").status_code == (303 if sees else 403)


def test_nobody_else_opens_the_queue(session, reported, alice, bob, charlie, li, ines, anonymous):
    entry = entry_of(session, "report", reported)
    for person in (alice, bob, charlie, li, ines):
        for path in ("/queue", f"/queue/{entry.id}"):
            assert person.client().get(path).status_code == 403, person.name
    assert "sign-in" in anonymous.get("/queue").location


def test_a_mediator_is_asked_for_the_second_factor_first(session, staff):
    assert "/second-factor" in staff["Mei"].client(factor=False).get("/queue").location
    assert staff["Mei"].client().get("/queue").status_code == 200


# --- owner ---------------------------------------------------------------------------------------------------------


def test_handed_to_a_colleague_who_is_told(session, reported, staff, charlie):
    entry = entry_of(session, "report", reported)
    path, rui = f"/queue/{entry.id}", staff["Rui"].client()
    assert f'value="{staff["Ran"].id}"' in rui.get(path).text and staff["Mei"].id not in rui.get(path).text
    for stranger in (charlie.id, staff["Mei"].id, "nobody", ""):
        assert rui.post(f"{path}/hand", data={"account_id": stranger}).status_code == 422, "not theirs to decide"
    assert rui.post(f"{path}/hand", data={"account_id": staff["Ran"].id}).status_code == 303
    assert entry_of(session, "report", reported).owner_id == staff["Ran"].id
    notice = session.scalars(select(Notice).where(Notice.account_id == staff["Ran"].id)).one()
    assert notice.link == path and "In your hands" in staff["Ran"].client().get("/queue?show=mine").text
    assert rui.post(f"{path}/hand", data={"account_id": staff["Rui"].id}).status_code == 409, "it isn't in her hands any more"
    assert rui.post(f"{path}/give_back").status_code == 409
    assert staff["Ran"].client().post(f"{path}/give_back").status_code == 303
    assert entry_of(session, "report", reported).owner_id is None
    assert words_of(session, entry.id) == ["core:queue:handed_on", "core:queue:given_back"]


def test_who_loses_the_role_has_nothing_in_hand_any_more(session, doing, reported, staff):
    entry = entry_of(session, "report", reported)
    staff["Rui"].client().post(f"/queue/{entry.id}/take")
    session.rollback()
    mine = session.scalars(select(Membership.id).where(Membership.account_id == staff["Rui"].id)).one()
    with doing(staff["Root"]) as w:
        organisations.end_membership(w, mine)
    assert entry_of(session, "report", reported).owner_id is None
    assert words_of(session, entry.id)[-1] == "core:queue:given_back"


def test_a_colleague_may_decide_what_somebody_else_has(session, reported, staff):
    """Owning says who sees to it; it keeps nobody out, and who decided is on record."""
    entry = entry_of(session, "report", reported)
    staff["Rui"].client().post(f"/queue/{entry.id}/take")
    assert staff["Ran"].client().post(f"/reports/{reported}", data={"decision": "dismiss", "reason": "x"}).status_code == 303
    assert entry_of(session, "report", reported).ended_by == staff["Ran"].id


def test_two_who_take_it_at_once_are_one(database, session, reported, staff):
    """Over two connections: one has it, the other is told; never both, never nobody."""
    entry, gate, said = entry_of(session, "report", reported).id, threading.Barrier(2), {}
    session.rollback()

    def take(person):
        with database.session() as own:
            gate.wait()
            try:
                with work(own, person.actor, clock.now()) as w:
                    actions.take(w, entry, person.id)
                said[person.id] = ""
            except Refused as no:
                said[person.id] = no.code

    threads = [threading.Thread(target=take, args=(staff[name],)) for name in ("Rui", "Ran")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said.values()) == ["", "taken"]
    assert entry_of(session, "report", reported).owner_id == next(who for who, code in said.items() if not code)


# --- dates ---------------------------------------------------------------------------------------------------------


def test_the_nearest_date_first_and_overdue_is_shown(session, doing, alice, bob, staff):
    start = clock.now()
    for days, title in ((5, "第三件"), (9, "第一件"), (7, "第二件")):
        coat = listed_coat(doing, alice, title=title)
        with clock.stopped_at(start - timedelta(days=days)), doing(bob) as w:
            from market.listings.talk import keep_report

            keep_report(w, coat, "false", "")
    coat = listed_coat(doing, alice, title="还早")
    bob.client().post(f"/listings/{coat}/report", data={"reason": "false"})
    page = staff["Rui"].client().get("/queue").text
    assert [page.index(title) for title in ("第一件", "第二件", "第三件", "还早")] == sorted(page.index(t) for t in ("第一件", "第二件", "第三件", "还早"))
    late = staff["Rui"].client().get("/queue?show=overdue").text
    assert "第一件" in late and "还早" not in late and late.count(">Overdue</span>") == 3
    assert "还早" in staff["Rui"].client().get("/queue?kind=report").text and "还早" not in staff["Rui"].client().get("/queue?kind=restricted").text
    assert staff["Rui"].client().get("/queue?show=no&kind=no&page=-3").status_code == 200, "a mistyped address shows what waits"


@pytest.mark.parametrize(("ago", "said"), [(timedelta(), "3 days left"), (timedelta(days=2), "Due tomorrow"), (timedelta(days=4), "Overdue")])
def test_the_badge_tells_how_long_there_is(session, doing, coat, bob, staff, ago, said):
    noon = clock.local(clock.now()).replace(hour=12, minute=0)
    with clock.stopped_at(noon - ago), doing(bob) as w:
        from market.listings.talk import keep_report

        keep_report(w, coat, "false", "")
    with clock.stopped_at(noon):
        assert said in staff["Rui"].client().get("/queue").text


# --- other kinds ---------------------------------------------------------------------------------------------------


def test_an_organisation_is_approved_with_a_reason_by_another_administrator(session, people, doing, alice, staff):
    with doing(alice) as w:
        org = organisations.propose(w, Proposal(kind="agency", name="鉴定所", licence_no=LICENCE)).id
    assert entry_of(session, "organisation", org).due_at > clock.now()
    people.give_role(alice, "administrator", session.scalars(select(Organisation.id).where(Organisation.kind == "platform")).one())
    assert "鉴定所" not in alice.client().get("/queue").text and "鉴定所" in staff["Root"].client().get("/queue").text
    desk = staff["Root"].client()
    assert desk.post(f"/admin/organisations/{org}/decide", data={"verb": "approve", "reason": " "}).status_code == 422
    assert "Give a reason" in desk.post(f"/admin/organisations/{org}/decide", data={"verb": "refuse"}).text
    assert session.get_one(Organisation, org).state == "proposed"
    assert desk.post(f"/admin/organisations/{org}/decide", data={"verb": "refuse", "reason": "名称与代码不符"}).status_code == 303
    assert entry_of(session, "organisation", org).reason == "名称与代码不符"


@pytest.mark.slow
def test_a_sellers_check_comes_by_time_and_goes_with_the_check(session, doing, people, staff, shop):
    long_ago = clock.now() - timedelta(days=200)
    with clock.stopped_at(long_ago), work(session, staff["Root"].actor, long_ago) as w:
        sellers.record_check(w, account_id=None, org_id=shop, kind="operator", allowed=("operator",), licence_no=LICENCE)
    with doing() as w:
        assert actions.fill(w) == 1 and actions.fill(w) == 0, "once"
    file = session.scalars(select(SellerFile.id)).one()
    assert "西湖旧货行" in staff["Root"].client().get("/queue?show=overdue").text or entry_of(session, "seller_check", file).state == "open"
    with doing(staff["Root"]) as w:
        sellers.record_check(w, account_id=None, org_id=shop, kind="operator", allowed=("operator",), licence_no=LICENCE)
    ended = entry_of(session, "seller_check", file)
    assert (ended.state, ended.verdict) == ("decided", "checked") and LICENCE in ended.reason
    with doing() as w:
        assert actions.fill(w) == 0


def test_a_house_from_before_the_queue_gets_its_entries(session, doing, reported):
    """The rows waited already when the queue came."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER queue_entries_stay"))
    else:
        session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("DELETE FROM queue_entries"))
    session.commit()
    with doing() as w:
        assert actions.fill(w) == 1
    entry = entry_of(session, "report", reported)
    assert entry.since == session.get_one(Report, reported).at, "it waits since then, not since today"


# --- the database holds it -----------------------------------------------------------------------------------------


def test_nothing_waits_outside_and_nothing_is_decided_past_it(session, doing, coat, reported):
    insert = (
        "INSERT INTO reports (id, listing_id, reason, words, state, at, facts) "
        "SELECT 'zz', listing_id, reason, '', '{state}', at, '{{}}' FROM reports WHERE id = :id"
    )
    for statement in (insert.format(state="open"), "UPDATE reports SET state = 'dismissed' WHERE id = :id"):
        with pytest.raises(DatabaseError, match="stands in the queue"), doing() as w:
            w.session.execute(text(statement), {"id": reported})
    with doing() as w:  # the genuine twins: what doesn't wait needs no entry, and who ended the entry may decide
        w.session.execute(text(insert.format(state="dismissed")), {"id": reported})
        actions.lapse(w, "report", reported)
        w.session.execute(text("UPDATE reports SET state = 'dismissed' WHERE id = :id"), {"id": reported})


@pytest.mark.parametrize("change", [
    "state = 'decided', verdict = 'dismissed', reason = '', ended_by = 'x', ended_at = since",
    "state = 'decided', verdict = 'dismissed', reason = 'x', ended_by = 'system:flags', ended_at = since",
    "state = 'decided', verdict = '', reason = 'x', ended_by = 'x', ended_at = since", "state = 'lapsed'",
    "due_at = since", "subject_id = 'x'", "owned_at = since",
])  # fmt: skip
def test_the_database_refuses_a_decision_without_person_and_reason(doing, reported, change):
    with pytest.raises(DatabaseError), doing() as w:
        w.session.execute(text(f"UPDATE queue_entries SET {change}"))
    with doing() as w:
        good = "state = 'decided', verdict = 'dismissed', reason = 'x', ended_by = 'x', ended_at = since"
        w.session.execute(text(f"UPDATE queue_entries SET {good}"))
    with pytest.raises(DatabaseError, match="stays"), doing() as w:
        w.session.execute(update(QueueEntry).values(reason="y"))
    with pytest.raises(DatabaseError, match="stays on record"), doing() as w:
        w.session.execute(text("DELETE FROM queue_entries"))


def test_the_program_decides_nothing(session, doing, reported):
    with pytest.raises(DatabaseError, match="a_person_decides|CHECK"), doing() as w:
        actions.settle(w, "report", reported, "dismissed", "因为")
    with pytest.raises(ValueError, match="no verdict"), doing() as w:
        actions.settle(w, "report", reported, "burned", "x")
    with pytest.raises(Invalid), doing() as w:
        actions.settle(w, "report", reported, "dismissed", " \n ")
    assert entry_of(session, "report", reported).state == "open"


# --- who decides ---------------------------------------------------------------------------------------------------

ROLES = st.sampled_from(["reviewer", "administrator", "mediator", "wipe_verifier", "shop_manager", "shop_clerk"])
ORGS = st.sampled_from(["01a", "01b", "01c"])


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["report", "correction", "mediation", "organisation"]), st.frozensets(ORGS, max_size=2), st.booleans(),
    st.frozensets(st.tuples(ROLES, ORGS), max_size=4),
)  # fmt: skip
def test_the_list_and_the_rule_agree(session, doing, kind, orgs, part_of_it, grants):
    """The condition in the database finds exactly what the rule lets somebody decide."""
    with doing() as w:
        me = "m" * 26
        entry = actions.ask(w, kind, Ask(subject_id=f"{kind}{len(orgs)}{part_of_it}", title="x", link="/", orgs=tuple(orgs), barred=(me,) if part_of_it else ()))
        w.session.execute(update(QueueEntry).where(QueueEntry.id == entry.id).values(orgs=sorted(orgs)))
        w.session.refresh(entry)
        found = w.session.scalars(select(QueueEntry.id).where(QueueEntry.id == entry.id, queries.theirs(grants, me))).first()
        assert (found is not None) is may_decide(kinds.get_kind(kind), entry.orgs, entry.barred, grants, me)
        actions.lapse(w, kind, entry.subject_id)


def test_take_and_hand_ask_the_rule(doing, session, reported, staff, charlie):
    entry = entry_of(session, "report", reported).id
    with pytest.raises(Forbidden), doing(charlie) as w:
        actions.take(w, entry, charlie.id)
    with doing(staff["Rui"]) as w:
        assert actions.take(w, entry, staff["Rui"].id).owner_id == actions.take(w, entry, staff["Rui"].id).owner_id, "twice is once"
    with pytest.raises(Refused, match="taken"), doing(staff["Ran"]) as w:
        actions.take(w, entry, staff["Ran"].id)


def test_a_wrong_kinds_file_stops_the_start(tmp_path):
    good = (
        '[[kinds]]\ncode = "x"\nname = { zh = "甲", en = "a" }\ndoes = { zh = "乙", en = "b" }\ndays = 1\nwhy = { zh = "丙", en = "c" }\n'
        'roles = ["reviewer"]\nicon = "flag"\n[kinds.verdicts]\ndone = { zh = "丁", en = "d" }\n'
    )
    for bad in ("days = 0", "days = 1.5", 'roles = ["king"]', "verdicts = {}", 'name = { zh = "", en = "a" }'):
        name = bad.split(" = ")[0]
        lines = [bad if line.startswith(f"{name} =") else line for line in good.splitlines()]
        text_ = "\n".join(lines) if name != "verdicts" else good.split("[kinds.verdicts]")[0] + "[kinds.verdicts]\n"
        (tmp_path / "queue.toml").write_text(text_, encoding="utf-8")
        with pytest.raises(BadDataFile):
            kinds.read_kinds(tmp_path / "queue.toml")


# --- the command ---------------------------------------------------------------------------------------------------


def run(app, *words):
    result = app.test_cli_runner().invoke(command, list(words))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("name", ["queue-list", "queue-take"])
def test_the_printed_examples_fit_their_schemas(name):
    example = json.loads((SCHEMAS / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    assert misfits(example, schema(name)) == []
    for key in schema(name)["required"]:
        assert misfits({k: v for k, v in example.items() if k != key}, schema(name))


def test_the_command_lists_what_waits(app, session, reported, staff):
    code, out, err = run(app, "list", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "") and misfits(found, schema("queue-list")) == []
    assert [one["kind"] for one in found["entries"]] == ["report"] and found["overdue"] == 0
    assert found["entries"][0]["subject"] == reported and "羽绒服" not in out, "titles are on the page only"
    assert json.loads(run(app, "list", "--show", "overdue", "--json")[1])["entries"] == []
    assert json.loads(run(app, "list", "--kind", "restricted", "--json")[1])["entries"] == []
    for words in (("--kind", "nonsense"), ("--show", "nonsense"), ("--owner", "nobody@example.com")):
        code, out, err = run(app, "list", "--json", *words)
        assert (code, out) == (2, "") and set(json.loads(err)) == {"error", "message"}


def test_the_command_takes_for_who_may_decide(app, session, reported, staff, charlie):
    entry = entry_of(session, "report", reported).id
    code, out, _err = run(app, "take", entry, "--person", charlie.id, "--json")
    assert code == 1 and json.loads(out) == {"entry": entry, "taken": False, "reason": "not_their_matter", "owner": None}
    code, out, _err = run(app, "take", entry, "--person", staff["Rui"].id, "--json")
    assert code == 0 and json.loads(out)["owner"] == staff["Rui"].id and misfits(json.loads(out), schema("queue-take")) == []
    code, out, _err = run(app, "take", entry, "--person", staff["Ran"].id, "--json")
    assert code == 1 and json.loads(out)["reason"] == "taken" and json.loads(out)["owner"] == staff["Rui"].id
    assert [one["id"] for one in json.loads(run(app, "list", "--owner", staff["Rui"].id, "--json")[1])["entries"]] == [entry]
    for words in (("take", "nothing", "--person", staff["Rui"].id), ("take", entry, "--person", "x")):
        code, out, err = run(app, *words, "--json")
        assert (code, out) == (2, "") and "error" in json.loads(err)
    session.rollback()
    line = session.scalars(select(AuditLine).where(AuditLine.word == "core:queue:taken")).one()
    assert line.actor == "system:console" and line.facts["owner"] == staff["Rui"].id
