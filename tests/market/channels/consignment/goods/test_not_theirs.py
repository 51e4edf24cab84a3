"""What nobody may do with a shop's things: another point with its devices, somebody with their own, paper for who has an account."""

import pytest

from core.errors import Forbidden, Refused
from market.channels.consignment.goods import keeping, queries
from market.channels.consignment.models import Consignor
from privacy.devices import letting_go
from privacy.wipes import actions, paper_consent, rules
from privacy.wipes.models import WipeJob
from tests import stock_stories as story

TICKS = dict.fromkeys(rules.TICKS, True)


def test_another_point_opens_no_wipe_of_a_device_that_a_shop_keeps(people, session, doing, chen, visit, shop):
    fu, elsewhere = people.person("Fu"), people.organisation("拱墅数码寄卖店")
    people.give_role(fu, "shop_clerk", elsewhere)
    item_id = story.row(session, story.taken(doing, chen, visit, **story.laptop_of())).item_id
    with pytest.raises(Refused) as no, doing(fu) as w:
        actions.open_job(w, item_id, org_id=elsewhere)
    assert no.value.code == "other_point"
    with doing(chen) as w:
        assert actions.open_job(w, item_id, org_id=shop).org_id == shop


def test_once_the_giver_has_an_account_nobody_agrees_for_them_on_paper(session, doing, chen, ada, visit, shop, file):
    item_id = story.row(session, story.taken(doing, chen, visit, **story.laptop_of())).item_id
    with doing(chen) as w:
        job_id = actions.open_job(w, item_id, org_id=shop).id
    with doing() as w:
        w.session.get_one(Consignor, file).account_id = ada.id
    with pytest.raises(Forbidden), doing(chen) as w:
        paper_consent.consent_on_paper(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=TICKS, slip="Z-1")


def test_who_brought_it_neither_prices_it_nor_gives_it_back_to_themselves(session, doing, mu, chen, visit, coat_stock, file):
    with doing() as w:
        w.session.get_one(Consignor, file).account_id = chen.id
    for act in (
        lambda w: story.pricing.price(w, queries.get_stock(w.session, coat_stock), story.Tag(19_900)),
        lambda w: keeping.give_back(w, queries.get_stock(w.session, coat_stock), keeping.GIVER, True),
    ):
        with pytest.raises(Forbidden), doing(chen) as w:
            act(w)
    story.priced(doing, mu, coat_stock, 19_900)


def test_a_thing_of_the_stock_leaves_by_the_stock_only(session, doing, chen, coat_stock):
    item_id = story.row(session, coat_stock).item_id
    with pytest.raises(Refused) as no, doing(chen) as w:
        letting_go.let_go(w, item_id, what="released_unsealed", reason="unsold")
    assert no.value.code == "give_back"
    with doing(chen) as w:
        keeping.give_back(w, queries.get_stock(w.session, coat_stock), keeping.GIVER, True)
    assert story.row(session, coat_stock).state == "returned"


@pytest.mark.parametrize("asked", ["register?since=0001-01-01", "register?until=9999-12-31", "register.csv?until=9999-12-31"])
def test_days_out_of_time_are_told(chen, shop, mu, asked):
    assert chen.client().get(f"/consignment/{shop}/{asked}").status_code == 422


def test_a_page_number_without_end_is_a_page(chen, shop, mu):
    assert chen.client().get(f"/consignment/{shop}/stock?page={'9' * 5000}").status_code == 200
