"""The contract of an order as text and as a PDF: what was agreed, when it stood, and what law says to it in plain words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import pdf
from core.i18n import N_, say
from core.money import Money, format_money
from core.when import exact
from market.listings.condition_rules import WRONG, condition_shown
from market.listings.return_grounds import ground_words
from market.orders.models import Order
from market.orders.replacement_models import Replacement
from market.orders.snapshot import seller_name

RETURNS = {
    "private_sale": N_(
        "A private person sells: the seven-day return of consumer law does not apply by itself. What was told wrongly or kept "
        "silent still counts."
    ),
    "no_reason_7d": N_("A business sells: it can be returned within seven days of receipt, without a reason."),
    "excluded_by_nature": N_(
        "A business sells; returning without a reason is excluded for this one, as the buyer ticked: %(ground)s"
    ),
}
PAYMENTS = {
    "cash": N_("Cash when they meet"), "collect_code": N_("The seller's own collection code, face to face"),
    "bank_transfer": N_("Bank transfer to the seller"), "stripe": N_("Card or wallet through Stripe"),
}  # fmt: skip
TITLES = {"sale": N_("Sales contract"), "gift": N_("Gift contract"), "swap": N_("Swap contract")}
PRICES = {"gift": N_("Free"), "swap": N_("In exchange")}
FULFILMENTS = {"meet": N_("They meet"), "pickup": N_("Picked up at the shop"), "parcel": N_("Sent by parcel")}


def document(order: Order, address: str, language: str, given: Sequence[Replacement] = ()) -> pdf.Document:
    """What both sides can take away. `address`: of the order's page; `given`: what was given instead since, oldest first."""

    def _(sentence: str, **values: object) -> str:
        return say(sentence, language) % values if values else say(sentence, language)

    told: dict[str, Any] = order.snapshot or {}
    price = _(PRICES[order.kind]) if order.is_free else format_money(Money(order.price_minor, order.currency), language)
    facts = [
        (_(N_("Order")), order.number), (_(N_("The contract stands since")), _time(order.contract_at)),
        (_(N_("Thing")), str(told.get("title", ""))), (_(N_("Price")), price), (_(N_("Seller")), seller_line(told, language)),
        *([] if order.is_free else [(_(N_("Payment")), _(PAYMENTS.get(order.payment, order.payment)))]),
        (_(N_("How it is got")), _(FULFILMENTS[order.fulfilment])),
        (_(N_("Wipe certificate")), str(told.get("certificate") or "—")), (_(N_("Digest of all this")), order.snapshot_digest),
    ]  # fmt: skip
    blocks: list[pdf.Block] = [pdf.Facts(facts), pdf.Heading(_(N_("What the buyer was told"))), *_told(told, language, _)]
    blocks += [pdf.Heading(_(N_("Returns and warranty"))), pdf.Paragraph(returns_line(order, language))]
    for one in given:
        blocks += [pdf.Heading(_(N_("Exchanged since"))), *_given(one, language, _)]
    blocks.append(pdf.Qr(address, _(N_("The order's page, for the two of you"))))
    blocks.append(pdf.SmallPrint(_(N_("The digest is the SHA-256 of the frozen offer as canonical JSON (RFC 8785)."))))
    created = order.contract_at or order.created_at
    return pdf.Document(
        title=_(TITLES[order.kind]), number=order.number, blocks=blocks, language=language, created=created
    )  # fmt: skip


def _given(one: Replacement, language: str, _: Any) -> list[pdf.Block]:
    told = one.snapshot
    facts = [
        (_(N_("Given instead")), str(told.get("title", ""))), (_(N_("Exchanged on")), _time(one.at)),
        (_(N_("In case")), str(told.get("case", ""))), (_(N_("Wipe certificate")), str(told.get("certificate") or "—")),
        (_(N_("Digest of all this")), one.snapshot_digest),
    ]  # fmt: skip
    return [pdf.Facts(facts), *_told(told, language, _)]


def _told(told: dict[str, Any], language: str, _: Any) -> list[pdf.Block]:
    defects = [str(one[language if language in one else "zh"]) for one in told.get("defects", [])]
    found: list[pdf.Block] = [pdf.Paragraph(f"☑ {line}") for line in defects] or [pdf.Paragraph(_(N_("No defect was stated.")))]
    condition = str(told.get("condition", ""))
    if condition and condition not in WRONG:
        found.append(pdf.Paragraph(condition_shown(condition, language)))
    if told.get("description"):
        found.append(pdf.Paragraph(str(told["description"])))
    return found


def seller_line(told: dict[str, Any], language: str) -> str:
    from core.people.sellers import KINDS

    one = told.get("seller", {})
    kind = say(KINDS[one["kind"]], language) if one.get("kind") in KINDS else ""
    parts = (seller_name(told, language), kind, one.get("licence", ""))
    return " · ".join(part for part in parts if part)


def returns_line(order: Order, language: str) -> str:
    ground = (order.snapshot or {}).get("returns", {}).get("ground", "")
    sentence = say(RETURNS[order.return_policy], language)
    return sentence % {"ground": say(ground_words(ground), language) if ground else ""} if "%(ground)s" in sentence else sentence


def _time(moment: datetime | None) -> str:
    return exact(moment) if moment else "—"
