"""Where a person is reached outside the house: a confirmed e-mail address or mobile number, or their WeChat account."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets
from core.people.models import Contact
from core.people.notice_models import WechatLink
from core.people.queries import opened

LABEL = "wechat"
MASKED = "WeChat"
_CONTACTS = {"email": "email", "sms": "mobile"}


def address_of(session: Session, account_id: str, way: str) -> tuple[str, str] | None:
    """(address, how it is shown to staff) of a way, or None where the person has none that is confirmed and wanted."""
    if way == "wechat":
        link = session.get(WechatLink, account_id)
        return (secrets.decrypt(link.openid, LABEL), MASKED) if link is not None and link.refused_at is None else None
    query = select(Contact).where(
        Contact.account_id == account_id, Contact.kind == _CONTACTS[way], Contact.verified_at.is_not(None)
    )
    contact = session.scalars(query.order_by(Contact.verified_at, Contact.id)).first()
    return (opened(contact).value, contact.masked) if contact is not None else None
