"""What this part of the house holds about a person, for their own export, and how long it is kept."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets
from core.db import stamp
from core.i18n import N_
from core.people.models import Account, Consent, Membership, Notice
from core.people.notice_models import NoticeChoice, WechatLink
from core.people.queries import opened
from core.people.sellers import find_seller_file
from core.people.ways import LABEL
from core.ports import RetentionRow


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Plain values by heading (PIPL 45); passwords and secrets are not data to hand out."""
    account = session.get(Account, account_id)
    if account is None:
        return {}
    return {
        "account": {
            "id": account.id,
            "name": account.name,
            "language": account.language,
            "state": account.state,
            "created_at": stamp(account.created_at),
            "of_age_declared_at": stamp(account.of_age_at),
            "second_factor": account.totp_secret is not None,
        },
        "contacts": [
            {
                "kind": one.kind,
                "value": opened(one).value,
                "verified_at": stamp(one.verified_at) if one.verified_at else None,
            }
            for one in account.contacts
        ],
        "consents": _consents(session, account_id),
        "roles": _roles(session, account_id),
        "seller_file": _seller(session, account_id),
        "notices": _notices(session, account_id),
        "notice_choices": _chosen(session, account_id),
        "wechat": _wechat(session, account_id),
    }


def _consents(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Consent).where(Consent.account_id == account_id).order_by(Consent.at))
    return [
        {
            "text": row.text_code,
            "version": row.version,
            "language": row.language,
            "given": row.given,
            "at": stamp(row.at),
        }
        for row in rows
    ]


def _roles(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Membership).where(Membership.account_id == account_id).order_by(Membership.granted_at)
    )
    return [
        {
            "role": row.role,
            "organisation": row.organisation.name,
            "from": stamp(row.granted_at),
            "until": stamp(row.ended_at) if row.ended_at else None,
        }
        for row in rows
    ]


def _seller(session: Session, account_id: str) -> dict[str, Any] | None:
    row = find_seller_file(session, account_id, None)
    if row is None:
        return None
    return {
        "kind": row.kind,
        "licence_no": row.licence_no,
        "verified_at": stamp(row.verified_at),
        "next_check_at": stamp(row.next_check_at),
    }


def _notices(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Notice).where(Notice.account_id == account_id).order_by(Notice.at))
    return [
        {"at": stamp(row.at), "sentence": row.sentence, "values": row.values, "link": row.link}
        for row in rows
    ]


def _chosen(session: Session, account_id: str) -> list[dict[str, Any]]:
    mine = select(NoticeChoice).where(NoticeChoice.account_id == account_id)
    rows = session.scalars(mine.order_by(NoticeChoice.kind, NoticeChoice.way))
    return [{"kind": row.kind, "way": row.way, "on": row.chosen, "at": stamp(row.at)} for row in rows]


def _wechat(session: Session, account_id: str) -> dict[str, Any] | None:
    row = session.get(WechatLink, account_id)
    return {"openid": secrets.decrypt(row.openid, LABEL), "linked_at": stamp(row.linked_at)} if row else None


def retention() -> Iterable[RetentionRow]:
    """Terms of the data in this part. Sources: rules of the field R-NTM (order 37, art. 31), PIPL 47,
    and own choice."""
    return RETENTION


RETENTION = (
    RetentionRow(
        N_("Display name, mobile number, e-mail, password, second factor"),
        0,
        N_("the account was closed"),
        N_("Personal Information Protection Law 47; E-commerce Law 24"),
        N_("erased at once; ids in orders and the audit log stay without a person"),
        closing=True,
    ),
    RetentionRow(
        N_("Contacts of people who have sold here, locked away"),
        36,
        N_("the account was closed"),
        N_("Rules on online trading (SAMR order 37), 31: sellers' identity three years; PIPL 47, last sentence"),
        N_("erased"),
    ),
    RetentionRow(
        N_("Letters to your contacts"),
        1,
        N_("the letter was sent"),
        N_("own choice: least needed"),
        N_("erased by an hourly sweep"),
        closing=True,
    ),
    RetentionRow(
        N_("Consent records"),
        36,
        N_("the account was closed"),
        N_("Personal Information Protection Law 13 to 17: proof"),
        N_("erased with the account"),
    ),
    RetentionRow(
        N_("Seller files and licences"),
        36,
        N_("the seller left the platform"),
        N_("E-commerce Law 27; SAMR order 37, 31"),
        N_("erased"),
    ),
    RetentionRow(
        N_("Memberships and invitations"),
        36,
        N_("the role ended"),
        N_("own choice: who was allowed to do what"),
        N_("erased with the account"),
    ),
    RetentionRow(
        N_("One-time codes and failed tries"),
        0,
        N_("one day after they were made"),
        N_("own choice: least needed"),
        N_("erased by an hourly sweep"),
        closing=True,
    ),
    RetentionRow(
        N_("Notices in the inbox"),
        12,
        N_("the notice was written"),
        N_("own choice: least needed"),
        N_("erased"),
        closing=True,
    ),
    RetentionRow(
        N_("Which notices come by which way, and the number by which WeChat knows you"),
        0,
        N_("the choice or the link was ended"),
        N_("Personal Information Protection Law 6 and 15: with consent, no more than needed"),
        N_("erased"),
        closing=True,
    ),
)
