"""How fees are spoken of: English for gettext. Names that rules usually bear, roundings, states."""

from core.i18n import N_

NAMES = {
    "commission": N_("Commission"),
    "buyer_fee": N_("Buyer's fee"),
    "item_fee": N_("Item fee"),
    "listing_fee": N_("Listing fee"),
    "card_fee": N_("Card fee"),
    "gross": N_("Price"),
    "discount_by_shop": N_("The platform's or shop's part of the discount"),
    "base": N_("What is divided"),
    "payout": N_("To the seller"),
    "lost": N_("Lost"),
}
ROUNDED = {
    "half_up": N_("exactly %(exact)s, half a unit and more counts up: %(rounded)s"),
    "half_even": N_("exactly %(exact)s, to the nearest unit and an even half to the even one: %(rounded)s"),
    "down": N_("exactly %(exact)s, what is less than a unit is left off: %(rounded)s"),
    "up": N_("exactly %(exact)s, what is less than a unit counts as one: %(rounded)s"),
}
MODES = {
    "half_up": N_("Half a unit and more counts up"),
    "half_even": N_("To the nearest unit, an even half to the even one"),
    "down": N_("What is less than a unit is left off"),
    "up": N_("What is less than a unit counts as one"),
}
BASES = {"gross": N_("the price"), "net": N_("what the buyer pays")}
KINDS = {
    "percent": N_("A percentage"),
    "flat": N_("A fixed amount"),
    "per_item": N_("An amount for each piece"),
    "steps": N_("Steps by price"),
}
ABSORBERS = {"shop": N_("The platform or shop"), "seller": N_("The seller"), "shared": N_("Both, half each")}
