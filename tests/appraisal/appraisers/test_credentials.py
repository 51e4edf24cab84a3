"""Han applies, shows a credential, is looked at, and signs; who has none, or an old one, is told so and loses nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.appraisers import actions, queries
from appraisal.appraisers.models import Appraiser, Credential
from appraisal.appraisers.settings import settings
from appraisal.grades.models import Appraisal
from core import clock, secrets
from core.errors import Forbidden
from core.ports import PersonClosing, happened
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun, best, row
from tests.appraisal_stories import photographed
from tests.appraiser_stories import admitted
from tests.queue_stories import entry_of

TYPED = {
    "words": "验机八年，手机为主。", "kind": "skill_level", "number": " s0000 33010626009999 ", "issuer": "省职业技能鉴定中心",
    "categories": ["laptop"], "level": "1", "until": "2099-12-31",
}  # fmt: skip


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def han(people, shop):
    """Has the role, and no file yet."""
    person = people.person("Han")
    people.give_role(person, "appraiser", shop, credential=False)
    return person


def applied(person, **changed):
    return person.client().post("/me/appraiser", data={**TYPED, **changed})


def file_of(session, person):
    session.rollback()
    return queries.find_file(session, person.id)


def decided(admin, file_id, verb, reason="已向发证机构核对。"):
    return admin.client().post(f"/appraisers/{file_id}", data={"verb": verb, "reason": reason})


def test_from_the_application_to_the_first_signature(session, laptop, han, root, shop, anonymous):
    refused = han.client().post(f"/items/{laptop}/appraise")
    assert refused.status_code == 403 and "You aren&#39;t admitted as an appraiser yet" in refused.text
    assert "Apply" in han.client().get("/me/appraiser").text
    assert applied(han).status_code == 303
    file = file_of(session, han)
    file_id, one = file.id, file.credentials[0]
    assert (file.state, one.state, one.masked) == ("applied", "enclosed", "****9999")
    assert "33010626009999" not in one.number and secrets.decrypt(one.number, "credential") == "S000033010626009999"
    assert "isn&#39;t decided yet" in han.client().post(f"/items/{laptop}/appraise").text
    assert file_id not in anonymous.get("/appraisers").text and anonymous.get(f"/appraisers/{file_id}").status_code in (302, 303, 401)
    entry = entry_of(session, "appraiser", file_id)
    assert entry.barred == [han.id] and entry.title == "Han"
    assert "省职业技能鉴定中心" in root.client().get(f"/appraisers/{file_id}").text
    assert decided(root, file_id, "admit", "").status_code == 422 and file_of(session, han).state == "applied"
    assert decided(root, file_id, "accept").status_code == 422, "that is for organisations"
    assert decided(root, file_id, "admit").status_code == 303
    file = file_of(session, han)
    assert (file.state, file.credentials[0].state, file.probation_left) == ("probation", "valid", settings().probation)
    entry = entry_of(session, "appraiser", file_id)
    assert (entry.state, entry.verdict, entry.reason) == ("decided", "admitted", "已向发证机构核对。")
    path = begun(han, laptop)
    assert han.client().post(path, data={**best(), "what": "sign"}).status_code == 303
    assert row(session, path).state == "signed" and file_of(session, han).probation_left == settings().probation - 1
    assert queries.appraiser_number(han.id) in anonymous.get("/appraisers").text and "Han" not in anonymous.get("/appraisers").text


def test_probation_ends_with_the_last_of_the_first(session, people, laptop, han, shop):
    admitted(session, han.id, state="probation", left=1)
    path = begun(han, laptop)
    assert han.client().post(path, data={**best(), "what": "sign"}).status_code == 303
    assert file_of(session, han).state == "active" and "probation as an appraiser is over" in han.client().get("/inbox").text


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("number", "12", "4 to 60"), ("number", "📜📜📜📜", "4 to 60"), ("number", "SIEBEN", "4 to 60"), ("number", "", "fill this in"),
    ("until", "2020-01-01", "has expired"), ("until", "31.12.2027", "like 2027-12-31"), ("until", "0000-00-00", "like 2027-12-31"),
    ("categories", ["rocket"], "Choose what"), ("categories", [], "Choose what"), ("kind", "crown", "one of the answers"),
    ("level", "9", "one of the answers"), ("issuer", " x ", "Say who"), ("words", "short", "between 10 and 2000"),
])  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(session, han, field, typed, said):
    answer = applied(han, **{field: typed})
    assert answer.status_code == 422 and said in answer.text, answer.text[:3000]
    assert file_of(session, han) is None
    kept = "省职业技能鉴定中心" if field != "issuer" else "验机八年"
    assert kept in answer.text


def test_an_expired_credential_lets_the_draft_wait(session, laptop, han):
    soon = clock.now() + timedelta(days=3)
    file_id = admitted(session, han.id, scope={"laptop": 1}, until=soon)
    path = begun(han, laptop)
    with clock.stopped_at(soon):
        answer = han.client().post(path, data={**best(), "what": "sign"})
        assert answer.status_code == 403 and "expired on" in answer.text and "your drafts wait" in answer.text
        assert han.client().post(path, data={**best(), "what": "save"}).status_code == 303, "kept for later all the same"
        assert row(session, path).state == "draft" and begun(han, laptop) == path
        # a new one is shown; it counts once it was looked at
        new = {**TYPED, "number": "S-2027-000001"}
        assert han.client().post("/me/appraiser", data=new).status_code == 303
        assert "still being looked at" in han.client().post(path, data={**best(), "what": "sign"}).text
        with_session = session.scalars(select(Credential).where(Credential.state == "offered")).one()
        credential_id = with_session.id
    assert entry_of(session, "credential", credential_id).state == "open"
    session.rollback()
    assert file_id == file_of(session, han).id


def test_a_renewed_credential_is_decided_by_the_platform(session, laptop, han, root):
    file_id = admitted(session, han.id, scope={"phone": 1})
    refused = han.client().post(f"/items/{laptop}/appraise")
    assert refused.status_code == 403 and "None of your credentials covers this category" in refused.text
    assert han.client().post("/me/appraiser", data=TYPED).status_code == 303
    one = session.scalars(select(Credential).where(Credential.state == "offered")).one()
    path, credential_id = f"/appraisers/{file_id}/credentials/{one.id}", one.id
    assert root.client().post(path, data={"verb": "accept", "reason": ""}).status_code == 422
    assert root.client().post(path, data={"verb": "restore", "reason": "x"}).status_code == 422
    assert han.client().post(path, data={"verb": "accept", "reason": "x"}).status_code == 403
    assert root.client().post(path, data={"verb": "accept", "reason": "已核对"}).status_code == 303
    assert entry_of(session, "credential", credential_id).verdict == "accepted"
    assert han.client().post(f"/items/{laptop}/appraise").status_code == 303
    assert root.client().post(path, data={"verb": "suspend", "reason": "发证机构撤销"}).status_code == 303
    draft = session.scalars(select(Appraisal)).one()
    session.rollback()
    photographed(han.client(), f"/appraisals/{draft.id}")
    answer = han.client().post(f"/appraisals/{draft.id}", data={**best(), "what": "sign"})
    assert answer.status_code == 403 and "credential for this category is suspended" in answer.text
    assert root.client().post(path, data={"verb": "restore", "reason": "误报"}).status_code == 303
    assert han.client().post(f"/appraisals/{draft.id}", data={**best(), "what": "sign"}).status_code == 303


def test_who_is_suspended_begins_and_signs_nothing_until_restored(session, laptop, han, root):
    file_id = admitted(session, han.id)
    path = begun(han, laptop)
    assert decided(root, file_id, "suspend", "").status_code == 422
    assert decided(root, file_id, "suspend", "投诉待查").status_code == 303
    answer = han.client().post(path, data={**best(), "what": "sign"})
    assert answer.status_code == 403 and "You are suspended as an appraiser" in answer.text
    assert "投诉待查" in han.client().get("/inbox").text
    assert decided(root, file_id, "restore", "查无问题").status_code == 303
    file = file_of(session, han)
    assert (file.state, file.probation_left) == ("probation", settings().probation)
    assert han.client().post(path, data={**best(), "what": "sign"}).status_code == 303


def test_who_was_appointed_before_goes_on_until_the_day_and_not_longer(session, laptop, han):
    until = clock.now() + timedelta(days=5)
    admitted(session, han.id, credential="", show_by=until)
    path = begun(han, laptop)
    assert "Show one by" in han.client().get("/me/appraiser").text
    with clock.stopped_at(until):
        answer = han.client().post(path, data={**best(), "what": "sign"})
        assert answer.status_code == 403 and "You were to show a credential by" in answer.text
    assert han.client().post(path, data={**best(), "what": "sign"}).status_code == 303


def test_an_agency_applies_through_its_manager_and_nobody_decides_on_their_own(session, people, root, charlie):
    agency = people.organisation("之江鉴定所", "agency")
    mu = people.person("Mu")
    people.give_role(mu, "shop_manager", agency)
    path = f"/organisations/{agency}/appraiser"
    assert charlie.client().get(path).status_code == 403
    assert mu.client().post(path, data={**TYPED, "kind": "institution"}).status_code == 303
    session.rollback()
    file = queries.find_agency(session, agency)
    file_id = file.id
    people.give_role(mu, "administrator", people.organisation("另一平台", "platform"))
    assert decided(mu, file_id, "accept").status_code == 403
    assert "Nobody decides on their own admission" in mu.client().get(f"/appraisers/{file_id}").text
    assert decided(root, file_id, "accept").status_code == 303
    session.rollback()
    assert queries.find_agency(session, agency).state == "active"
    school = people.organisation("文一街小学", "school")
    people.give_role(mu, "shop_manager", school)
    assert mu.client().get(f"/organisations/{school}/appraiser").status_code == 404


def test_a_refused_applicant_may_come_again_and_the_same_number_is_not_shown_twice(session, people, han, root, charlie):
    applied(han)
    file_id = file_of(session, han).id
    assert applied(charlie).status_code == 422, "somebody else's number"
    assert decided(root, file_id, "refuse", "发证机构查无此号").status_code == 303
    assert (file_of(session, han).state, file_of(session, han).credentials[0].state) == ("ended", "refused")
    assert applied(han).status_code == 303 and file_of(session, han).state == "applied"


def test_who_leaves_is_no_appraiser_any_more(session, doing, han):
    applied(han)
    file_id = file_of(session, han).id
    with doing(han) as w:
        happened(w, PersonClosing(han.id))
    file = file_of(session, han)
    assert (file.state, file.credentials[0].state, entry_of(session, "appraiser", file_id).state) == ("ended", "withdrawn", "lapsed")


def test_the_database_holds_files_to_the_queue_and_keeps_what_was_shown(session, database, han, root):
    applied(han)
    file_id = file_of(session, han).id
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("UPDATE appraisers SET state = 'active'"))
    decided(root, file_id, "admit")
    for sql in (
        "UPDATE appraiser_credentials SET scope = '{\"any\": 2}'", "UPDATE appraiser_credentials SET expires_at = NULL",
        "UPDATE appraisers SET show_by = '2030-01-01T00:00:00.000000Z'", "DELETE FROM appraisers", "DELETE FROM appraiser_credentials",
    ):  # fmt: skip
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE appraisers SET probation_left = 3"))


def test_nobody_decides_even_past_the_pages(session, doing, han):
    applied(han)
    with pytest.raises(Forbidden), doing(han) as w:
        actions.decide(w, w.session.scalars(select(Appraiser)).one(), "admit", "x")
