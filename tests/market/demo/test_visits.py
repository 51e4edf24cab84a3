"""The demonstration's visits: every name in the file is somebody or something there, and nobody's contact is real."""

from core.goods.cards import get_card
from market.channels.consignment.visits import rules
from market.channels.consignment.visits.rules import Thing
from market.demo.cast import read_people
from market.demo.shop_files import read_shops
from market.demo.visits import read_visits


def test_every_desk_stands_at_a_point_and_within_its_hours():
    points = {(shop["org"], point["name"]): point for shop in read_shops() for point in shop["points"]}
    people = {one["key"] for one in read_people()["people"]}
    for row in read_visits()["desks"]:
        hours = points[row["shop"], row["point"]]["hours"]
        assert row["manager"] in people
        assert not any(rules.outside(int(day), text, hours.get(day, "")) for day, text in row["hours"].items()), row["point"]


def test_every_list_fits_and_everybody_is_there():
    told, people = read_visits(), {one["key"] for one in read_people()["people"]}
    for row in told["visits"]:
        assert {row.get("who"), row.get("clerk")} & people
        things = [Thing(**one) for one in row["things"]]
        rules.check_things(things, told["desks"][0]["most_things"], {get_card(one.category).code for one in things})
        assert row.get("called_off", "full") in rules.REASONS and row.get("contact", "1380000").startswith("1380000")
