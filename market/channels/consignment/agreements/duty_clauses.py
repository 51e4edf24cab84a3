"""What the clauses about duties say: charges, care, payment, the law's defaults that may be agreed otherwise, and the end."""

from collections.abc import Iterator

from core.data_files import text
from core.i18n import N_, listed
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.agreements.wording import LOSS_WORDS
from market.channels.consignment.agreements.writer import Writer

SIGNATURES = N_("Electronic Signature Law, articles 3 and 14")
PIPL = N_("Personal Information Protection Law, articles 13 and 17")
LIEN = (
    N_("While the consignor owes the shop what is agreed here, the shop may keep the unsold things back until it is paid."),
    N_("The shop has no right to keep things back for what it is owed."),
)
SELF = (
    N_("The shop may buy a thing with a market price itself, at no less than the price of the day, and still earn its "
       "commission; "
       "it tells the consignor so."),
    N_("The shop may not buy the things itself."),
)  # fmt: skip
BUYER = (
    N_("When a buyer of the shop doesn't pay or doesn't take the thing, the shop answers to the consignor for it."),
    N_("When a buyer of the shop doesn't pay, the shop doesn't answer for it: the thing goes on sale again, and the shop tells "
       "the "
       "consignor who can be asked to pay."),
)  # fmt: skip


def either(w: Writer, yes: bool, sentences: tuple[str, str]) -> str:
    return w(sentences[0] if yes else sentences[1])


def charges(terms: Terms, w: Writer) -> Iterator[str]:
    charges, named = terms.charges, []
    if charges.storage_day:
        yield w(N_("Storage after the days of grace: %(amount)s a day for each thing, at most %(cap)s."),
                amount=w.money(charges.storage_day), cap=w.money(charges.storage_cap))  # fmt: skip
    for sentence, minor in ((N_("cleaning %(amount)s"), charges.cleaning), (N_("appraisal %(amount)s"), charges.appraisal),
                            (N_("wiping of data %(amount)s"), charges.wiping),
                            (N_("sending it back %(amount)s"), charges.return_freight)):  # fmt: skip
        if minor:
            named.append(w(sentence, amount=w.money(minor)))
    if named:
        yield w(N_("For each thing for which the consignor asked it: %(charges)s."), charges=listed(named, w.language))
    if not named and not charges.storage_day:
        yield w(N_("There are no charges beside what the shop earns."))
    if terms.costs == "shop":
        yield w(N_("All other costs of selling are the shop's."))
    else:
        yield w(N_("Other costs of selling that the consignor agreed to in writing before are the consignor's."))


def loss(terms: Terms, w: Writer) -> Iterator[str]:
    yield w(
        N_("The shop keeps the things with care. For a thing that is lost or damaged in its keeping it pays %(what)s."),
        what=w(LOSS_WORDS[terms.loss]),
    )
    yield w(N_("Natural wear and decay, and flaws that the receipt names, are not damage."))


def paying(terms: Terms, w: Writer) -> Iterator[str]:
    paying = terms.paying
    yield w(N_("The proceeds of a sale are held for %(days)s days, so that a buyer's return can be settled, and paid within "
               "%(within)s days after that."),
            days=paying.hold_days, within=paying.within_days)  # fmt: skip
    if paying.least:
        yield w(
            N_(
                "Less than %(amount)s is paid with the next sale, or at once when the consignor asks for it or the agreement "
                "ends."
            ),
            amount=w.money(paying.least),
        )
    yield w(N_("Each payment comes with a statement that shows price, fees and rounding of every thing."))


def privacy(w: Writer) -> Iterator[str]:
    yield w(
        N_(
            "The shop asks for name, identity paper, contact and payout account in order to keep its register, to pay and to "
            "reach the consignor; it shows them to nobody but those whom the law names."
        )
    )
    yield w(
        N_(
            "They are kept for three years after the last thing is settled and then erased. Nothing on a label, a tag or a "
            "public page names the consignor."
        )
    )


def ending(terms: Terms, w: Writer) -> Iterator[str]:
    yield w(
        N_("Either side can end the agreement with %(days)s days of notice. Sold things are settled, unsold ones are fetched."),
        days=terms.notice_days,
    )
    yield w(N_("A shop that closes tells its consignors 30 days before."))


def signing(w: Writer) -> Iterator[str]:
    yield w(N_("Both sides may sign on the screen or with their own account. Each gets the agreement as a paper or file, with "
               "its digest."))
    yield w(N_("It counts once both have signed. Changes are agreed on in a new agreement."))


def dispute(terms: Terms, w: Writer) -> Iterator[str]:
    court = N_(
        "Both sides talk first. If that doesn't help, the court decides: %(place)s. Complaints to the authorities stay open."
    )
    other = N_(
        "Both sides talk first. If that doesn't help, arbitration decides: %(place)s. Complaints to the authorities stay open."
    )
    yield w(court if terms.dispute.way == "court" else other, place=text(terms.dispute.place, w.language))
