"""A manager's menu is that of the place: who manages a school or a flea market has no bench, no counter, no stations."""

import pytest

BENCH = ["/wipes", "/sampling", "/stations", "/orders/hand-out"]


def menu(client):
    return [path for path in BENCH if f'href="{path}"' in client.get("/me").text]


@pytest.mark.parametrize(("kind", "has"), [
    ("shop", True), ("agency", True), ("community", True), ("school", False), ("organiser", False), ("association", False), ("regulator", False),
])  # fmt: skip
def test_a_manager_sees_the_bench_where_there_may_be_one(people, kind, has):
    ye = people.person("Ye")
    org = people.organisation("文一街小学", kind)
    people.give_role(ye, "shop_manager", org)
    client = ye.client()
    assert menu(client) == (BENCH if has else [])
    assert [client.get(path).status_code for path in BENCH] == ([200, 200, 303, 200] if has else [403] * 4), "one's own point is opened at once"
    assert client.get(f"/organisations/{org}").status_code == 200, "and manages the place all the same"


def test_both_places_count(people, shop):
    luo = people.person("Luo")
    people.give_role(luo, "shop_manager", people.organisation("城北跳蚤市场", "organiser"))
    people.give_role(luo, "shop_manager", shop)
    assert menu(luo.client()) == BENCH
