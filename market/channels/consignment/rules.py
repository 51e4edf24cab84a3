"""What can be said about consignors without looking anything up."""

from typing import Final

PAPERS: Final = ("resident_id", "hmt_permit", "passport", "prc_card", "uscc")
"""Papers that a giver of goods can show: resident identity card, travel or residence permit of residents of Hong Kong, Macao or
Taiwan, passport, foreigner's permanent residence card, and a body's unified social credit code."""
PAYOUTS: Final = ("cash", "transfer", "hold")
"""How a consignor wants to be paid; `hold`: stays with the shop until asked for."""
