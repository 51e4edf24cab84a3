"""Settings, the inbox, the texts: what people keep in order themselves."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.people import texts
from core.people.models import Contact, Notice
from core.people.notices import notify
from core.people.own_data import personal_data, retention
from core.people.queries import consents
from tests.conftest import Person
from tests.core.people.conftest import PASSWORD, Keys, Outbox, sign_in

MOBILE = "13912345678"


def test_alice_adds_a_mobile_number_and_signs_in_with_it(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox
) -> None:
    old, client = keys.give_password(alice.id), alice.client()
    path = "/me/settings/contacts/new"
    assert client.post(path, data={"contact": MOBILE, "password": "wrong wrong"}).status_code == 422
    assert not outbox.letters()
    assert client.post(path, data={"contact": MOBILE, "password": PASSWORD}).status_code == 303
    code = outbox.code()
    assert (
        client.post("/me/settings/contacts/code", data={"code": f"{(int(code) + 1) % 10**6:06d}"}).status_code
        == 422
    )
    assert client.post("/me/settings/contacts/code", data={"code": code}).location == "/me/settings"
    assert outbox.letters()[-1][0] == old, "the other contact is told"
    assert sign_in(anonymous, MOBILE).location == "/me"


def test_somebody_elses_contact_reads_the_same_and_gets_nothing(
    alice: Person, bob: Person, keys: Keys, outbox: Outbox
) -> None:
    keys.give_password(alice.id)
    client, seen = alice.client(), []
    for contact in (keys.contact(bob.id), "free@example.com"):
        first = client.post("/me/settings/contacts/new", data={"contact": contact, "password": PASSWORD})
        wrong = client.post("/me/settings/contacts/code", data={"code": "1x"})
        seen.append([(a.status_code, a.location) for a in (first, wrong)])
    assert seen[0] == seen[1]
    assert [address for address, _ in outbox.letters()] == ["free@example.com"]


def test_the_last_contact_stays(
    alice: Person, bob: Person, keys: Keys, session: Session, outbox: Outbox
) -> None:
    keys.give_password(alice.id)
    client = alice.client()
    first = session.scalars(select(Contact.id).where(Contact.account_id == alice.id)).one()
    assert client.post(f"/me/settings/contacts/{first}/remove").status_code == 409
    client.post("/me/settings/contacts/new", data={"contact": MOBILE, "password": PASSWORD})
    client.post("/me/settings/contacts/code", data={"code": outbox.code()})
    assert bob.client().post(f"/me/settings/contacts/{first}/remove").status_code == 404, "not his"
    assert client.post(f"/me/settings/contacts/{first}/remove").status_code == 303


def test_a_withdrawn_consent_closes_listing_and_opens_again(alice: Person, session: Session) -> None:
    client = alice.client()
    version = texts.newest_version("privacy_notice")
    path = "/me/settings/consents/privacy_notice"
    assert client.get("/organisations/new").status_code == 200
    assert client.post(path, data={"given": "yes", "version": "1999-01-01"}).status_code == 422
    assert client.post(path, data={"given": "yes", "version": version}).status_code == 303
    assert client.post(path, data={"given": "no"}).status_code == 303
    assert client.get("/organisations/new").status_code == 403, "needs a verified person in good standing"
    assert "withdrawn a consent" in client.get("/me").text
    session.rollback()
    stand = {one.text_code: one for one in consents(session, alice.id)}["privacy_notice"]
    assert not stand.given and stand.version == version
    client.post(path, data={"given": "yes", "version": version})
    assert client.get("/organisations/new").status_code == 200


def test_name_and_language(alice: Person, keys: Keys) -> None:
    client = alice.client()
    assert client.post("/me/settings/name", data={"name": "13800138000"}).status_code == 422
    assert client.post("/me/settings/name", data={"name": ""}).status_code == 422
    assert client.post("/me/settings/name", data={"name": " Alice  L "}).status_code == 303
    assert keys.account(alice.id).name == "Alice L"
    client.post("/me/settings/language", data={"language": "zh"})
    assert keys.account(alice.id).language == "zh"
    assert 'lang="zh-CN"' in client.get("/me/settings").text


def test_signing_out_everywhere(alice: Person) -> None:
    here, elsewhere = alice.client(), alice.client()
    assert here.post("/me/settings/sign-ins/end").location == "/sign-in"
    assert elsewhere.get("/me").status_code == here.get("/me").status_code == 303


def test_a_notice_is_read_by_its_reader_only(alice: Person, bob: Person, doing, session: Session) -> None:  # type: ignore[no-untyped-def]
    with doing() as w:
        notify(w, alice.id, "Your role in %(organisation)s has ended.", "/me", organisation="<b>Shop</b>")
        notify(w, alice.id, "Sentence without its %(value)s", "https://evil.example/")
    client = alice.client()
    page = client.get("/inbox").text
    assert "Your role in &lt;b&gt;Shop&lt;/b&gt; has ended." in page and "without its" in page
    rows = {row.link: row.id for row in session.scalars(select(Notice))}
    assert bob.client().get(f"/inbox/{rows['/me']}").status_code == 404
    assert client.get(f"/inbox/{rows['/me']}").location == "/me"
    assert client.get(f"/inbox/{rows['https://evil.example/']}").location == "/inbox"
    session.rollback()
    assert all(row.read_at for row in session.scalars(select(Notice)))


def test_marking_all_as_read_and_turning_pages(alice: Person, doing) -> None:  # type: ignore[no-untyped-def]
    with doing() as w:
        for _ in range(25):
            notify(w, alice.id, "Your account is open again.", "/me")
    client = alice.client()
    assert client.get("/inbox?page=2").text.count("timeline-line") == 5
    for odd in ("0", "-1", "x", "99999999999", "²"):
        assert client.get(f"/inbox?page={odd}").status_code == 200
    client.post("/inbox/read")
    assert "Mark all as read" not in client.get("/inbox").text


def test_texts_stand_in_both_languages(anonymous: FlaskClient) -> None:
    for code in texts.REQUIRED:
        for version in texts.versions(code):
            zh, en = (texts.get_text(code, version, language) for language in ("zh", "en"))
            assert [block.kind for block in zh.blocks] == [block.kind for block in en.blocks]
            assert [len(block.lines) for block in zh.blocks] == [len(block.lines) for block in en.blocks]
        assert anonymous.get(f"/texts/{code}").status_code == 200
    assert anonymous.get("/texts/nothing").status_code == 404
    assert anonymous.get("/texts/privacy_notice?version=1999-01-01").status_code == 404


def test_alices_own_data_is_hers_in_plain(alice: Person, keys: Keys, session: Session) -> None:
    mine = personal_data(session, alice.id)
    assert mine["contacts"][0]["value"] == keys.contact(alice.id)
    assert mine["account"]["name"] == "Alice"
    assert "password" not in str(mine) and "totp" not in str(mine)
    assert personal_data(session, "nobody") == {}
    assert all(row.data and row.source and row.then for row in retention())


def test_yesterdays_codes_are_swept(anonymous: FlaskClient, doing, session: Session) -> None:  # type: ignore[no-untyped-def]
    from core.people.actions.guesses import tidy
    from core.people.models import Code, FailedTry
    from core.work import Actor, work

    anonymous.post("/sign-up", data={"contact": MOBILE})
    sign_in(anonymous, MOBILE)
    with doing() as w:
        tidy(w)
        assert w.session.scalars(select(Code)).all() and w.session.scalars(select(FailedTry)).all()
    with work(session, Actor("system:test"), clock.now() + timedelta(days=2)) as w:
        tidy(w)
        assert not w.session.scalars(select(Code)).all() and not w.session.scalars(select(FailedTry)).all()
