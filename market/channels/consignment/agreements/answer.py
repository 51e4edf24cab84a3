"""A reckoned thing as JSON: docs/schemas/consignment-explain.schema.json."""

from typing import Any

from market.channels.consignment.agreements.rules import Reckoned
from market.ledger.fees.shape import step_data


def reckoned_data(found: Reckoned, digest: str) -> dict[str, Any]:
    line = found.line
    return {
        "terms_digest": digest, "days": found.case.days, "standing": found.standing, "asking": found.case.asking,
        "reserve": found.case.reserve, "markdown_percent": found.percent, "price": found.price, "lowest": found.lowest,
        "discount": found.case.discount, "paid": found.paid, "fees": dict(line.fees), "commission": line.commission,
        "discount_by_shop": line.discount_by_shop, "waived": line.waived, "net": found.net, "shop": found.shop,
        "trace": [step_data(step) for step in found.trace],
    }  # fmt: skip
