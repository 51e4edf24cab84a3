"""What a person wants to hear by which way, and linking the WeChat account that service messages go to."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from core import mail, secrets
from core.errors import Invalid
from core.i18n import N_
from core.people.models import Account
from core.people.notice_models import NoticeChoice, WechatLink
from core.people.notice_rules import HOUSE, KINDS, WAYS
from core.people.notices import notify
from core.people.ways import LABEL
from core.ports import MessageRefused
from core.work import Work


def choose(w: Work, account_id: str, chosen: Mapping[tuple[str, str], bool]) -> None:
    """Keep the choices, (kind, way) -> on. Raises Invalid where a kind that is always told should be off in the house."""
    for (kind, way), on in chosen.items():
        if kind not in KINDS or way not in (HOUSE, *WAYS):
            raise Invalid("choice_unknown", N_("Something in the form needs another look."))
        if way == HOUSE and KINDS[kind].always and not on:
            raise Invalid("always_told", N_("This kind is always told here: dates run from it."))
        row = w.session.get(NoticeChoice, (account_id, kind, way))
        if row is None and on != (way == HOUSE):
            w.session.add(NoticeChoice(account_id=account_id, kind=kind, way=way, chosen=on, at=w.now))
        elif row is not None and row.chosen != on:
            row.chosen, row.at = on, w.now
    w.record("core:messages:chosen", account_id)


def link_wechat(w: Work, account_id: str, openid: str) -> None:
    """From now on service messages can go to this WeChat account; another one takes its place."""
    unlink_wechat(w, account_id)
    w.session.flush()
    digest = secrets.keyed_digest(openid, LABEL)
    w.session.add(
        WechatLink(
            account_id=account_id, openid=secrets.encrypt(openid, LABEL), digest=digest, linked_at=w.now, refused_at=None
        )
    )
    w.record("core:wechat:linked", account_id)


def unlink_wechat(w: Work, account_id: str) -> None:
    """Forget it, with every message that was still to go there. Nothing where there was none."""
    row = w.session.get(WechatLink, account_id)
    if row is None:
        return
    mail.forget(w, secrets.decrypt(row.openid, LABEL))
    w.session.delete(row)
    w.record("core:wechat:ended", account_id)


def refused(w: Work, event: MessageRefused) -> None:
    """WeChat says that this person doesn't want service messages: none go there any more, and they are told here."""
    if event.channel != "wechat":
        return
    digest = secrets.keyed_digest(event.address, LABEL)
    for row in w.session.scalars(select(WechatLink).where(WechatLink.digest == digest, WechatLink.refused_at.is_(None))):
        row.refused_at = w.now
        w.record("core:wechat:refused", row.account_id)
        sentence = N_("WeChat says that you don't take our service messages, so none are sent any more. You can link it anew.")
        notify(w, row.account_id, sentence, "/me/settings/messages", kind="safety")


def forget(w: Work, account: Account) -> None:
    """Their person has left."""
    unlink_wechat(w, account.id)
    w.session.execute(delete(NoticeChoice).where(NoticeChoice.account_id == account.id))
