"""What is fetched as a file: the empty table to fill in, the lines that were wrong, and the numbers of what was taken in."""

from collections.abc import Iterable

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import sheets
from core.access import needs
from core.errors import NotFound
from core.goods.cards import all_cards
from core.people.models import Organisation
from market.channels.consignment.importing import queries
from market.channels.consignment.importing.access import load_import, load_shop
from market.channels.consignment.importing.keeping import report_of
from market.channels.consignment.importing.models import GoodsImport
from market.channels.consignment.importing.template import template, wrong_lines
from market.channels.consignment.importing.views import blueprint


def _csv(lines: Iterable[str], name: str) -> Response:
    answer = Response("".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/consignment/<org_id>/import-template.csv")
@needs("market:intakes:list", on=load_shop)
def fetch_template(_org: Organisation) -> object:
    """For the categories named, as `?category=phone&category=book`; else for all."""
    wanted = set(request.args.getlist("category")) - {""}
    cards = [card for card in all_cards() if card.code in wanted or not wanted]
    if not cards:
        raise NotFound()
    return _csv(template(cards, g.language), "import-template.csv")


@blueprint.get("/intakes/<intake_id>/import/<import_id>/wrong.csv")
@needs("market:intake:take", on=load_import)
def fetch_wrong(row: GoodsImport) -> object:
    """The lines that are wrong, or were left out. Raises NotFound without any, and once they are erased."""
    found = report_of(row)
    if not found.cells:
        raise NotFound()
    return _csv(wrong_lines(found, g.language), f"wrong-{row.id}.csv")


@blueprint.get("/intakes/<intake_id>/import/<import_id>/taken.csv")
@needs("market:intake:take", on=load_import)
def fetch_taken(row: GoodsImport) -> object:
    """Which number of the register each line got: for labels and the shop's own books. Raises NotFound before."""
    if row.state != "taken":
        raise NotFound()
    names = sheets.MARK + sheets.row([_("Line"), _("Number"), _("Own number"), _("Name")])
    rows = [sheets.row([line.line, one.number, line.own_number, one.title]) for line, one in queries.things(g.db, row.id)]
    return _csv([names, *rows], f"taken-{row.id}.csv")
