"""What a listing promises after the sale, by who sells. Pure.

Sources: Consumer Protection Law 25 (seven days for distance sales of businesses) [read]; three months of warranty where a
shop sells electronics is this market's own rule; grounds for exclusion are a closed list (`return_grounds`)."""

from market.listings.return_grounds import GROUNDS

BUSINESS = frozenset({"operator", "self_operated", "consignment"})
"""Kinds of seller to whom consumer law applies as operators."""

MOST_WARRANTY = 60  # months


def default_policy(seller_kind: str) -> str:
    """Return policy of a new listing: a business owes the seven days, a private seller doesn't."""
    return "no_reason_7d" if seller_kind in BUSINESS else "private_sale"


def default_warranty(seller_kind: str, electronics: bool) -> int:
    """Months: three where a business sells electronics, else none."""
    return 3 if seller_kind in BUSINESS and electronics else 0


def terms_fault(seller_kind: str, policy: str, ground: str, warranty: int) -> str:
    """What is wrong with chosen terms: a code, "" when nothing is. A business can't sell like a private person; a ground is of
    the closed list and stands exactly where a return is excluded."""
    if policy not in ("private_sale", "no_reason_7d", "excluded_by_nature"):
        return "policy_unknown"
    if seller_kind not in BUSINESS and policy == "excluded_by_nature":  # nothing is owed that could be excluded
        return "policy_unknown"
    if seller_kind in BUSINESS and policy == "private_sale":
        return "business_owes_returns"
    if policy == "excluded_by_nature" and ground not in GROUNDS:
        return "ground_missing"
    if policy != "excluded_by_nature" and ground:
        return "ground_without_exclusion"
    return "warranty_range" if not 0 <= warranty <= MOST_WARRANTY else ""
