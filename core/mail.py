"""Messages out: kept encrypted, handed over by a job to the sender of their channel (`core.senders`)."""

from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, ids, secrets
from core.config import Config
from core.db import Base
from core.errors import Invalid
from core.i18n import N_
from core.jobs import handles
from core.ports import MessageRefused, happened
from core.senders import NotWanted, Sender, TryLater, senders_of
from core.work import SYSTEM, Work, work

KIND = "core:send_message"
KEEP = timedelta(days=30)
NO_MOBILE = N_("Codes can't be sent to mobile numbers here yet. Please give an e-mail address.")
NO_EMAIL = N_("Codes can't be sent by e-mail here yet. Please give a mobile number.")


class Message(Base):
    """A message to one contact. Address and text are encrypted; `masked` is what staff may see."""

    __tablename__ = "messages_out"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))  # sms | email | wechat
    address: Mapped[str] = mapped_column(Text)
    masked: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(20), default="")  # refused: the receiver doesn't want it


def register(app: Flask, config: Config) -> None:
    """Raises BadSetting: a house that can't send its codes doesn't open."""
    app.extensions["xunshi_senders"] = senders_of(config)


def find_sender(channel: str) -> Sender | None:
    found: dict[str, Sender] = current_app.extensions["xunshi_senders"]
    return found.get(channel)


def demand(channel: str) -> None:
    """Raises Invalid at the field `contact` where messages of this channel reach nobody."""
    if find_sender(channel) is None:
        way = NO_MOBILE if channel == "sms" else NO_EMAIL
        raise Invalid("channel_closed", way, field="contact")


def site() -> str:
    """The house's address, for links in messages."""
    config: Config = current_app.extensions["xunshi"]
    return config.base_url


def send(w: Work, channel: str, address: str, masked: str, subject: str, body: str, *, after: datetime | None = None) -> None:
    """Put a message down in this transaction; a job hands it over after the commit, and not before `after`."""
    message = Message(
        id=ids.new_id(), channel=channel, address=secrets.encrypt(address, "message"), masked=masked,
        subject=secrets.encrypt(subject, "message"), body=secrets.encrypt(body, "message"), created_at=w.now,
    )  # fmt: skip
    w.session.add(message)
    if after is None:
        w.later(KIND, message_id=message.id)
    else:
        w.at(after, KIND, message_id=message.id)


def forget(w: Work, address: str) -> None:
    """Delete every message to this address: its person has left. Addresses are encrypted, so each row is opened."""
    for row in w.session.scalars(select(Message)):
        if secrets.decrypt(row.address, "message") == address:
            w.session.delete(row)


def tidy(w: Work) -> None:
    """Swept: a message that was handed over, or refused, is of no more use after a month."""
    done = (Message.sent_at < w.now - KEEP) | ((Message.fault != "") & (Message.created_at < w.now - KEEP))
    w.session.execute(delete(Message).where(done))


@handles(KIND)
def hand_over(session: Session, payloads: list[dict[str, str]]) -> None:
    """Give messages to their senders. One that its receiver doesn't want is done with and told on; one for which the provider
    asks to wait comes again by a job of its own. Whatever else goes wrong: the job is tried again."""
    for payload in payloads:
        message = session.get(Message, payload["message_id"])
        if message is None or message.sent_at is not None or message.fault:
            continue
        channel, message_id = message.channel, message.id
        address, subject, body = (
            secrets.decrypt(text, "message") for text in (message.address, message.subject, message.body)
        )
        sender = find_sender(channel)
        if sender is None:
            raise RuntimeError(f"nothing sends messages of the channel {channel}")
        try:
            sender.send(channel, address, subject, body)
        except NotWanted:
            with work(session, SYSTEM, clock.now()) as w:
                w.session.get_one(Message, message_id).fault = "refused"
                happened(w, MessageRefused(channel, address))
        except TryLater as later:
            with work(session, SYSTEM, clock.now()) as w:
                w.at(w.now + later.wait, KIND, message_id=message_id)
        else:
            with work(session, SYSTEM, clock.now()):
                session.get_one(Message, message_id).sent_at = clock.now()
