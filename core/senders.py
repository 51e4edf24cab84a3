"""The ways out of the house: e-mail by SMTP, short messages by an adapter of the deployment, WeChat service messages.
`core.mail` keeps and hands over."""

import importlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from core.config import BadSetting, Config

SECONDS = 20  # how long a mail server may take to answer
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotWanted(Exception):  # noqa: N818  (an answer)
    """The receiver doesn't want messages by this way: don't try again."""


class TryLater(Exception):  # noqa: N818  (an answer)
    """The carrier takes no more for now: try again after `wait`, without counting it as a fault."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


class Sender(Protocol):
    """A way out of the house (SMS gateway, SMTP, WeChat). `address` and how long `body` may be depend on the channel.

    Raises NotWanted or TryLater for these two answers, anything else when it could not hand the message over."""

    def send(self, channel: str, address: str, subject: str, body: str) -> None: ...


class Outbox:
    """Outside production: the message stays in the table, where /demo/outbox shows it."""

    def send(self, channel: str, address: str, subject: str, body: str) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """One connection a message. `secure`: TLS from the start; else it is asked for, and only a server on this machine may go
    without."""

    host: str
    port: int
    secure: bool
    user: str
    password: str
    from_: str

    def send(self, channel: str, address: str, subject: str, body: str) -> None:
        with self._open() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(letter(self.from_, address, subject, body))

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.secure:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            server.ehlo()
            if server.has_extn("starttls") or self.host not in LOOPBACK:
                server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server


def letter(from_: str, address: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = from_, address, " ".join(subject.split())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=from_.rpartition("@")[2].rstrip("> "))
    message.set_content(body)
    return message


def read_smtp(url: str, from_: str) -> Smtp:
    """`smtps://user:password@host:465` or `smtp://user:password@host:587`. Raises BadSetting."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or (port is None and ":" in parts.netloc.rpartition("@")[2]):
        raise BadSetting("XUNSHI_SMTP must be like smtps://user:password@mail.example.com:465 or smtp://…:587")
    if "@" not in from_ or any(ord(letter_) < 32 for letter_ in from_):
        raise BadSetting("XUNSHI_SMTP needs XUNSHI_SMTP_FROM, the address that its letters come from")
    secure = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname, port=port or (465 if secure else 587), secure=secure, user=unquote(parts.username or ""),
        password=unquote(parts.password or ""), from_=from_,
    )  # fmt: skip


def read_adapter(name: str, config: Config) -> Sender:
    """`package.module:name` of something that gives a Sender: by its `from_config(config)`, else called without arguments.
    Raises BadSetting."""
    module, _, attribute = name.partition(":")
    try:
        maker: Any = getattr(importlib.import_module(module), attribute)
        made: Any = maker.from_config(config) if hasattr(maker, "from_config") else maker()
    except (ImportError, AttributeError, TypeError, ValueError) as fault:
        raise BadSetting(f"XUNSHI_SMS must name a sender like package.module:Name, {name!r} can't be used: {fault}") from None
    if not callable(getattr(made, "send", None)):
        raise BadSetting(f"XUNSHI_SMS: what {name!r} gives has no send(channel, address, subject, body)")
    return made  # type: ignore[no-any-return]


def senders_of(config: Config) -> dict[str, Sender]:
    """Channel (email, sms, wechat) -> its sender. Production has no outbox. Raises BadSetting where it can't be obeyed."""
    found: dict[str, Sender] = {} if config.production else {"email": Outbox(), "sms": Outbox(), "wechat": Outbox()}
    if config.smtp:
        found["email"] = read_smtp(config.smtp, config.smtp_from)
    if config.sms:
        found["sms"] = read_adapter(config.sms, config)
    if not found:
        raise BadSetting("XUNSHI_ENV=production needs XUNSHI_SMTP or XUNSHI_SMS: without a sender the codes reach nobody")
    if config.wechat_app:
        from core import wechat  # it raises what is declared here

        found["wechat"] = wechat.from_config(config)
    return found
