"""One message centre: what always is told here, what people turn on besides, the night's quiet, and WeChat."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, mail, secrets
from core.errors import Invalid
from core.i18n import N_
from core.jobs import Job
from core.mail import Message
from core.people import own_data
from core.people.actions import closing, messages
from core.people.models import Account, Notice
from core.people.notice_models import NoticeChoice, WechatLink
from core.people.notice_rules import HOUSE, KINDS, WAYS, quiet_until, ways_on
from core.people.notices import kind_of, notify
from core.senders import NotWanted, TryLater, senders_of
from tests.harness.wechat_stand import APP, SECRET, TEMPLATE, Stand

SAID = N_("“%(title)s”, which you keep, is given away now.")
NOON = datetime.fromisoformat("2026-12-01T04:00:00+00:00")  # 12:00 in Shanghai
NIGHT = datetime.fromisoformat("2026-12-01T15:30:00+00:00")  # 23:30
MORNING = datetime.fromisoformat("2026-12-02T00:00:00+00:00")  # 8:00


@pytest.fixture(autouse=True)
def by_day(app):
    with app.app_context(), clock.stopped_at(NOON):
        yield


@pytest.fixture
def chosen(doing):
    def choose(person, **on):
        with doing(person) as w:
            messages.choose(w, person.id, {tuple(key.split("__")): value for key, value in on.items()})

    return choose


def tell(doing, person, kind="favourites", **values):
    with doing() as w:
        notify(w, person.id, SAID, "/listings/01", kind=kind, **({"title": "羽绒服"} | values))


def inbox(session, person):
    session.rollback()
    return [one.kind for one in session.scalars(select(Notice).where(Notice.account_id == person.id).order_by(Notice.id))]


def out(session):
    session.rollback()
    opened = lambda text: secrets.decrypt(text, "message")  # noqa: E731
    return [(one.channel, opened(one.address), opened(one.body)) for one in session.scalars(select(Message).order_by(Message.id))]


def test_without_a_choice_everything_is_in_the_inbox_and_nothing_goes_out(session, doing, alice):
    for kind in KINDS:
        tell(doing, alice, kind)
    assert inbox(session, alice) == list(KINDS) and out(session) == []


def test_what_alice_ticks_goes_out_as_well_in_her_language(session, doing, chosen, alice, bob):
    chosen(alice, favourites__email=True)
    with doing() as w:
        w.session.get_one(Account, alice.id).language = "zh"
    tell(doing, alice)
    tell(doing, alice, "orders")
    tell(doing, bob)
    assert inbox(session, alice) == ["favourites", "orders"]
    ((channel, address, body),) = out(session)
    assert channel == "email" and address.startswith("alice.") and "您收藏的“羽绒服”现在免费赠送。" in body
    assert "/listings/01" in body and "/me/settings/messages" in body, "the way there, and the way to end it"


def test_some_kinds_can_be_off_in_the_house_and_some_never(session, doing, chosen, alice):
    chosen(alice, messages__house=False, favourites__house=False, favourites__email=True)
    for kind in ("messages", "favourites", "money"):
        tell(doing, alice, kind)
    assert inbox(session, alice) == ["money"] and [one[0] for one in out(session)] == ["email"]
    for kind in ("safety", "money", "disputes", "orders"):
        with doing(alice) as w, pytest.raises(Invalid, match="always_told"):
            messages.choose(w, alice.id, {(kind, HOUSE): False})
        with pytest.raises(IntegrityError), doing() as w:
            w.session.add(NoticeChoice(account_id=alice.id, kind=kind, way=HOUSE, chosen=False, at=w.now))
    with doing(alice) as w, pytest.raises(Invalid, match="choice_unknown"):
        messages.choose(w, alice.id, {("favourites", "pigeon"): True})


def test_the_page_keeps_what_was_ticked(session, alice, bob):
    client = alice.client()
    page = client.get("/me/settings/messages").text
    assert page.count('type="checkbox"') == 2 * len(KINDS), "inbox and e-mail: she has no mobile number and no WeChat"
    sent = {"favourites.email": "yes", "favourites.house": "yes", "messages.house": "yes", "money.house": "yes", "favourites.sms": "yes"}
    assert client.post("/me/settings/messages", data=sent).status_code == 303
    rows = {(one.kind, one.way, one.chosen) for one in session.scalars(select(NoticeChoice).where(NoticeChoice.account_id == alice.id))}
    assert rows == {("favourites", "email", True), *((kind, HOUSE, False) for kind in ("listings", "devices", "roles"))}
    again = client.get("/me/settings/messages").text
    assert 'name="favourites.email" value="yes" checked' in again and 'name="listings.house" value="yes">' in again
    assert 'name="money.house" value="yes" checked disabled' in again
    assert session.scalars(select(NoticeChoice).where(NoticeChoice.account_id == bob.id)).first() is None


def test_strangers_have_no_page(anonymous):
    for path in ("/me/settings/messages", "/me/settings/wechat", "/me/settings/wechat/back"):
        assert "sign-in" in anonymous.get(path).location
    assert "sign-in" in anonymous.post("/me/settings/messages").location


def test_at_night_only_what_concerns_safety_goes_out(session, doing, chosen, run_jobs, alice):
    chosen(alice, favourites__email=True, safety__email=True)
    with clock.stopped_at(NIGHT):
        tell(doing, alice)
        tell(doing, alice, "safety")
        assert inbox(session, alice) == ["favourites", "safety"], "the inbox wakes nobody"
        run_jobs()
        sent = select(Message.sent_at).order_by(Message.id)
        assert [bool(one) for one in session.scalars(sent)] == [False, True]
    with clock.stopped_at(MORNING - timedelta(seconds=1)):
        run_jobs()
        assert [bool(one) for one in session.scalars(sent)] == [False, True]
    with clock.stopped_at(MORNING):
        run_jobs()
        assert all(session.scalars(sent))


def test_the_quiet_hours_in_shanghai():
    at = lambda text: clock.local(datetime.fromisoformat(f"2026-12-01T{text}+08:00"))  # noqa: E731
    assert quiet_until(at("08:00")) is None and quiet_until(at("21:59")) is None
    assert quiet_until(at("22:00")) == at("08:00") + timedelta(days=1) and quiet_until(at("07:59")) == at("08:00")


def test_every_kind_and_way_of_the_rules():
    for kind in KINDS.values():
        assert ways_on(kind, {}) == {HOUSE}
        assert ways_on(kind, dict.fromkeys((HOUSE, *WAYS), True)) == {HOUSE, *WAYS}
        assert (HOUSE in ways_on(kind, {HOUSE: False})) is kind.always


def test_where_a_notice_leads_tells_its_kind(app):
    told = {
        "/me": "safety", "/me/settings": "safety", "/orders/01": "orders", "/offers/01": "orders", "/swaps/01": "orders", "/cases/01": "disputes",
        "/payments/01": "money", "/me/money": "money", "/fees/a/2": "money", "/listings/01": "listings", "/wipes/01": "devices", "/me/keys": "roles",
        "/certificates/X": "devices", "/appraisals/01": "devices", "/organisations/01": "roles", "/ordersomething": "safety",
    }  # fmt: skip
    assert {link: kind_of(link) for link in told} == told


# --- WeChat ---


def test_linking_is_pretended_where_there_is_no_line(session, doing, chosen, run_jobs, alice):
    client = alice.client()
    assert "linking is pretended" in client.get("/me/settings/messages").text
    back = client.get("/me/settings/wechat").location
    assert client.get(back).location == "/me/settings/messages"
    assert client.get("/me/settings/messages").text.count('type="checkbox"') == 3 * len(KINDS)
    chosen(alice, favourites__wechat=True)
    tell(doing, alice)
    assert [one[:2] for one in out(session)] == [("wechat", f"pretended-{alice.id}")]
    assert client.post("/me/settings/wechat/end").status_code == 303
    tell(doing, alice)
    assert out(session) == [], "the message that was still to go went with the link"


@pytest.fixture
def stand():
    server = Stand()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def by_wechat(app, stand):
    """The house has a line to WeChat."""
    before = app.extensions["xunshi_senders"]
    told = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_template": TEMPLATE, "wechat_api": stand.url}
    app.extensions["xunshi_senders"] = senders_of(replace(app.extensions["xunshi"], **told))
    yield stand
    app.extensions["xunshi_senders"] = before


def linked(client, code="good-code"):
    asked = urlsplit(client.get("/me/settings/wechat").location)
    query = {key: values[0] for key, values in parse_qs(asked.query).items()}
    assert asked.netloc == "open.weixin.qq.com" and asked.fragment == "wechat_redirect" and query["scope"] == "snsapi_base"
    return client.get(f"{urlsplit(query['redirect_uri']).path}?code={code}&state={query['state']}")


def test_a_linked_account_gets_what_was_asked_for(session, doing, chosen, run_jobs, by_wechat, alice):
    assert linked(alice.client()).status_code == 303
    row = session.scalars(select(WechatLink)).one()
    assert "openid" not in row.openid and secrets.decrypt(row.openid, "wechat") == "openid-bob", "kept encrypted"
    chosen(alice, favourites__wechat=True)
    tell(doing, alice)
    run_jobs()
    ((_path, body),) = by_wechat.sent
    assert body["touser"] == "openid-bob" and body["data"]["thing1"]["value"] == "Xunshi: Favourites" and body["page"].endswith("/listings/01")


def test_nobody_elses_account_is_hung_onto_ones_own(session, by_wechat, alice, bob):
    asked = urlsplit(bob.client().get("/me/settings/wechat").location)
    state = parse_qs(asked.query)["state"][0]
    client = alice.client()
    client.get(f"/me/settings/wechat/back?code=good-code&state={state}")
    assert "no answer that counts" in client.get("/me/settings/messages").text, "Alice's browser never asked"
    linked(client, "made-up")
    assert "no answer that counts" in client.get("/me/settings/messages").text
    assert session.scalars(select(WechatLink)).first() is None
    assert linked(client).status_code == 303, "a genuine twin"


def test_whoever_refuses_in_wechat_hears_no_more_and_is_told_here(session, doing, chosen, run_jobs, by_wechat, alice):
    linked(alice.client())
    chosen(alice, favourites__wechat=True)
    by_wechat.answers = [43101]
    tell(doing, alice)
    run_jobs()
    run_jobs()
    assert by_wechat.sent == [] and session.scalars(select(Message.fault)).one() == "refused"
    assert "take our service messages, so none are sent any more" in alice.client().get("/inbox").text
    tell(doing, alice)
    assert len(out(session)) == 1 and "Refused in WeChat" in alice.client().get("/me/settings/messages").text
    by_wechat.codes["again"] = "openid-bob"
    assert linked(alice.client(), "again").status_code == 303
    tell(doing, alice)
    run_jobs()
    assert len(by_wechat.sent) == 1


def test_a_full_day_waits_for_the_next_without_counting_as_a_fault(session, doing, chosen, run_jobs, by_wechat, alice):
    linked(alice.client())
    chosen(alice, favourites__wechat=True)
    by_wechat.answers = [45009]
    tell(doing, alice)
    run_jobs()
    run_jobs()
    assert by_wechat.sent == [] and not session.scalars(select(Job).where(Job.fault != "")).first()
    with clock.stopped_at(NOON + timedelta(hours=12, minutes=6)):  # six past midnight there
        run_jobs()
    assert len(by_wechat.sent) == 1 and all(session.scalars(select(Message.sent_at)))


@pytest.mark.parametrize(("answer", "fault"), [(NotWanted(), "refused"), (TryLater(timedelta(minutes=2)), "")])
def test_a_text_message_knows_the_same_answers(app, session, doing, run_jobs, answer, fault):
    class Gateway:
        answers = [answer]
        taken: list[str] = []

        def send(self, channel, address, subject, body):
            if self.answers:
                raise self.answers.pop()
            self.taken.append(body)

    before, gateway = app.extensions["xunshi_senders"], Gateway()
    app.extensions["xunshi_senders"] = {"sms": gateway}
    try:
        with doing() as w:
            mail.send(w, "sms", "13812345678", "138****5678", "", "你好")
        run_jobs()
        with clock.stopped_at(NOON + timedelta(minutes=3)):
            run_jobs()
    finally:
        app.extensions["xunshi_senders"] = before
    assert session.scalars(select(Message.fault)).one() == fault and gateway.taken == ([] if fault else ["你好"])


def test_the_outbox_shows_the_way_of_each_message(session, doing, chosen, people, anonymous, alice):
    with doing() as w:
        w.session.get_one(Account, alice.id).demo = True
    client = alice.client()
    client.get(client.get("/me/settings/wechat").location)
    chosen(alice, favourites__wechat=True, favourites__email=True)
    tell(doing, alice)
    page = anonymous.get("/demo/outbox").text
    assert "E-mail · " in page and "WeChat service message · " in page


def test_ones_own_data_and_leaving(session, doing, chosen, alice):
    client = alice.client()
    client.get(client.get("/me/settings/wechat").location)
    chosen(alice, favourites__wechat=True)
    tell(doing, alice)
    told = own_data.personal_data(session, alice.id)
    assert told["wechat"]["openid"] == f"pretended-{alice.id}" and told["notice_choices"][0]["way"] == "wechat"
    with doing(alice) as w:
        closing._leave(w, w.session.get_one(Account, alice.id))
    assert session.scalars(select(WechatLink)).first() is None and session.scalars(select(NoticeChoice)).first() is None
    assert [one[0] for one in out(session)] == ["email"], "only the letter that says good-bye"
