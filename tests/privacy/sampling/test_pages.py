"""In real browsers: one counter computer, the desk, a try, a draw reckoned again, family at work, the owner's own file."""

import io
import json

import pytest
from sqlalchemy import select

from core import clock
from core.people.models import Contact, Notice
from core.people.queries import opened
from core.ports import PersonClosing, happened
from core.work import Actor, work
from privacy.clearance.models import Certificate
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.sampling import figures, marks, own, queries
from privacy.sampling.models import RecoveryTry, SampleCheck
from privacy.sampling.people_models import CounterMark, OwnStatement, PersonRelation
from privacy.wipes import actions
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.sampling.conftest import moved

HDD = stories.disks("hdd")


# --- one counter computer ---------------------------------------------------------------------------------------------


@pytest.fixture
def taken_in(doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return item_id, stories.consented(doing, item_id, alice)


def at_the_bench(client, job_id, shop):
    assert client.post(f"/wipes/{job_id}/start", data={"org": shop}).status_code == 303
    assert client.post(f"/wipes/{job_id}/count", data={"counted": "1"}).status_code == 303
    assert client.post(f"/wipes/{job_id}/locks", data=stories.LOCKS_OFF).status_code == 303
    sent = {"files": (io.BytesIO(HDD[0].log), "nwipe.log")}
    assert client.post(f"/wipes/{job_id}/evidence", data=sent, content_type="multipart/form-data").status_code == 303
    assert client.post(f"/wipes/{job_id}/sign").status_code == 303


def verify(session, client, job_id):
    told = stories.verify_data(session, job_id)
    answer = client.post(f"/wipes/{job_id}/verify", data=told, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def same_browser(first, second):
    """The second person signs in where the first one sat: the browser's own cookie stays."""
    cookie = first.get_cookie("device")
    second.set_cookie("device", cookie.value)
    return second


def test_two_people_at_one_computer_are_told(session, taken_in, wang, zhao, shop, anonymous):
    item_id, job_id = taken_in
    bench = wang.client()
    at_the_bench(bench, job_id, shop)
    paper = verify(session, same_browser(bench, zhao.client()), job_id)
    assert marks.is_shared(session, job_id)
    assert "signed in the same browser" in zhao.client().get(f"/wipes/{job_id}").text
    assert "signed in the same browser" in anonymous.get(paper).text, "it stands on the certificate"
    assert json.loads(session.scalars(select(Certificate.body)).one())["shared_device"] is True


def test_two_computers_are_not(session, taken_in, wang, zhao, shop, anonymous):
    item_id, job_id = taken_in
    at_the_bench(wang.client(), job_id, shop)
    paper = verify(session, zhao.client(), job_id)
    assert {row.act for row in session.scalars(select(CounterMark))} == {"start", "evidence", "sign_off", "verify"}
    assert not marks.is_shared(session, job_id)
    assert "same browser" not in anonymous.get(paper).text
    assert "shared_device" not in json.loads(session.scalars(select(Certificate.body)).one())


def test_a_later_step_alone_is_enough(session, taken_in, wang, zhao, shop):
    """The operator wiped at the bench but signed at the counter, where the verifier signed, too."""
    _item, job_id = taken_in
    bench, counter = wang.client(), wang.client()
    bench.get("/wipes")
    counter.get("/wipes")
    assert bench.get_cookie("device").value != counter.get_cookie("device").value
    bench.post(f"/wipes/{job_id}/start", data={"org": shop})
    bench.post(f"/wipes/{job_id}/count", data={"counted": "1"})
    bench.post(f"/wipes/{job_id}/locks", data=stories.LOCKS_OFF)
    bench.post(f"/wipes/{job_id}/evidence", data={"files": (io.BytesIO(HDD[0].log), "n.log")}, content_type="multipart/form-data")
    counter.post(f"/wipes/{job_id}/sign")
    verify(session, same_browser(counter, zhao.client()), job_id)
    assert marks.is_shared(session, job_id)


def test_the_cookie_says_nothing_and_goes_to_nobody_else(session, wang, zhao, alice, anonymous):
    client = wang.client()
    header = next(one for one in client.get("/wipes").headers.getlist("Set-Cookie") if one.startswith("device="))
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Max-Age=63072000" in header and "Secure" not in header
    value = client.get_cookie("device").value
    assert len(value) == 32 and int(value, 16) >= 0
    assert not [one for one in client.get("/wipes").headers.getlist("Set-Cookie") if one.startswith("device=")], "once"
    client.get("/sign-out") or client.post("/sign-out")
    assert client.get_cookie("device").value == value, "it belongs to the browser, not to the person"
    for other in (alice.client(), anonymous):
        other.get("/")
        assert other.get_cookie("device") is None
    asleep = zhao.client(factor=False)
    asleep.get("/")
    assert asleep.get_cookie("device"), "also before the second factor"
    client.set_cookie("device", "<script>")
    client.get("/wipes")
    assert client.get_cookie("device").value != "<script>"


def test_only_a_keyed_digest_is_kept(session, taken_in, wang, shop):
    client = wang.client()
    at_the_bench(client, taken_in[1], shop)
    value = client.get_cookie("device").value
    import hashlib

    kept = {row.digest for row in session.scalars(select(CounterMark))}
    assert len(kept) == 1 and value not in kept and hashlib.sha256(value.encode()).hexdigest() not in kept


def test_secure_behind_https(app, wang):
    from dataclasses import replace

    before = app.extensions["xunshi"]
    app.extensions["xunshi"] = replace(before, https=True)
    try:
        headers = wang.client().get("/wipes").headers.getlist("Set-Cookie")
    finally:
        app.extensions["xunshi"] = before
    assert "Secure" in next(one for one in headers if one.startswith("device="))


def test_a_shared_computer_raises_the_share(doing, session, people, taken_in, wang, shop, point, clockwork):
    wu = people.person("Wu")
    people.give_role(wu, "wipe_verifier", point)
    client = wang.client()
    at_the_bench(client, taken_in[1], shop)
    moved(doing, taken_in[0], point)
    verify(session, same_browser(client, wu.client()), taken_in[1])
    clockwork()
    draw = queries.find_draw(session, taken_in[1])
    assert (draw.reasons, draw.share) == (["shared_device"], 20)


# --- the desk and a try ---------------------------------------------------------------------------------------------------


REPORT = f"PhotoRec 7.2\nDisk /dev/sdb - S/N:{HDD[0].serial}\n0 files saved\n".encode()


def told(**changed):
    said = {"result": "nothing", "tool": "PhotoRec", "version": "7.2", "searched": ["carving", "text"], **changed}
    said.setdefault("report", (io.BytesIO(REPORT), "photorec.log"))
    if said["result"] != "not_done":
        said.setdefault("photos", (io.BytesIO(stories.picture()), "try.jpg"))
    return said


def test_a_try_from_desk_to_certificate(session, alice, sun, zhao, wang, anonymous, drawn, check_of, doing, point):
    moved(doing, drawn.item_id, point)
    path = f"/sampling/checks/{check_of(drawn).id}"
    client = sun.client()
    assert path in client.get("/sampling").text
    page = client.get(path).text
    assert "nwipe" in page and "somebody of another organisation" in page
    assert "Not by you" in zhao.client().get(path).text and "Put the try on record" not in zhao.client().get(path).text
    assert "will try to recover data" in anonymous.get(f"/certificates/{drawn.number}").text
    wrong = client.post(path, data=told(tool="nwipe"), content_type="multipart/form-data")
    assert wrong.status_code == 422 and "different product" in wrong.text and 'value="7.2"' in wrong.text, "nothing typed is lost"
    assert client.post(path, data=told(), content_type="multipart/form-data").location == path
    assert "Nothing was found" in client.get(path).text
    assert "found nothing" in anonymous.get(f"/certificates/{drawn.number}").text
    assert "found nothing" in alice.client().get(f"/wipes/{drawn.job_id}").text
    assert "PhotoRec 7.2" in anonymous.get(f"/certificates/{drawn.number}").text


def test_a_try_needs_the_right_person_and_factor(doing, drawn, check_of, wang, zhao, sun, bob, ines):
    path = f"/sampling/checks/{check_of(drawn).id}"
    assert bob.client().get("/sampling").status_code == bob.client().get(path).status_code == 403
    assert wang.client().post(path, data=told(), content_type="multipart/form-data").status_code == 403
    assert zhao.client().post(path, data=told(), content_type="multipart/form-data").status_code == 403
    assert ines.client().get(path).status_code == 200
    assert ines.client().post(path, data=told(), content_type="multipart/form-data").status_code == 403
    late = sun.client(factor=False).post(path, data=told(), content_type="multipart/form-data")
    assert late.status_code == 303 and "/second-factor" in late.location


def test_data_found_on_the_page(session, sun, anonymous, drawn, check_of, doing, point):
    moved(doing, drawn.item_id, point)
    path = f"/sampling/checks/{check_of(drawn).id}"
    sun.client().post(path, data=told(result="found"), content_type="multipart/form-data")
    page = anonymous.get(f"/certificates/{drawn.number}").text
    assert "Revoked" in page and "found some" in page
    assert certificate_of(session, drawn.item_id).state == "revoked"


def test_a_report_is_read_by_few_and_on_record(session, sun, ines, zhao, alice, drawn, check_of, doing, point):
    from core.audit import AuditLine

    moved(doing, drawn.item_id, point)
    path = f"/sampling/checks/{check_of(drawn).id}"
    sun.client().post(path, data=told(), content_type="multipart/form-data")
    report = f"/sampling/tries/{session.scalars(select(RecoveryTry.id)).one()}/report"
    session.rollback()
    assert alice.client().get(report).status_code == zhao.client().get(report).status_code == 403
    for one in (sun, ines):
        answer = one.client().get(report)
        assert answer.data == REPORT and "attachment" in answer.headers["Content-Disposition"]
    assert len(session.scalars(select(AuditLine).where(AuditLine.word == "privacy:report:read")).all()) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"result": "x"},
        {"result": "nothing"},
        told(searched=["x"]),
        told(result="not_done"),
        told(photos=(io.BytesIO(b"no photo"), "a.jpg")),
    ],
)
def test_bad_input_is_told(session, doing, sun, point, drawn, check_of, bad):
    moved(doing, drawn.item_id, point)
    answer = sun.client().post(f"/sampling/checks/{check_of(drawn).id}", data=bad, content_type="multipart/form-data")
    assert answer.status_code == 422 and session.scalars(select(RecoveryTry)).all() == []


