"""The ground floor: who, what, when. Knows no trade, no grade, no wipe."""
