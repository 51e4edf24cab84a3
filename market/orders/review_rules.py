"""For what a review's words may be hidden: a closed list. A bad opinion isn't among them."""

from typing import Final

from core.i18n import N_

GROUNDS: Final[dict[str, str]] = {
    "insult": N_("It insults or slanders somebody."),
    "private_data": N_("It shows somebody's personal data."),
    "threat": N_("It threatens somebody or asks for a favour in exchange for better words."),
    "forbidden": N_("It spreads what the law forbids."),
    "advert": N_("It is an advertisement and says nothing about the deal."),
}
"""Code -> sentence. Civil Code 1024, 1034; E-Commerce Law 39: a platform doesn't delete what consumers say of goods; hidden are
the words of unlawful content only (the article is certain, the list is ours)."""
LEAST, MOST = 5, 500


def reason_missing(reason: str) -> bool:
    """A decision says in a sentence what it rests on: 5 to 500 characters."""
    return not LEAST <= len(reason.strip()) <= MOST
