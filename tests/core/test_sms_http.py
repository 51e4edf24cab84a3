"""The adapter for text messages that comes with the house, against a gateway on this machine that checks every byte."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.config import BadSetting, Config
from core.http_json import NoAnswer
from core.senders import NotWanted, TryLater, senders_of
from core.sms_http import HttpSms

KEY, SECRET = "xunshi-1", "k3y"


class Gateway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.messages, self.says, self.raw = {}, None, b""
        super().__init__(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1/send"


class Desk(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        raw, gateway = self.rfile.read(int(self.headers["Content-Length"])), self.server
        right = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        good = self.path == "/v1/send" and self.headers["X-Key"] == KEY and hmac.compare_digest(self.headers["X-Signature"], right)
        answer, status = gateway.says or ({"ok": True} if good else {"ok": False, "code": "signature"}, 200)
        if good and not gateway.says:
            told = json.loads(raw)
            gateway.messages.setdefault(told["id"], told)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def gateway():
    server = Gateway()
    yield server
    server.shutdown()
    server.server_close()


def settings(url, **changed):
    told = {"sms": "core.sms_http:HttpSms", "sms_url": url, "sms_key": KEY, "sms_secret": SECRET}
    return Config(data="", database_url="", **{**told, **changed})  # type: ignore[arg-type]


@pytest.fixture
def sms(gateway):
    return senders_of(settings(gateway.url))["sms"]


def test_the_setting_names_it_and_a_message_arrives_signed(gateway, sms):
    assert isinstance(sms, HttpSms)
    sms.send("sms", "13812345678", "", "【循市】验证码 482913，十分钟内有效。")
    (told,) = gateway.messages.values()
    assert (told["to"], told["text"]) == ("13812345678", "【循市】验证码 482913，十分钟内有效。") and told["time"].endswith("Z")


def test_the_same_message_twice_has_one_id_and_another_has_another(gateway, sms):
    for body in ("一", "一", "二"):
        sms.send("sms", "13812345678", "", body)
    assert len(gateway.messages) == 2


def test_a_wrong_secret_reaches_nobody(gateway):
    with pytest.raises(NoAnswer, match="signature"):
        senders_of(settings(gateway.url, sms_secret="wrong"))["sms"].send("sms", "13812345678", "", "x")
    assert gateway.messages == {}


@pytest.mark.parametrize(("answer", "raised"), [
    (({"ok": False, "code": "refused"}, 200), NotWanted), (({"ok": False, "code": "busy"}, 200), TryLater),
    (({"ok": False, "code": "no_credit"}, 200), NoAnswer), (({"ok": True}, 502), NoAnswer), ((b"<html>", 200), NoAnswer), ((["ok"], 200), NoAnswer),
])  # fmt: skip
def test_what_the_gateway_answers_is_told_apart(gateway, sms, answer, raised):
    gateway.says = answer
    with pytest.raises(raised):
        sms.send("sms", "13812345678", "", "x")


def test_a_setting_that_is_missing_or_not_https_stops_the_start(gateway):
    for wrong in ({"sms_url": ""}, {"sms_key": ""}, {"sms_secret": ""}, {"sms_url": "http://sms.example/send"}, {"sms_url": "ftp://x"}, {"sms_url": "https://x:99999"}):
        with pytest.raises(BadSetting, match="XUNSHI_SMS_"):
            senders_of(settings(gateway.url, **wrong))
    assert senders_of(settings("https://sms.example/send"))["sms"].address.port == 443
    assert SECRET not in repr(settings(gateway.url))
