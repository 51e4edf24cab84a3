"""The paper slip: printed by staff, and the read-only page that its code opens."""

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _

from core.access import needs, public
from core.db import get_locked
from core.doing import doing, done
from core.pdf import Document, Facts, Paragraph, Qr, SmallPrint, render
from core.people.names import shown_org
from core.web import config, limiter
from core.when import exact
from market.channels.consignment import slips
from market.channels.consignment.access import load_consignor
from market.channels.consignment.models import Consignor
from market.channels.consignment.views import blueprint
from market.channels.consignment.views.own import slip_page


def slip_pdf(row: Consignor, link: str) -> bytes:
    """The paper, in the reader's language: no name, no number of a paper and no contact stand on it."""
    shop = shown_org(row.org, g.language)
    where = _("%(shop)s, %(address)s", shop=shop, address=row.org.address) if row.org.address else shop
    return render(Document(
        title=_("Your file at the consignment shop"), number=row.number, created=row.slip_at or row.opened_at,
        language=g.language,
        blocks=[
            Facts([(_("Shop"), where), (_("File number"), row.number), (_("Printed"), exact(row.slip_at or row.opened_at))]),
            Paragraph(_("Scan the code with your phone to see your file: what was agreed, and how you are paid.")),
            Qr(link, link),
            Paragraph(_(
                "Whoever has this paper can read the page, and change nothing. Lost it? The shop ends it and prints another one."
            )),
            SmallPrint(_("No receipt and no claim: goods are collected with your own paper only.")),
        ],
    ))  # fmt: skip


@blueprint.post("/consignors/<consignor_id>/slip")
@limiter.limit("20 per minute")
@needs("market:consignor:print_slip", on=load_consignor)
def print_slip(row: Consignor) -> Response:
    found = row.id
    with doing() as w:
        mine = get_locked(w.session, Consignor, found)
        token = slips.make(w, mine)
        paper, name = slip_pdf(mine, f"{config().base_url}/consignments/slip/{token}"), mine.number
    answer = Response(paper, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


@blueprint.post("/consignors/<consignor_id>/slip/end")
@needs("market:consignor:print_slip", on=load_consignor)
def end_slip(row: Consignor) -> object:
    found = row.id
    with doing() as w:
        slips.end(w, get_locked(w.session, Consignor, found))
    return done(_("The slip opens nothing any more."), f"/consignors/{found}")


@blueprint.get("/consignments/slip/<slip>")
@limiter.limit("20 per minute")
@public
def show_slip(slip: str) -> Response:
    answer = slip_page(slips.get_by_token(g.db, slip)).answer()
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"] = "no-referrer", "noindex"
    return answer
