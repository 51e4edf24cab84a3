"""What a person chose to hear of, by which way; and the WeChat account that service messages go to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class NoticeChoice(Base):
    """A way turned on, or the inbox turned off, for one kind of notices. Kinds and ways: `notice_rules`."""

    __tablename__ = "notice_choices"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    way: Mapped[str] = mapped_column(String(10), primary_key=True)
    chosen: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("way IN ('house', 'email', 'sms', 'wechat')", name="way_known"),
        CheckConstraint(
            "NOT (way = 'house' AND NOT chosen AND kind IN ('safety', 'money', 'disputes', 'orders'))",
            name="some_are_always_told",
        ),
    )


class WechatLink(Base):
    """A person's WeChat account as this service knows it (openid): encrypted, found by keyed digest. `refused_at`: WeChat said
    that they don't want it."""

    __tablename__ = "wechat_links"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    openid: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    linked_at: Mapped[datetime]
    refused_at: Mapped[datetime | None]
