"""When a lower price is worth a word. Pure."""

LEAST = 100  # fen
LEAST_PART = 100  # a hundredth


def worth_telling(known: int, now: int) -> bool:
    """Lower than anything this person was told, by a hundredth or by one yuan, whichever is less: a price that goes down fen by
    fen, or up and down again, tells nothing new. Minor units."""
    return now < known and (now == 0 or known - now >= max(1, min(LEAST, known // LEAST_PART)))
