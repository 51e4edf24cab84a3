"""Choices of the terms in words, shared by clauses, forms and pages."""

from core.i18n import N_

AUTHORITY_WORDS = {
    "fixed": N_("The consignor alone"),
    "lower": N_("The shop may lower it, so much after so many days"),
    "reserve": N_("The shop decides, down to the reserve"),
    "ask": N_("The shop asks before each change"),
}
PAY_WORDS = {"commission": N_("A commission"), "net": N_("A fixed net price for the consignor")}
UNSOLD_WORDS = {
    "renew": N_("the term is renewed once, if the consignor agrees"),
    "return": N_("the consignor fetches it"),
    "donate": N_("it is donated"),
    "recycle": N_("it goes to recycling"),
    "deposit": N_("it is deposited as the law provides"),
}
LOSS_WORDS = {
    "net": N_("what the consignor would have got for it at the price of the day"),
    "asking": N_("its asking price"),
    "market": N_("its market value"),
}
COST_WORDS = {"shop": N_("The shop"), "consignor": N_("The consignor, where agreed in writing")}
DISPUTE_WORDS = {"court": N_("A court"), "arbitration": N_("Arbitration")}
CHARGE_WORDS = {
    "storage_day": N_("Storage a day, after the days of grace"),
    "storage_cap": N_("Storage, at most"),
    "cleaning": N_("Cleaning"),
    "appraisal": N_("Appraisal"),
    "wiping": N_("Wiping of data"),
    "return_freight": N_("Sending it back"),
}
STANDING_WORDS = {"on_sale": N_("on sale"), "grace": N_("days of grace"), "over": N_("storage after grace")}
HOW_WORDS = {
    "drawn": N_("by hand on the screen"),
    "typed": N_("by typing the name and ticking"),
    "account": N_("in their account"),
}
