"""WeChat service messages against a stand-in on this machine that keeps to what WeChat documents; the token, the refusals."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core import clock, wechat
from core.config import BadSetting, Config
from core.http_json import NoAnswer
from core.senders import NotWanted, Sender, TryLater, senders_of
from tests.harness.wechat_stand import APP, SECRET, TEMPLATE, Stand


@pytest.fixture
def stand():
    server = Stand()
    yield server
    server.shutdown()
    server.server_close()


def settings(url, **changed):
    told = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_template": TEMPLATE, "wechat_api": url}
    return Config(data="", database_url="", **{**told, **changed})  # type: ignore[arg-type]


@pytest.fixture
def line(stand):
    return wechat.from_config(settings(stand.url))


def send(line: Sender, to="openid-bob"):
    line.send("wechat", to, "循市：收藏", "您收藏的“波司登羽绒服 95新”降价了：从 CNY 199.00 降到 CNY 179.00。 https://xunshi.example/listings/01")


def test_a_message_goes_out_as_wechat_wants_it(stand, line):
    send(line)
    path, body = stand.sent[0]
    assert path == "/cgi-bin/message/subscribe/bizsend" and (body["touser"], body["template_id"]) == ("openid-bob", TEMPLATE)
    assert body["page"] == "https://xunshi.example/listings/01" and body["data"]["thing1"] == {"value": "循市：收藏"}
    assert body["data"]["thing2"]["value"].startswith("您收藏的") and len(body["data"]["thing2"]["value"]) == 20


def test_template_messages_go_another_way(stand):
    send(wechat.from_config(settings(stand.url, wechat_way="template")))
    path, body = stand.sent[0]
    assert path == "/cgi-bin/message/template/send" and body["url"] == "https://xunshi.example/listings/01" and "page" not in body


def test_the_token_is_kept_and_renewed_in_time(stand, line):
    with clock.stopped_at(datetime.fromisoformat("2026-12-01T00:00:00+00:00")):
        send(line)
        send(line)
    assert stand.tokens == 1
    with clock.stopped_at(datetime.fromisoformat("2026-12-01T01:56:00+00:00")):
        send(line)
    assert stand.tokens == 2 and len(stand.sent) == 3, "five minutes before it ends"


def test_40001_fetches_a_new_token_once(stand, line):
    send(line)
    stand.good = {"fetched-elsewhere"}
    send(line)
    assert stand.tokens == 2 and len(stand.sent) == 2
    stand.answers = [40001, 40001]
    with pytest.raises(NoAnswer, match="40001"):
        send(line)
    assert stand.tokens == 3 and len(stand.sent) == 2, "no endless circle"


@pytest.mark.parametrize("code", [43101, 43004, 40003])
def test_whoever_doesnt_want_it_is_left_alone(stand, line, code):
    stand.answers = [code]
    with pytest.raises(NotWanted):
        send(line)
    assert stand.sent == []


def test_a_used_up_quota_waits_for_the_next_day_in_china(stand, line):
    stand.answers = [45009]
    with clock.stopped_at(datetime.fromisoformat("2026-12-01T12:00:00+00:00")), pytest.raises(TryLater) as later:  # 20:00 there
        send(line)
    assert later.value.wait == timedelta(hours=4, minutes=5)
    stand.answers = [45011]
    with pytest.raises(TryLater) as later:
        send(line)
    assert later.value.wait == timedelta(minutes=1)


@pytest.mark.parametrize("code", [-1, 40037, 48001, 47003])
def test_whatever_else_is_a_fault_for_the_operator(stand, line, code):
    stand.answers = [code]
    with pytest.raises(NoAnswer, match=str(code)):
        send(line)


def test_a_wrong_secret_and_no_answer_at_all(stand):
    with pytest.raises(NoAnswer, match="40125"):
        send(wechat.from_config(settings(stand.url, wechat_secret="wrong")))
    stand.shutdown()
    stand.server_close()
    with pytest.raises(NoAnswer):
        send(wechat.from_config(settings(stand.url)))


def test_a_code_names_an_openid_once(stand, line):
    assert line.openid_of("good-code") == "openid-bob" and line.openid_of("good-code") is None and line.openid_of("made up") is None


def test_off_by_default_and_strict_when_on(stand):
    house = Config(data="", database_url="", env="production", smtp="smtps://a:b@mail.example:465", smtp_from="a@b.example")  # type: ignore[arg-type]
    assert "wechat" not in senders_of(house)
    told = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_template": TEMPLATE}
    assert isinstance(senders_of(replace(house, **told))["wechat"], wechat.WeChat), "a genuine twin"
    for wrong in ({"wechat_secret": ""}, {"wechat_template": ""}, {"wechat_way": "pigeon"}, {"wechat_api": stand.url}):
        with pytest.raises(BadSetting, match="XUNSHI_WECHAT"):
            senders_of(replace(house, **{**told, **wrong}))
    with pytest.raises(BadSetting, match="XUNSHI_WECHAT_API"):
        wechat.from_config(settings("http://api.weixin.example"))
    assert SECRET not in repr(wechat.from_config(settings(stand.url)))


def test_wechat_alone_doesnt_open_a_production_house():
    with pytest.raises(BadSetting, match="codes reach nobody"):
        senders_of(Config(data="", database_url="", env="production", wechat_app=APP, wechat_secret=SECRET, wechat_template=TEMPLATE))  # type: ignore[arg-type]
