"""Kinds of notices: which a person may turn off in the house, which may come at night, and which ways they can go besides. Pure.

Money, disputes, orders and the account's safety are always in the inbox: dates run from them, whatever a person chose. By mail,
short message or WeChat nothing goes that its person didn't ask for (PIPL 6, 13: no more than needed, and with consent)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.i18n import N_

HOUSE = "house"
WAYS = {"email": N_("E-mail"), "sms": N_("Text message"), "wechat": N_("WeChat service message")}
QUIET_FROM, QUIET_UNTIL = 22, 8  # o'clock in the market's zone


@dataclass(frozen=True, slots=True)
class Kind:
    """`always`: can't be turned off in the house. `urgent`: goes out at night, too."""

    code: str
    label: str
    text: str
    always: bool = False
    urgent: bool = False


KINDS = {
    one.code: one
    for one in (
        Kind("safety", N_("Account and safety"), N_("Sign-in, password, contacts, warnings."), always=True, urgent=True),
        Kind("money", N_("Money"), N_("Payments, refunds, pay-outs, money that waits for you, fees that change."), always=True),
        Kind("disputes", N_("After-sales and disputes"), N_("Cases, answers, decisions, and their dates."), always=True),
        Kind("orders", N_("Orders and offers"), N_("Reserved, ordered, handed over, ran out; offers and swaps."), always=True),
        Kind("messages", N_("Messages"), N_("Somebody wrote to you about a thing.")),
        Kind("listings", N_("My listings"), N_("Reviewed, taken down, expired.")),
        Kind("favourites", N_("Favourites"), N_("Something you keep costs less now.")),
        Kind("devices", N_("Wiping and certificates"), N_("Bookings, wipes, checks, certificates, appraisals.")),
        Kind("roles", N_("Organisations and roles"), N_("Invitations, roles, and work that waits for you.")),
    )
}


def ways_on(kind: Kind, chosen: dict[str, bool]) -> frozenset[str]:
    """Where a notice of this kind goes: `house` unless it was turned off (and may be), and each way that was turned on."""
    house = {HOUSE} if kind.always or chosen.get(HOUSE, True) else set()
    return frozenset(house | {way for way in WAYS if chosen.get(way, False)})


def quiet_until(local: datetime) -> datetime | None:
    """When the night's quiet (22:00 to 08:00) around this local moment ends, or None by day."""
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return None
    morning = local.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
    return morning if local.hour < QUIET_UNTIL else morning + timedelta(days=1)
