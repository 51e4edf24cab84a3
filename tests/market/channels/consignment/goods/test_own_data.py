"""What a giver can take along about their things, and how long their words stay in the shop's register."""

from datetime import timedelta

from core import clock
from core.work import Actor, work
from market.channels.consignment.goods import keeping, own_data, queries
from tests import stock_stories as story


def given_back(doing, chen, stock_id):
    with doing(chen) as w:
        keeping.give_back(w, queries.get_stock(w.session, stock_id), keeping.GIVER, True)


def swept(session, days):
    with work(session, Actor("system:test"), clock.now() + timedelta(days=days)) as w:
        own_data.sweep(w)


def test_a_giver_takes_along_what_the_shop_knows_of_their_things_and_nobody_elses(session, doing, ada, alice, chen, adas_visit, visit):
    story.taken(doing, chen, adas_visit, came_by="other", came_words="奶奶留下的")
    story.taken(doing, chen, visit)
    (one,) = own_data.personal_data(session, ada.id)["consigned_things"]
    assert one["came_words"] == "奶奶留下的" and one["wanted_minor"] == 19_900
    assert own_data.personal_data(session, alice.id) == {"consigned_things": []}


def test_the_givers_words_go_when_their_time_is_over_and_the_line_stays(session, doing, chen, visit):
    gone, here = (story.taken(doing, chen, visit, came_words="集市上买的", proof="收据 12") for _ in range(2))
    given_back(doing, chen, gone)
    swept(session, 1_000)
    assert story.row(session, gone).came_words == "集市上买的", "not before three years"
    swept(session, 1_200)
    one = story.row(session, gone)
    assert (one.came_words, one.proof, one.came_by) == ("", "", "bought")
    assert story.row(session, here).came_words == "集市上买的", "what the shop still keeps stays as it was said"
