"""The drop-off receipt: who has which thing since when, for how much, and how it is fetched. No code and no full number stands on
it: whoever finds the paper fetches nothing with it."""

from flask import g
from flask_babel import gettext as _

from core.goods.describe import kind_and_model
from core.goods.models import Item
from core.i18n import listed
from core.money import CNY, Money, format_money
from core.pdf import Document, Facts, Paragraph, Qr, SmallPrint, render
from core.people.models import Organisation
from core.people.names import shown_org
from core.when import slot_words
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.rules import DROP_OFF, VISIT


def fact_rows(row: AppraisalBooking) -> list[tuple[str, str]]:
    """(what, value) of the receipt or of the visit, in the reader's language. Only of a booking that was checked in."""
    item, org = g.db.get_one(Item, row.item_id), g.db.get_one(Organisation, row.org_id)
    visit, agency = row.way == VISIT, shown_org(org, g.language)
    where = _("%(agency)s, %(address)s", agency=agency, address=org.address) if org.address else agency
    begun = slot_words(row.checked_in_at, long=True) if row.checked_in_at else "—"
    numbers = listed((one.masked for one in item.identifiers if one.live), g.language)
    total = Money(row.total_minor, CNY)
    return [
        (_("Thing"), kind_and_model(item, g.language)),
        (_("Numbers on it"), numbers or _("none registered")),
        (_("Visited by") if visit else _("Taken in by"), where),
        (_("Visit begun at") if visit else _("Taken in at"), begun),
        (_("Who has it now"), holder(row)),
        (_("Fee"), format_money(total, g.language) if total.minor else _("Free")),
    ]


def holder(row: AppraisalBooking) -> str:
    """In words, by the state of the booking."""
    if row.state in ("checked_in", "graded") and row.way == DROP_OFF:
        return str(_("The agency"))
    return str(_("Its owner"))


def receipt_pdf(row: AppraisalBooking, link: str) -> bytes:
    """The paper, in the reader's language. `link`: the booking's own page."""
    created = row.checked_in_at or row.booked_at
    return render(Document(
        title=_("Drop-off receipt"), number=row.number, created=created, language=g.language,
        blocks=[
            Facts(fact_rows(row)),
            Paragraph(_("It is handed back to who booked: with the code that their booking shows, or against a signature here.")),
            Facts([(_("Fetched on"), "____________________"), (_("Signature of who fetches it"), "____________________")]),
            Qr(link, _("The booking's own page, for its owner and the agency.")),
            SmallPrint(_("A receipt for keeping it; no report and no valuation. The fee hangs on neither grade nor price.")),
        ],
    ))  # fmt: skip
