"""The pages, pressed as a clerk presses them: send, look through, put right, take in; nobody of another shop sees any of it."""

import io

import pytest

from core.jobs import run_due
from core.runner import turn
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.importing import actions
from market.channels.consignment.importing.models import GoodsImport
from tests.import_stories import a_file, a_laptop, a_line


@pytest.fixture
def clockwork(app, session):
    def run():
        session.rollback()
        with app.app_context():
            run_due(session)

    return run


def send(client, intake_id, raw, name="things.csv", **also):
    data = {"once": "k", "came_by": "", "file": (io.BytesIO(raw), name), **also}
    return client.post(f"/intakes/{intake_id}/import", data=data, content_type="multipart/form-data")


def test_from_the_file_to_the_register(session, chen, delivery, clockwork):
    client = chen.client()
    assert "Look through it" in client.get(f"/intakes/{delivery}/import").text
    path = send(client, delivery, a_file(a_line(店内编号="W-7"), a_laptop("PF2XK9A7"), a_line(备忘="x"))).location
    page = client.get(path).text
    assert "波司登羽绒服" in page and "Waits to be wiped" in page and "Take in 3 things" in page and "备忘" in page and "W-7" in page
    assert session.query(StockItem).count() == 0
    assert client.post(f"{path}/take", data={"once": "t", "all_or_nothing": "y"}).location == path
    page = client.get(path).text
    assert "<progress" in page and '<noscript><meta http-equiv="refresh"' in page
    clockwork()
    page = client.get(path).text
    assert "3 of 3 lines were taken in" in page and "<progress" not in page
    numbers = client.get(f"{path}/taken.csv")
    assert numbers.data.startswith(b"\xef\xbb\xbf") and "W-7" in numbers.text and numbers.text.count("RK-") == 3
    assert client.post(f"{path}/take", data={"once": "t", "all_or_nothing": "y"}).status_code == 303
    clockwork()
    session.rollback()
    assert session.query(StockItem).count() == 3
    assert "3 of 3 lines taken in" in client.get(f"/intakes/{delivery}/import").text


def test_what_is_wrong_is_shown_fetched_put_right_and_sent_again(session, chen, delivery, clockwork):
    client = chen.client()
    path = send(client, delivery, a_file(a_line(), a_line(价格="二百", 描述="=1+1"))).location
    page = client.get(path).text
    assert "There is no amount" in page or "amount" in page
    assert 'id="all_or_nothing-error"' in client.post(f"{path}/take", data={"once": "t", "all_or_nothing": "y"}).text
    fetched = client.get(f"{path}/wrong.csv")
    assert fetched.text.count("\r\n") == 2 and "Line 3:" in fetched.text and "'=1+1" in fetched.text
    mended = send(client, delivery, fetched.data.replace("二百".encode(), b"200"), once="k2").location
    page = client.get(mended).text
    assert "Take in 1 things" in page and "aren't read" not in page, "our own column of mistakes is no unknown one"
    assert client.post(f"{path}/take", data={"once": "t2"}).status_code == 303
    clockwork()
    assert "1 of 2 lines were taken in" in client.get(path).text and client.get(f"{path}/wrong.csv").status_code == 200
    assert client.get(f"{mended}/wrong.csv").status_code == 404 and client.get(f"{mended}/taken.csv").status_code == 404


@pytest.mark.parametrize(("raw", "said"), [
    (b"PK\x03\x04", "Save as"), (b"", "Choose the file"), ("名称\n".encode(), "Category"), (a_file(), "nothing below"), (b"\xff\xff,\n", "neither UTF-8"),
])  # fmt: skip
def test_a_file_that_is_none_is_told_at_its_field(chen, delivery, raw, said):
    answer = send(chen.client(), delivery, raw)
    assert answer.status_code == 422 and said in answer.text and 'id="file-error"' in answer.text
    assert send(chen.client(), delivery, a_file(a_line())).status_code == 303


def test_a_form_without_its_number_does_nothing(session, chen, delivery):
    assert send(chen.client(), delivery, a_file(a_line()), once="").status_code == 422
    assert session.query(GoodsImport).count() == 0


def test_a_long_file_is_looked_through_by_the_clockwork(database, session, chen, delivery, app, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    client = chen.client()
    path = send(client, delivery, a_file(a_line(), a_line())).location
    assert "2 lines are being read" in client.get(path).text
    session.rollback()
    with app.app_context():
        turn(database, {})
    assert "Take in 2 things" in client.get(path).text


def test_the_same_file_once_more_is_told(chen, delivery, clockwork):
    client, raw = chen.client(), a_file(a_line())
    path = send(client, delivery, raw).location
    client.post(f"{path}/take", data={"once": "t", "all_or_nothing": "y"})
    clockwork()
    again = send(client, delivery, raw, once="k2").location
    assert "This very file was taken in" in client.get(again).text
    assert client.post(f"{again}/take", data={"once": "t2", "all_or_nothing": "y"}).status_code == 409
    assert client.post(f"{again}/take", data={"once": "t3", "all_or_nothing": "y", "again": "y"}).status_code == 303


def test_nobody_of_another_shop_sees_or_does_any_of_it(people, chen, delivery, shop, anonymous):
    fu, elsewhere = people.person("Fu"), people.organisation("拱墅数码寄卖店")
    people.give_role(fu, "shop_manager", elsewhere)
    path = send(chen.client(), delivery, a_file(a_line(), a_line(价格=""))).location
    pages = (f"/intakes/{delivery}/import", path, f"{path}/wrong.csv", f"/consignment/{shop}/import-template.csv")
    assert [fu.client().get(one).status_code for one in pages] == [403] * 4 and anonymous.get(path).status_code == 303
    assert send(fu.client(), delivery, a_file(a_line())).status_code == 403
    assert [fu.client().post(f"{path}/{one}", data={"once": "x"}).status_code for one in ("take", "give-up")] == [403] * 2
    assert [chen.client().get(one).status_code for one in pages] == [200] * 4
    assert chen.client().post(f"{path}/give-up").status_code == 303


def test_an_import_is_found_under_its_own_visit_only(doing, chen, delivery, visit):
    path = send(chen.client(), delivery, a_file(a_line())).location
    assert chen.client().get(path.replace(delivery, visit)).status_code == 404 and chen.client().get(path).status_code == 200


def test_the_table_to_fill_in_names_only_what_its_categories_ask(chen, shop):
    client, path = chen.client(), f"/consignment/{shop}/import-template.csv"
    phones, books = client.get(f"{path}?category=phone").text, client.get(f"{path}?category=book").text
    assert "Second IMEI" in phones and "IMEI" not in books and client.get(path).text.count("\r\n") > 10
    assert client.get(f"{path}?category=spaceship").status_code == 404
