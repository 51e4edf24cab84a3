"""Codes reach people: by a real mail server, by the deployment's adapter, and never by nobody in production."""

import email.policy
import smtplib
import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes

import pytest

from core import mail, senders
from core.config import BadSetting, Config, load
from core.mail import Message
from core.senders import Outbox, Smtp, letter, read_smtp, senders_of


class Postman(socketserver.ThreadingTCPServer):
    """The least of a mail server: takes letters, and refuses whom it is told to."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.letters, self.refuses = [], ""
        super().__init__(("127.0.0.1", 0), Counter)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Counter(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: self.wfile.write(f"{line}\r\n".encode())  # noqa: E731
        say("220 post")
        while line := self.rfile.readline().decode().strip():
            verb, to = line[:4].upper(), self.server.refuses
            if verb == "QUIT":
                return say("221 bye")
            if verb == "RCPT" and to and to in line:
                say("550 nobody of that name")
            elif verb == "DATA":
                say("354 go on")
                raw = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    raw += part
                self.server.letters.append(message_from_bytes(raw, policy=email.policy.default))
                say("250 taken")
            else:
                say("250 well")
        return None


@pytest.fixture
def post():
    server = Postman()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def by_post(app, post):
    """The house sends e-mail by that server, and nothing else."""
    before = app.extensions["xunshi_senders"]
    config = replace(app.extensions["xunshi"], env="production", smtp=post.url, smtp_from="循市 <no-reply@xunshi.example>")
    app.extensions["xunshi_senders"] = senders_of(config)
    yield post
    app.extensions["xunshi_senders"] = before


def test_a_code_arrives_and_opens_an_account(app, by_post, anonymous, run_jobs, session):
    answer = anonymous.post("/sign-up", data={"contact": "Mei@example.com"})
    assert answer.status_code == 303
    with app.app_context():
        run_jobs()
    sent = by_post.letters[0]
    assert (sent["To"], sent["From"], sent["Subject"]) == ("mei@example.com", "循市 <no-reply@xunshi.example>", "Your Xunshi code")
    code = next(word for word in sent.get_content().split() if word.isdigit() and len(word) == 6)
    done = anonymous.post("/sign-up/code", data={"code": code, "name": "Mei Lan", "password": "kettle sings at dawn", "agreement": "y", "privacy": "y", "of_age": "y"})
    assert done.status_code == 303, done.text
    assert session.query(Message).one().sent_at is not None


def test_a_refused_letter_is_tried_again_and_never_marked_sent(app, by_post, anonymous, run_jobs, session):
    by_post.refuses = "lost@example.com"
    anonymous.post("/sign-up", data={"contact": "lost@example.com"})
    anonymous.post("/sign-up", data={"contact": "mei@example.com"})
    with app.app_context():
        run_jobs()
    session.rollback()
    assert sorted(bool(one.sent_at) for one in session.query(Message)) == [False, True]
    assert [one["To"] for one in by_post.letters] == ["mei@example.com"], "one bad address stops nobody"


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten"])
def test_where_no_short_message_can_be_sent_the_form_says_so_before_any_code(by_post, anonymous, session, path):
    page = anonymous.post(path, data={"contact": "13812345678"})
    assert page.status_code == 422 and "give an e-mail address" in page.text and 'id="contact-error"' in page.text
    assert session.query(Message).count() == 0
    assert anonymous.post(path, data={"contact": "mei@example.com"}).status_code == 303


def test_a_letter_breaks_no_header_and_keeps_chinese():
    made = letter("a@xunshi.example", "b@example.com", "你好\r\nBcc: c@example.com", "验证码 123456")
    again = message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert again["Subject"] == "你好 Bcc: c@example.com" and again["Bcc"] is None and again.get_content().strip() == "验证码 123456"


# --- the connection ---


class Played:
    """smtplib's part, written down."""

    def __init__(self, has=("starttls",)):
        self.said, self.has = [], has

    def __call__(self, host, port, **more):
        self.said.append((host, port, "tls" if "context" in more else "plain"))
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def has_extn(self, name):
        return name in self.has

    def __getattr__(self, name):
        return lambda *_, **__: self.said.append(name)


@pytest.mark.parametrize(("url", "has", "wanted"), [
    ("smtps://u:p%40ss@mail.example.com", (), [("mail.example.com", 465, "tls"), "login", "send_message"]),
    ("smtp://u:p@mail.example.com", ("starttls",), [("mail.example.com", 587, "plain"), "ehlo", "starttls", "login", "send_message"]),
    ("smtp://mail.example.com:25", (), [("mail.example.com", 25, "plain"), "ehlo", "starttls", "send_message"]),
    ("smtp://127.0.0.1:25", (), [("127.0.0.1", 25, "plain"), "ehlo", "send_message"]),
])  # fmt: skip
def test_a_password_goes_over_tls_only(monkeypatch, url, has, wanted):
    """A server elsewhere that offers no TLS is asked for it all the same, and refuses."""
    played = Played(has)
    monkeypatch.setattr(smtplib, "SMTP", played)
    monkeypatch.setattr(smtplib, "SMTP_SSL", played)
    read_smtp(url, "a@xunshi.example").send("email", "b@example.com", "x", "y")
    assert played.said == wanted


# --- settings ---


def test_production_without_a_sender_doesnt_start(app):
    config = replace(app.extensions["xunshi"], env="production")
    with pytest.raises(BadSetting, match="codes reach nobody"):
        mail.register(app, config)
    assert isinstance(senders_of(replace(config, env="development"))["sms"], Outbox)
    made = senders_of(replace(config, smtp="smtps://u:p@mail.example.com", smtp_from="a@xunshi.example"))
    assert set(made) == {"email"} and made["email"] == Smtp(host="mail.example.com", port=465, secure=True, user="u", password="p", from_="a@xunshi.example")
    assert set(senders_of(replace(config, sms="core.senders:Outbox"))) == {"sms"}


@pytest.mark.parametrize(("changed", "says"), [
    ({"smtp": "mail.example.com"}, "smtps://"), ({"smtp": "http://mail.example.com"}, "smtps://"), ({"smtp": "smtp://mail.example.com:port"}, "smtps://"),
    ({"smtp": "smtps://mail.example.com", "smtp_from": ""}, "XUNSHI_SMTP_FROM"), ({"smtp": "smtps://mail.example.com", "smtp_from": "a@b\nBcc: c@d"}, "XUNSHI_SMTP_FROM"),
    ({"sms": "nowhere:Gateway"}, "XUNSHI_SMS"), ({"sms": "core.senders:Nothing"}, "XUNSHI_SMS"), ({"sms": "core.senders"}, "XUNSHI_SMS"),
    ({"sms": "core.senders:formatdate"}, "no send"),
])  # fmt: skip
def test_a_setting_that_cant_be_obeyed_is_said(tmp_path, changed, says):
    config = Config(data=tmp_path, database_url="sqlite://", **{"smtp_from": "a@xunshi.example", **changed})
    with pytest.raises(BadSetting, match=says):
        senders_of(config)


def test_the_settings_are_read_and_the_password_is_not_printed(tmp_path):
    found = load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_SMTP": "smtps://u:hush@m.example", "XUNSHI_SMTP_FROM": "a@m.example", "XUNSHI_SMS": "x:Y"})
    assert (found.smtp, found.smtp_from, found.sms) == ("smtps://u:hush@m.example", "a@m.example", "x:Y") and "hush" not in repr(found)
    assert senders.SECONDS <= 30