def test_the_draw_is_reckoned_again(session, sun, ines, people, shop, drawn):
    people.give_role(mu := people.person("Mu"), "shop_manager", shop)
    people.give_role(other := people.person("Ou"), "shop_manager", people.organisation("别的店"))
    path = f"/sampling/draws/{queries.find_draw(session, drawn.job_id).id}"
    session.rollback()
    for one in (ines, mu):
        page = one.client().get(path).text
        assert "work for the same organisation" in page and "hashlib.sha256" in page
    assert other.client().get(path).status_code == 403


def test_a_draw_that_doesnt_agree_is_seen(session, ines, clears, clockwork):
    clears(0)
    clockwork()
    from privacy.sampling.models import SampleDraw

    path = f"/sampling/draws/{session.scalars(select(SampleDraw.id)).one()}"
    session.rollback()
    assert "finding tone-good" in ines.client().get(path).text
    import privacy.sampling.rules as drawing

    kept = drawing.ticket
    drawing.ticket = lambda root, number: kept(root, number) ^ 1
    try:
        assert "finding tone-bad" in ines.client().get(path).text
    finally:
        drawing.ticket = kept


def test_figures_for_point_and_regulator(people, shop, point, sun, ines, clears, clockwork, certain, tries, drawn):
    certain(False)
    clears(1)
    clockwork()
    tries(sun, drawn)
    people.give_role(mu := people.person("Mu"), "shop_manager", shop)
    mine, all_of_it = mu.client().get("/sampling").text, ines.client().get("/sampling").text
    assert "西湖旧货行" in mine and "50 %" in mine
    assert "0 % (95 % interval 0 % to 79.35 %)" in all_of_it
    people.give_role(other := people.person("Ou"), "shop_manager", people.organisation("别的店"))
    assert "西湖旧货行" not in other.client().get("/sampling").text


