"""What a case holds as files, and lists of cases: photos, the evidence in one zip, mine, the mediators'."""


from flask import Blueprint, Response, g
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.access import Beside, needs, visitor
from core.errors import NotFound
from core.goods.pictures import store
from core.work import work
from market.aftersales.actions import get_case
from market.aftersales.evidence import bundle
from market.aftersales.models import Case
from market.aftersales.views import money_of
from market.aftersales.words import kind_words, state_of
from market.listings.mine import ListPage, Row, side

blueprint = Blueprint("case_files", __name__)


@blueprint.get("/cases/<case_id>/photos/<digest>")
@needs("market:case:read", on=lambda session, case_id, digest: Beside(get_case(session, case_id), digest))
def photo(found: Beside[Case, str]) -> object:
    if all(found.part not in line.photos for line in found.of.lines):
        raise NotFound()
    return Response(store().get(found.part), mimetype="image/jpeg")


@blueprint.get("/cases/<case_id>/evidence.zip")
@needs("market:case:read", on=get_case)
def evidence(case: Case) -> object:
    """Everything that is known of it in one file, with digests. Who takes it is on record."""
    case_id, number = case.id, case.number
    with work(g.db, visitor().actor, clock.now()) as w:
        w.record("market:case:exported", case_id)
    answer = Response(bundle(g.db, get_case(g.db, case_id)), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.zip"'
    return answer


def _rows(query) -> list[Row]:  # type: ignore[no-untyped-def]
    return [
        Row(title=f"{case.number} · {case.order.listing.title}", href=f"/cases/{case.id}", photo=None,
            text=_(kind_words(case)), price=money_of(case.amount_minor, case.currency) if case.amount_minor else "",
            state=(_(state_of(case).label), state_of(case).tone), actions=[], icon="scale")
        for case in g.db.scalars(query)
    ]  # fmt: skip


@blueprint.get("/me/cases")
@needs("market:mine:read")
def mine() -> object:
    me = side()
    query = select(Case).where((Case.buyer_id == me) | (Case.seller_id == me)).order_by(Case.id.desc()).limit(100)
    return ListPage(
        title=_("After-sales"), lead=_("What is to be put right, with its dates."), here="/me/cases", rows=_rows(query),
        empty_title=_("No cases"), empty_text=_("If something is wrong with what you bought, open its order and say so there."),
        ways=[(_("My orders"), "/me/orders")],
    ).answer()  # fmt: skip


@blueprint.get("/cases")
@needs("market:case:mediate")
def queue() -> object:
    query = select(Case).where(Case.state.in_(("mediation", "appealed"))).order_by(Case.id).limit(200)
    return ListPage(
        title=_("Mediation"), lead=_("Cases that wait for somebody who isn't involved; the oldest first."), here="/cases",
        rows=_rows(query), empty_title=_("Nothing waits"), empty_text=_("When two people can't settle it, it stands here."),
        ways=[(_("Home"), "/")],
    ).answer()  # fmt: skip
