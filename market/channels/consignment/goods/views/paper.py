"""The receipt for what was taken in (Civil Code 891: a slip for goods kept), in Chinese or English: what, in which condition, at
which price. It names the file, not the person, and is no claim by itself."""

from collections.abc import Sequence

from core.i18n import N_, say
from core.money import CNY, Money, format_money
from core.pdf import Document, Facts, Paragraph, SmallPrint, Table, render
from core.when import exact
from market.channels.consignment.goods.models import Intake, StockItem
from market.channels.consignment.goods.states import STOCK
from market.listings.condition_rules import condition_shown


def receipt_pdf(row: Intake, goods: Sequence[StockItem], language: str) -> bytes:
    """Raises NoFont."""

    def w(sentence: str, /, **values: object) -> str:
        return say(sentence, language, **values)

    def money(minor: int) -> str:
        return format_money(Money(minor, CNY), language)

    giver = [(w(N_("Number of the file")), row.consignor.number)] if row.consignor else [(w(N_("Where from")), row.source)]
    terms = [(w(N_("Agreement")), row.agreement.number)] if row.agreement else []
    head = [w(N_("Number")), w(N_("What")), w(N_("Condition, as seen together")), w(N_("Asking price")), w(N_("Floor"))]
    lines = [
        [one.number, _what(one, language), condition_shown(one.condition, language), money(one.wanted_minor), money(one.reserve_minor)]
        for one in goods
    ]
    return render(Document(
        title=w(N_("Receipt for things taken in")), number=row.number, created=row.closed_at or row.opened_at, language=language,
        blocks=[
            Facts([
                (w(N_("Shop")), row.org.name), (w(N_("Taken in at")), f"{row.point.name}, {row.point.address}"),
                (w(N_("On")), exact(row.closed_at or row.opened_at)), *giver, *terms,
            ]),
            Table(head, lines, shares=(5, 8, 5, 4, 4), right=frozenset({3, 4})),
            Paragraph(w(
                N_("%(count)s things. The giver says that they are theirs to give, and how they came by each."), count=len(goods)
            )),
            Paragraph(w(N_("Signature of the giver: ____________________    For the shop: ____________________"))),
            SmallPrint(w(N_(
                "Goods and money are handed out for this receipt only with the giver's own paper, or to a delegate named in the "
                "file."
            ))),
        ],
    ))  # fmt: skip


def _what(one: StockItem, language: str) -> str:
    waits = f" ({say(STOCK['waiting'].label, language)})" if one.data_bearing else ""
    return f"{one.title}{waits}"
