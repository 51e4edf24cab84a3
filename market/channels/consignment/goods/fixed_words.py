"""The fixed words of an intake: kinds of stock, how a giver came by a thing, where it went. Pure."""

from typing import Final

from core.i18n import N_

KINDS: Final = {"consigned": N_("On consignment"), "own": N_("The shop's own stock")}
CAME_BY: Final = {
    "bought": N_("Bought new"),
    "traded": N_("Bought second-hand"),
    "gift": N_("A present"),
    "inherited": N_("Inherited"),
    "work": N_("From an employer or a body, let go of for good"),
    "other": N_("Otherwise: say how"),
}
"""How the giver came by it; the register of used goods names its source (rules of the trade in used goods of 1998, article
numbers not seen; local rules of Shanghai, Changsha and Xinjiang ask for it)."""
USED: Final = {"used": N_("Second-hand"), "refurbished": N_("Refurbished"), "remanufactured": N_("Remanufactured")}
"""The mark that tag and page carry (Regulation on waste electrical products 12; Circular Economy Promotion Law 39, 40)."""
