"""What the reader of a case can do in it now: the words of its buttons."""

from flask import g

from core import clock
from core.access import visitor
from market.aftersales.actions import answer_until
from market.aftersales.case_rules import sends_back
from market.aftersales.exchanging import CHOOSING
from market.aftersales.models import Case
from market.aftersales.saying import passed_on
from market.aftersales.states import CASE, OPEN
from market.orders.replacement_ways import is_sent


def may(case: Case) -> frozenset[str]:
    """What the reader can do now."""
    me, roles = visitor().as_one_of(case.buyer_id, case.seller_id) or visitor().account_id, visitor().roles
    found = {"say"} if case.state in OPEN and me in (case.buyer_id, case.seller_id) else set()
    if me == case.answers_id:
        found |= {verb for verb in ("accept", "refuse") if CASE.can(case.state, verb)}
    if me == case.asked_by:
        found |= {"withdraw"} if CASE.can(case.state, "withdraw") else set()
    if me == case.seller_id:
        chooses = case.kind == "exchange" and case.state in CHOOSING and not is_sent(g.db, case.id)
        found |= {"choose"} if chooses else set()
        found |= {"take_back"} if CASE.can(case.state, "take_back") and sends_back(case.kind, case.outcome) else set()
    if me == case.buyer_id:
        back = case.outcome == "return_first" or case.by_giver
        found |= {"sent_back"} if case.state == "accepted" and back else set()
        found |= {"made_good"} if case.state in ("accepted", "back") and case.kind == "repair" else set()
        own_back = case.kind == "exchange" and case.state == "back" and not case.replacement_id
        found |= {"own_back"} if own_back else set()
        takes = case.kind == "exchange" and case.state in CHOOSING and case.replacement_id and not is_sent(g.db, case.id)
        found |= {"take_instead"} if takes else set()
    if case.kind == "undelivered" and case.state in OPEN:
        found |= {"arrived"} if me == case.buyer_id else {"came_back"} if me == case.seller_id else set()
    if me in (case.buyer_id, case.seller_id):
        found |= {verb for verb in ("mediate", "appeal") if CASE.can(case.state, verb)}
    if (
        "mediator" in roles
        and me not in (case.buyer_id, case.seller_id, case.decided_by)
        and case.state in ("mediation", "appealed")
    ):
        found |= {"decide"}
    if passed_on(g.db, case):
        found -= {"take_back", "sent_back"}
    if case.state == "opened" and (me == case.answers_id or clock.now() < answer_until(case)):
        found -= {"mediate"}  # first the other side has its days to answer
    return frozenset(found)
