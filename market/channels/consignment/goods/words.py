"""Audit words about what a shop takes in and keeps, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:intake:opened": N_("A shop began to take things in"),
    "market:intake:closed": N_("Taking in was finished and the receipt made"),
    "market:intake:given_up": N_("Taking in was given up; nothing was taken in"),
    "market:intake:paired": N_("A phone was paired with an intake to add photos"),
    "market:stock:taken_in": N_("A thing was taken into a shop's stock and register"),
    "market:stock:priced": N_("A thing in a shop got a price"),
    "market:stock:unpriced": N_("The price was taken off a thing in a shop"),
    "market:stock:cleared": N_("A thing in a shop was cleared: it can get a price"),
    "market:stock:uncleared": N_("The clearance of a thing in a shop ended: its price is off"),
    "market:stock:held": N_("A thing in a shop was reserved"),
    "market:stock:freed": N_("The reservation of a thing in a shop ended"),
    "market:stock:sold": N_("A thing in a shop was sold"),
    "market:stock:lost": N_("A thing in a shop is missing"),
    "market:stock:online": N_("A thing in a shop went on sale online, too"),
    "market:stock:offline": N_("A thing in a shop was taken off the market online"),
    "market:stock:brought_back": N_("A thing that a shop had sold came back into its stock"),
    "market:stock:given_back": N_("A thing was given back to who brought it"),
    "market:stock:found": N_("A thing of a shop that was missing was found"),
    "market:stock:frozen": N_("A thing in a shop was frozen"),
    "market:stock:unfrozen": N_("A thing in a shop isn't frozen any more"),
    "market:stock:words_erased": N_("The giver's words about a thing in a shop's register were erased"),
    "market:stock_register:exported": N_("A shop's register was exported as a file"),
}