# --- family at work -------------------------------------------------------------------------------------------------------


@pytest.fixture
def address(session):
    def of(person):
        found = opened(session.scalars(select(Contact).where(Contact.account_id == person.id)).one()).value
        session.rollback()
        return found

    return of


def test_declared_told_and_ended_by_who_declared(session, wang, zhao, address):
    client = wang.client()
    assert client.post("/me/relations", data={"contact": address(zhao)}).status_code == 303
    assert client.post("/me/relations", data={"contact": address(zhao)}).status_code == 303
    row = session.scalars(select(PersonRelation)).one()
    path = f"/me/relations/{row.id}/end"
    assert row.declared_by == wang.id and row.first_id < row.second_id
    assert [one.link for one in session.scalars(select(Notice).where(Notice.account_id == zhao.id))][-1] == "/me/relations"
    session.rollback()
    assert "declared by them" in zhao.client().get("/me/relations").text
    assert zhao.client().post(path).status_code == 403
    assert client.post(path).status_code == 303
    assert "ended" in client.get("/me/relations").text
    assert client.post(path).status_code == 409
    assert client.post("/me/relations", data={"contact": address(zhao)}).status_code == 303, "and anew"


def test_only_people_at_work_are_named(session, wang, bob, alice, address):
    client = wang.client()
    for contact in (address(bob), "nobody@example.com", "x", "", address(wang), "1" * 300):
        assert client.post("/me/relations", data={"contact": contact}).status_code == 422, contact
    assert session.scalars(select(PersonRelation)).all() == []
    assert alice.client().get("/me/relations").status_code == 403
    said = [
        client.post("/me/relations", data={"contact": one}).text.count("Nobody who works here")
        for one in (address(bob), "nobody@example.com")
    ]
    assert said[0] == said[1] > 0, "who doesn't work here and who isn't here look alike"


