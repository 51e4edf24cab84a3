"""Opens the market room: permissions, audit words, ports, sweeps and pages."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask

from appraisal.grades.actions import Graded
from appraisal.grades.asking import CLERKS
from appraisal.grades.reports import GradeEnded
from core import audit, ports, runner
from core.access import Predicate, has_role, permissions, signed_in, verified
from core.i18n import N_
from core.people.notices import leads
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, ItemScrapped, ItemUnfrozen, PersonClosing, PersonSuspended
from core.queue import kinds
from core.web import nav
from market import dossier
from market.aftersales import room as aftersales
from market.channels.appraisal import room as appraisal_bookings
from market.channels.consignment import room as consignment
from market.channels.consignment.agreements import room as consignment_agreements
from market.channels.consignment.goods import room as consignment_goods
from market.channels.consignment.importing import room as goods_imports
from market.channels.consignment.visits import room as consignment_visits
from market.demo import room as demo
from market.ledger import room as ledger
from market.ledger.fees import room as fees
from market.listings import (
    actions,
    carried_grades,
    catalogue,
    drafts,
    editing,
    freezing,
    leaving,
    life,
    mine,
    people_pages,
    person_desk,
    private_proof,
    proof,
    proof_pages,
    queries,
    reviewing,
    sell,
    sell_again,
    shop_gate,
    shop_page,
    talk,
    terms,
    views,
    waits,
)
from market.orders import room as orders
from market.oversight import room as oversight
from market.passport import room as passport
from market.payments import room as payments
from market.payments import waits as stuck
from market.payments.events import ChargebackClosed, ChargebackOpened, RefundFailed, ReleaseFailed, SellerOwes, TakenTwice
from market.shops import room as shops
from market.shops.events import PermitEnded, ShopEnded
from privacy.wipes.queries import finds_items

owns_draft = Predicate("began this draft", lambda v, s: (s[0] if isinstance(s, tuple) else s).owner_id == v.account_id)
owns = Predicate("owns this", lambda v, s: s.owner_id == v.account_id)
sells = Predicate("sells this, or works at the counter of the shop that does", lambda v, s: v.acts_for(s.seller_id))
keeps = Predicate("works where it is kept", lambda v, s: s.part in v.orgs_as(*CLERKS))
buys = Predicate("buys this", lambda v, s: s.buyer_id == v.account_id)
another = Predicate("is another person", lambda v, s: s.account.id != v.account_id)
not_own = Predicate("is not the seller", lambda v, s: not v.acts_for(s.seller_id))

PERMISSIONS = {
    "market:listing:create": ((verified,),),
    "market:draft:edit": ((owns_draft,),),
    "market:item:sell": ((owns, verified),),
    "market:item:read": (
        (owns,), (keeps,), *((has_role(role),) for role in ("appraiser", "reviewer", "regulator", "administrator")),
    ),
    "market:listing:edit": ((sells,),),
    "market:listing:publish": ((sells, verified),),
    "market:proof:see": ((sells,), (has_role("reviewer"),)),
    "market:proof:remove": ((sells,),),
    "market:listing:favour": ((signed_in,),),
    "market:listing:report": ((signed_in, not_own),),
    "market:talk:read": ((sells,), (buys,)),
    "market:talk:write": ((sells, verified), (buys, verified)),
    "market:person:block": ((signed_in,),),
    "market:person:block_other": ((signed_in, another),),
    "market:person:report": ((signed_in, another),),
    "market:mine:read": ((signed_in,),),
    "market:report:handle": ((has_role("reviewer"),), (has_role("administrator"),)),
}
WORDS = {
    "market:listing:drafted": N_("A listing was drafted"),
    "market:listing:edited": N_("A listing was changed"),
    "market:listing:published": N_("A listing went on sale"),
    "market:listing:waits": N_("A listing waits for information wiping"),
    "market:listing:terms": N_("The terms of a listing were changed"),
    "market:listing:paused": N_("A listing was paused"),
    "market:listing:withdrawn": N_("A listing was withdrawn"),
    "market:listing:taken_down": N_("A listing was taken down with its clearance"),
    "market:listing:frozen": N_("A listing was frozen"),
    "market:listing:shop_stopped": N_("A listing went off sale: its shop closed, or lacks the permit that it needs"),
    "market:listing:held": N_("A listing went off sale while a wipe is checked once more"),
    "market:listing:unfrozen": N_("A listing was released from the freeze"),
    "market:listing:expired": N_("A listing expired"),
    "market:listing:graded": N_("A listing carries a grade"),
    "market:listing:ungraded": N_("A listing no longer carries a grade"),
    "market:listing:reported": N_("A listing was reported"),
    "market:listing:photo_twin": N_("A listing shows the same photo as another seller's"),
    "market:talk:answered": N_("Somebody of a shop wrote to a buyer in its name"),
    "market:person:blocked": N_("Somebody blocked another person"),
    "market:person:unblocked": N_("Somebody ended a block"),
    "market:person:reported": N_("A person or a message was reported"),
    "market:person:looked": N_("A reviewer read a reported message with its surroundings"),
    "market:person:judged": N_("A report about a person was decided"),
    "market:report:handled": N_("A report was handled"),
    "market:review:asked": N_("A restricted thing waits for a reviewer"),
    "market:proof:added": N_("A photo of the private proof was added"),
    "market:proof:seen": N_("A reviewer looked at a photo of the private proof"),
    "market:proof:removed": N_("A photo of the private proof was removed by its seller"),
    "market:proof:erased": N_("A photo of the private proof was erased: its time was over or its seller left"),
    "market:review:decided": N_("A reviewer decided on a restricted thing"),
}

STUCK = {code: partial(stuck.stuck, code) for code in stuck.ROWS}


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    parts = (
        catalogue, sell, sell_again, life, views, editing, talk, mine, reviewing, proof_pages, shop_page, terms, people_pages,
        person_desk,
    )  # fmt: skip
    for part in parts:
        app.register_blueprint(part.blueprint)
    leads("listings", "/listings")
    leads("money", "/me/money", "/payments", "/fees")
    leads("disputes", "/cases")
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    kinds.source("report", waits.reports)
    kinds.source("person_report", waits.person_reports)
    kinds.source("restricted", waits.restricted)
    for code in stuck.ROWS:
        kinds.source(code, STUCK[code])
    ports.subscribe(RefundFailed, stuck.refund_failed)
    ports.subscribe(ReleaseFailed, stuck.release_failed)
    ports.subscribe(SellerOwes, stuck.seller_owes)
    ports.subscribe(TakenTwice, stuck.taken_twice)
    ports.subscribe(ChargebackOpened, stuck.disputed)
    ports.subscribe(ChargebackClosed, stuck.dispute_over)
    shops.register(app)
    ports.subscribe(ShopEnded, shop_gate.shop_ended)
    ports.subscribe(PermitEnded, shop_gate.permit_ended)
    ledger.register(app)
    payments.register(app)
    fees.register(app)
    orders.register(app)
    aftersales.register(app)
    oversight.register(app)
    passport.register(app)
    appraisal_bookings.register(app)
    consignment.register(app)
    consignment_agreements.register(app)
    consignment_goods.register(app)
    consignment_visits.register(app)
    goods_imports.register(app)
    ports.subscribe(ClearanceEnded, actions.take_down)
    ports.subscribe(ItemFrozen, freezing.freeze)
    ports.subscribe(ItemUnfrozen, freezing.thaw)
    ports.subscribe(ItemHeld, actions.hold)
    ports.subscribe(ItemScrapped, actions.scrap)
    ports.provide("wipe_standing", "market", proof.wipe_standing)
    ports.provide("offer_page", "market", queries.offer_page)
    ports.subscribe(Graded, carried_grades.carry_grade)
    ports.subscribe(GradeEnded, carried_grades.drop_grade)
    ports.subscribe(PersonSuspended, freezing.suspend_seller)
    ports.subscribe(PersonClosing, leaving.leave)
    ports.provide("dossier", "market", dossier.lines)
    finds_items(dossier.item_of)
    ports.provide("personal_data", "market", dossier.personal_data)
    ports.provide("retention", "market", dossier.retention)
    runner.sweep("listings", timedelta(hours=1), actions.expire_old)
    runner.sweep("shop_gate", timedelta(hours=1), shop_gate.sweep)
    runner.sweep("listing_proofs", timedelta(hours=6), private_proof.sweep_old)
    runner.sweep("sell_drafts", timedelta(hours=6), drafts.sweep_old)
    nav("/reports", N_("Reports"), "flag", "reviewer", "administrator")
    demo.register(app)
    payments.beside(app)
    demo.beside(app)
