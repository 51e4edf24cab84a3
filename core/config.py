"""Settings: read once from the environment into a frozen value. docs/settings.md describes each."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


class BadSetting(SystemExit):
    """The program does not start with a setting it can't obey."""


CONSIGNOR_MONTHS = 36  # R-RET: a register of who brings goods is kept three years; longer by setting, never shorter
VISIT_DAYS = 90  # PIPL 19: long enough to ask about what was brought, and no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    data: Path
    database_url: str
    env: str = "development"
    https: bool = False
    port: int = 8000
    policy_profile: str = "CN-GB46864-2025"
    declarations_from: date | None = None
    icp: str = ""
    police: str = ""
    contact: str = ""
    base_url: str = ""
    smtp: str = field(default="", repr=False)
    smtp_from: str = ""
    sms: str = ""
    sms_url: str = ""
    sms_key: str = ""
    sms_secret: str = field(default="", repr=False)
    wechat_app: str = ""
    wechat_secret: str = field(default="", repr=False)
    wechat_template: str = ""
    wechat_way: str = "subscribe"
    wechat_api: str = ""
    stripe_key: str = field(default="", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_region: str = ""
    stripe_api: str = ""
    not_arrived_days: int = 5
    close_notice_days: int = 30
    consignor_months: int = CONSIGNOR_MONTHS
    visit_days: int = VISIT_DAYS
    testing: bool = False

    @property
    def production(self) -> bool:
        return self.env == "production"


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 65536:
        raise BadSetting(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _days(name: str, text: str, *, default: int, most: int, least: int = 1) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise BadSetting(f"{name} must be a number of days from {least} to {most}, not {text!r}")
    return int(text)


def _months(name: str, text: str, *, least: int, most: int) -> int:
    """Of a term that can be made longer only: nothing told is the least."""
    if text and (not (text.isascii() and text.isdigit()) or not least <= int(text) <= most):
        raise BadSetting(f"{name} must be a number of months from {least} to {most}, not {text!r}")
    return int(text) if text else least


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadSetting(f"{name} must be a day like 2027-01-01, not {text!r}") from None


def _driver(url: str) -> str:
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Settings from the environment; raises BadSetting with a sentence when one can't be obeyed."""
    data = Path(environ.get("XUNSHI_DATA") or "data").expanduser().resolve()
    env = environ.get("XUNSHI_ENV", "development")
    https = environ.get("XUNSHI_HTTPS", "") == "1"
    if env not in ("development", "production"):
        raise BadSetting(f"XUNSHI_ENV must be development or production, not {env!r}")
    if env == "production" and not https:
        raise BadSetting("XUNSHI_ENV=production needs XUNSHI_HTTPS=1: serve it behind HTTPS")
    if env == "production" and not environ.get("XUNSHI_URL"):
        raise BadSetting("XUNSHI_ENV=production needs XUNSHI_URL, the site's address: it stands in QR codes")
    port = _port(environ.get("PORT") or "8000")
    return Config(
        data=data,
        database_url=_driver(environ.get("DATABASE_URL") or f"sqlite:///{data / 'xunshi.db'}"),
        env=env,
        https=https,
        port=port,
        policy_profile=environ.get("XUNSHI_PROFILE") or "CN-GB46864-2025",
        declarations_from=_day("XUNSHI_DECLARATIONS_FROM", environ.get("XUNSHI_DECLARATIONS_FROM", "")),
        icp=environ.get("XUNSHI_ICP", ""),
        police=environ.get("XUNSHI_POLICE", ""),
        contact=environ.get("XUNSHI_CONTACT", "") or ("" if env == "production" else "help@xunshi.example"),
        base_url=(environ.get("XUNSHI_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        smtp=environ.get("XUNSHI_SMTP", ""),
        smtp_from=environ.get("XUNSHI_SMTP_FROM", ""),
        sms=environ.get("XUNSHI_SMS", ""),
        sms_url=environ.get("XUNSHI_SMS_URL", ""),
        sms_key=environ.get("XUNSHI_SMS_KEY", ""),
        sms_secret=environ.get("XUNSHI_SMS_SECRET", ""),
        wechat_app=environ.get("XUNSHI_WECHAT_APP", ""),
        wechat_secret=environ.get("XUNSHI_WECHAT_SECRET", ""),
        wechat_template=environ.get("XUNSHI_WECHAT_TEMPLATE", ""),
        wechat_way=environ.get("XUNSHI_WECHAT_WAY") or "subscribe",
        wechat_api=environ.get("XUNSHI_WECHAT_API", ""),
        stripe_key=environ.get("XUNSHI_STRIPE_KEY", ""),
        stripe_webhook_secret=environ.get("XUNSHI_STRIPE_WEBHOOK_SECRET", ""),
        stripe_region=environ.get("XUNSHI_STRIPE_REGION", ""),
        stripe_api=environ.get("XUNSHI_STRIPE_API", ""),
        # before the tenth day, on which a parcel counts as received (market/orders/order_rules.py)
        not_arrived_days=_days("XUNSHI_NOT_ARRIVED_DAYS", environ.get("XUNSHI_NOT_ARRIVED_DAYS", ""), default=5, most=9),
        # E-commerce Law 16: who ends their business says so on the first page thirty days before
        close_notice_days=_days(
            "XUNSHI_CLOSE_NOTICE_DAYS", environ.get("XUNSHI_CLOSE_NOTICE_DAYS", ""), default=30, least=30, most=365
        ),
        consignor_months=_months(
            "XUNSHI_CONSIGNOR_MONTHS", environ.get("XUNSHI_CONSIGNOR_MONTHS", ""), least=CONSIGNOR_MONTHS, most=240
        ),
        visit_days=_days("XUNSHI_VISIT_DAYS", environ.get("XUNSHI_VISIT_DAYS", ""), default=VISIT_DAYS, least=7, most=365),
    )
