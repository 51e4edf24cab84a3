"""Checkpoints go out to those we don't control: as static files in the data folder, and by mail to the witnesses."""

import os
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from core import mail, secrets
from core.config import Config
from core.i18n import N_, say
from core.work import Work
from privacy.clearance.log import queries, witnesses
from privacy.clearance.log.models import LogCheckpoint, LogPush
from privacy.clearance.log.settings import pace

FOLDER = ("public", "checkpoints")
SUBJECT = N_("Checkpoint %(size)s of the public log")
BODY = N_(
    "Please keep this text. It pins down every entry of the public log of wipe certificates so far: nobody, the operator "
    "included, can change, remove or reorder one of them later without contradicting it. How to check: %(page)s"
)


def sweep(w: Work) -> None:
    push(w, current_app.extensions["xunshi"])


def push(w: Work, config: Config) -> LogPush | None:
    """Send the latest checkpoint out, unless it was sent already or the last one a moment ago."""
    checkpoint = queries.latest(w.session)
    last = w.session.scalars(select(LogPush).order_by(LogPush.size.desc()).limit(1)).first()
    if checkpoint is None or (last and (last.size == checkpoint.size or w.now - last.created < pace().push)):
        return None
    text = queries.cosigned(w.session, checkpoint)
    _write(config.data.joinpath(*FOLDER), checkpoint, text)
    addressed = [one for one in witnesses.active(w.session) if one.mail]
    for one in addressed:
        subject, body = letter(checkpoint, text, config)
        mail.send(w, "email", secrets.decrypt(one.mail, witnesses.LABEL), one.masked, subject, body)
    row = LogPush(size=checkpoint.size, mails=len(addressed), created=w.now)
    w.session.add(row)
    w.record("privacy:checkpoint:sent", str(checkpoint.size), mails=len(addressed))
    return row


def letter(checkpoint: LogCheckpoint, text: str, config: Config) -> tuple[str, str]:
    """Subject and text in both languages: we don't know who reads the inbox."""
    values = {"size": checkpoint.size, "page": f"{config.base_url}/log"}
    subject = " / ".join(say(SUBJECT, lang, **values) for lang in ("zh", "en"))
    return subject, "\n\n".join([*(say(BODY, lang, **values) for lang in ("zh", "en")), text])


def _write(folder: Path, checkpoint: LogCheckpoint, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (str(checkpoint.size), "latest"):
        draft = folder / f".{name}.{os.getpid()}.part"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)