def test_who_leaves_is_nobodys_colleague(session, wang, zhao, address):
    wang.client().post("/me/relations", data={"contact": address(zhao)})
    with work(session, Actor(zhao.id), clock.now()) as w:
        happened(w, PersonClosing(zhao.id))
    assert session.scalars(select(PersonRelation)).one().ended_at is not None


def test_settings_lead_there(wang, alice):
    assert "/me/relations" in wang.client().get("/me/settings").text
    assert "/me/relations" not in alice.client().get("/me/settings").text


# --- the owner's own file ---------------------------------------------------------------------------------------------


def state(client, item_id, raw):
    return client.post(
        f"/items/{item_id}/own-file", data={"file": (io.BytesIO(raw), "n.log")}, content_type="multipart/form-data"
    )


def test_the_sellers_own_log_is_the_sellers_word(app, doing, session, alice, bob, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    client = alice.client()
    assert state(client, item_id, HDD[1].log).status_code == 303
    row = session.scalars(select(OwnStatement)).one()
    assert row.grade == "E1" and row.told[0]["status"] == "erased"
    assert HDD[1].serial not in json.dumps(row.told), "numbers are masked"
    session.rollback()
    for page in (client.get(f"/items/{item_id}/own-file").text, client.get(f"/items/{item_id}").text):
        assert "The seller states" in page and "E1" in page
    assert find_clearance(session, item_id) is None and certificate_of(session, item_id) is None, "it clears nothing"
    session.rollback()
    number = stories.clear(app, doing, item_id, alice, wang, zhao, shop, HDD[:1])
    assert number and find_clearance(session, item_id), "the ordinary way upgrades it, with a run made at the bench"


def test_a_statement_that_anybody_can_write_is_e0(doing, session, alice, monkeypatch):
    from dataclasses import replace

    from privacy.evidence.readers import read

    item_id = stories.laptop(doing, alice)
    monkeypatch.setattr(own, "read", lambda raw: replace(read(raw), kind="statement"))
    assert state(alice.client(), item_id, HDD[0].log).status_code == 303
    assert session.scalars(select(OwnStatement.grade)).one() == "E0"


def test_the_database_keeps_the_grade_low(doing, session, database, alice, bob):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    item_id = stories.laptop(doing, alice)
    state(alice.client(), item_id, HDD[0].log)

    def run(statement, **values):
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(text(statement), values)

    for grade in ("E2", "E1x", ""):
        with pytest.raises(DBAPIError):
            run("UPDATE own_statements SET grade = :grade", grade=grade)
    with pytest.raises(DBAPIError, match="grade and thing"):
        run("UPDATE own_statements SET grade = 'E0'")
    row = session.execute(text("SELECT * FROM own_statements")).mappings().one()
    session.rollback()
    names = ", ".join(row)
    with pytest.raises(DBAPIError, match="owner of a thing"):
        run(
            f"INSERT INTO own_statements ({names}) VALUES ({', '.join(':' + n for n in row)})",
            **{**row, "id": "x" * 26, "owner_id": bob.id, "digest": "y"},
        )


def test_others_see_and_send_nothing(doing, alice, bob, wang, zhao):
    item_id = stories.laptop(doing, alice)
    for one in (bob, wang, zhao):
        assert one.client().get(f"/items/{item_id}/own-file").status_code == 403
        assert state(one.client(), item_id, HDD[0].log).status_code == 403


def test_what_is_no_log_or_there_already_is_told(doing, session, alice):
    client, item_id = alice.client(), stories.laptop(doing, alice)
    for raw in (b"", b"hello", b"\x00\x01", b"{"):
        assert state(client, item_id, raw).status_code == 422
    assert state(client, item_id, HDD[0].log).status_code == 303
    assert state(client, item_id, HDD[0].log).status_code == 409
    coat = stories.coat(doing, alice)
    assert state(client, coat, HDD[1].log).status_code == 409
    assert len(session.scalars(select(OwnStatement)).all()) == 1


def test_taken_back_is_erased(app, doing, session, alice, bob):
    client, item_id = alice.client(), stories.laptop(doing, alice)
    state(client, item_id, HDD[0].log)
    row = session.scalars(select(OwnStatement)).one()
    path, digest = f"/own-files/{row.id}/remove", row.digest
    session.rollback()
    store = stories.bench(app).store
    assert store.exists(digest) and bob.client().post(path).status_code == 403
    assert client.post(path).status_code == 303
    assert not store.exists(digest)
    session.rollback()
    row = session.scalars(select(OwnStatement)).one()
    assert row.told == [] and row.removed_at
    session.rollback()
    assert client.post(path).status_code == 404
    assert state(client, item_id, HDD[0].log).status_code == 303, "and may be shown again"


def test_taken_back_by_closing(app, doing, session, alice):
    item_id = stories.laptop(doing, alice)
    state(alice.client(), item_id, HDD[0].log)
    with app.app_context(), work(session, Actor(alice.id), clock.now()) as w:
        happened(w, PersonClosing(alice.id))
    assert session.scalars(select(OwnStatement)).one().removed_at
    session.rollback()
    assert own.of_item(session, item_id) == []


# --- ports ------------------------------------------------------------------------------------------------------------


def test_the_ports_tell(session, alice, wang, zhao, sun, drawn, tries, address, app, doing):
    from core.own_data import personal_data as _ignored  # noqa: F401
    from core.ports import dossier, retention
    from privacy.ports import personal_data

    tries(sun, drawn)
    state(alice.client(), drawn.item_id, HDD[5].log)
    wang.client().post("/me/relations", data={"contact": address(zhao)})
    sentences = [line.sentence for line in dossier(session, drawn.item_id)]
    assert any("drawn for a recovery try" in one for one in sentences) and any("nothing was found" in one for one in sentences)
    assert any("own hand" in one for one in sentences)
    assert personal_data(session, zhao.id)["family_at_work"][0]["with"] == wang.id
    assert personal_data(session, sun.id)["recovery_tries_i_made"][0]["result"] == "nothing"
    assert personal_data(session, alice.id)["logs_of_my_own_wipes"][0]["grade"] == "E1"
    assert {"Declared family relations at work", "Draws, recovery tries and their reports"} <= {row.data for row in retention()}


def test_the_job_page_says_it_wasnt_drawn(wang, zhao, alice, clears, clockwork, certain):
    certain(False)
    one = clears(0)
    clockwork()
    assert "Not drawn" in zhao.client().get(f"/wipes/{one.job_id}").text
    assert "Not drawn" not in alice.client().get(f"/wipes/{one.job_id}").text


def test_a_stopped_job_has_nothing_to_say(doing, alice, zhao):
    job_id = stories.consented(doing, stories.laptop(doing, alice), alice)
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(WipeJob, job_id))
    assert "A third person" not in alice.client().get(f"/wipes/{job_id}").text


def test_no_check_is_left_unseen(session, drawn):
    assert [due.check.job_id for due in figures.due(session)] == [drawn.job_id]
    assert session.scalars(select(SampleCheck.org_id)).one()
