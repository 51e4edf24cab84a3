"""Audit words about shops' files, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:shop_point:opened": N_("A shop opened a point"),
    "market:shop_point:changed": N_("A shop changed what it says of a point"),
    "market:shop_point:moved": N_("A point of a shop was paused, resumed, closed or opened again"),
    "market:shop_exemption:asked": N_("An organisation said why it needs no licence"),
    "market:shop_exemption:taken_back": N_("An organisation took its reason for needing no licence back"),
    "market:shop_exemption:decided": N_("Staff decided whether an organisation needs no licence"),
    "market:shop_exemption:ended": N_("Staff ended an exemption from the licence"),
    "market:shop_rules:set": N_("A shop published a version of its rules"),
    "market:shop_closing:announced": N_("A shop announced on which day it ends"),
    "market:shop_closing:called_off": N_("A shop called its end off"),
    "market:shop_closing:ended": N_("The announced day came and a shop was closed"),
    "market:shop_closing:reopened": N_("A closed shop was opened again"),
    "market:trade_permit:entered": N_("A shop entered a permit to trade"),
    "market:trade_permit:taken_back": N_("A shop took an entered permit back"),
    "market:trade_permit:decided": N_("Staff decided on a permit to trade"),
    "market:trade_permit:replaced": N_("A permit to trade was replaced by a newer one"),
    "market:trade_permit:reminded": N_("A shop was told that its permit ends soon"),
    "market:trade_permit:expired": N_("A permit to trade ran out"),
    "market:shop:followed": N_("Somebody follows a shop"),
    "market:shop:unfollowed": N_("Somebody stopped following a shop"),
    "market:home_estate:named": N_("A resident named their estate"),
    "market:home_estate:forgotten": N_("The estate that a resident had named was erased"),
}
