"""Consignment agreements in stories: a shop's terms in use, a consignor's file, an agreement on its way.

    file = consignor(session, shop, mu)          # 陈桂英, C-0001, no account
    terms = in_use(doing, mu, shop)              # local custom, version 1
    row_id = offered(doing, chen, shop, terms)   # written and signed for the shop
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import clock, ids, secrets
from core.db import get_locked
from core.work import Actor, work
from market.channels.consignment.agreements import actions, queries, signing, templating
from market.channels.consignment.agreements.actions import Wanted
from market.channels.consignment.agreements.filling_rules import Blanks
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.signing import Signed
from market.channels.consignment.models import Consignor
from tests.consignor_stories import open_shop

Doing = Callable[..., Any]
EXAMPLE = Path(__file__).parents[1] / "docs" / "schemas" / "examples" / "consignment-terms.json"
NAME = "陈桂英"
DRAWN = json.dumps([[[100, 200], [160, 120], [220, 240], [300, 150]], [[320, 210], [380, 190], [460, 230]]])


def custom() -> dict[str, Any]:
    """Terms by local custom, as JSON that may be changed."""
    return json.loads(json.dumps(templating.default_data()))


def opened(doing: Doing, manager: Any, shop: str) -> None:
    """The shop has its licence on file and an open point that takes goods."""
    with doing(manager) as w:
        open_shop(w, shop, manager)


def consignor(session: Any, shop: str, opener: Any, *, number: str = "C-0001", account: Any = None, name: str = NAME) -> str:
    with work(session, Actor("system:test"), clock.now()) as w:
        row = Consignor(
            id=ids.new_id(), org_id=shop, number=number, account_id=account.id if account else None,
            name=secrets.encrypt(name, queries.NAME), shown=f"{name[0]}**", paper_kind="resident_id",
            paper_no=secrets.encrypt("330106194912010026", "consignor_paper"),
            paper_digest=secrets.keyed_digest(f"{shop}{number}", "consignor_paper"), paper_masked="3301**********0026",
            contact=secrets.encrypt("13800000000", "consignor_contact"), contact_masked="138****0000", paper_seen_by=opener.id,
            paper_seen_at=w.now, opened_by=opener.id, opened_at=w.now,
        )  # fmt: skip
        w.session.add(row)
        return row.id


def in_use(doing: Doing, manager: Any, shop: str, **changed: Any) -> str:
    """Local custom, with keys changed, in use. Returns the version's id."""
    with doing(manager) as w:
        row_id = templating.begin(w, shop).id
    return used(doing, manager, row_id, **changed)


def used(doing: Doing, manager: Any, row_id: str, **changed: Any) -> str:
    with doing(manager) as w:
        row = get_locked(w.session, TermsTemplate, row_id)
        if changed:
            templating.write(w, row, row.data | changed)
        templating.activate(w, row)
    return row_id


def revised(doing: Doing, manager: Any, row_id: str, **changed: Any) -> str:
    """The next version in use."""
    with doing(manager) as w:
        new = templating.revise(w, get_locked(w.session, TermsTemplate, row_id)).id
    return used(doing, manager, new, **changed)


def written(doing: Doing, clerk: Any, shop: str, template_id: str, file: str = "C-0001", **blanks: str) -> str:
    with doing(clerk) as w:
        return actions.draft(w, shop, Wanted(file=file, template_id=template_id, blanks=Blanks(**blanks))).id


def offered(doing: Doing, clerk: Any, shop: str, template_id: str, file: str = "C-0001", **blanks: str) -> str:
    return offered_now(doing, clerk, written(doing, clerk, shop, template_id, file, **blanks))


def offered_now(doing: Doing, clerk: Any, row_id: str) -> str:
    """A draft, signed for the shop."""
    with doing(clerk) as w:
        actions.offer(w, get_locked(w.session, Agreement, row_id), True)
    return row_id


def signed(doing: Doing, clerk: Any, row_id: str, **also: Any) -> str:
    """By hand on the screen, before this clerk."""
    told = {"how": "drawn", "language": "zh", "agreed": True, "drawn": DRAWN, **also}
    with doing(clerk) as w:
        signing.sign_here(w, get_locked(w.session, Agreement, row_id), Signed(**told))
    return row_id
