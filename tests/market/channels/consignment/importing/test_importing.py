"""Chen takes things in from a file: looked through line by line, taken in whole or not at all, never half and never twice."""

import pytest
from sqlalchemy import func, select

from core.audit import AuditLine
from core.errors import Forbidden, Invalid, Refused
from core.goods.custody import history
from core.goods.models import Item
from core.goods.pictures import store
from core.jobs import run_due
from market.channels.consignment.goods.models import Intake, StockItem, StockLine
from market.channels.consignment.goods.opening import close
from market.channels.consignment.importing import actions, queries, retention, running
from market.channels.consignment.importing.actions import BadTable, Sent
from market.channels.consignment.importing.keeping import KIND, report_of
from market.channels.consignment.importing.models import GoodsImport
from tests import import_stories as story
from tests import stock_stories as stocking
from tests.import_stories import a_file, a_laptop, a_line


@pytest.fixture(autouse=True)
def inside(app):
    """The clockwork runs inside the program."""
    with app.app_context():
        yield


def things(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Item)), session.scalar(select(func.count()).select_from(StockItem))


def wrong(session, import_id):
    """(line, column, code) of everything that is wrong."""
    return [(one.line, one.column, one.code) for one in report_of(story.row(session, import_id)).wrong]


def test_a_file_becomes_things_in_the_register_with_all_that_one_by_one_would_write(session, doing, chen, delivery, shop):
    single = stocking.taken(doing, chen, delivery)
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line(店内编号="W-7"), a_laptop("PF2XK9A7")))
    assert things(session) == (1, 1), "only the one that was taken in by hand: looking through takes nothing in"
    done = story.taken(doing, session, chen, import_id)
    assert (done.state, done.taken, done.lines, done.fit) == ("taken", 2, 2, 2)
    coat, laptop = [stock for _line, stock in queries.things(session, import_id)]
    assert (coat.state, laptop.state) == ("in_stock", "waiting"), "what can hold data waits to be wiped"
    one = session.get_one(StockItem, single)
    same = ("org_id", "kind", "category", "condition", "wanted_minor", "reserve_minor", "came_by", "used", "taken_by", "state", "title")
    assert [getattr(coat, name) for name in same] == [getattr(one, name) for name in same]
    assert [int(stock.number.split("-")[2]) for stock in (one, coat, laptop)] == [1, 2, 3]
    assert queries.own_number(session, coat.id) == "W-7" and queries.own_number(session, laptop.id) == ""
    by_hand, by_file = [[(line.holder_kind, line.holder_id, line.place, line.why, line.epoch) for line in history(session, stock.item_id)]
                        for stock in (one, coat)]  # fmt: skip
    assert by_hand == by_file and by_file[-1][:3] == ("org", shop, "counter")
    told = [[line.word for line in session.scalars(select(AuditLine).where(AuditLine.subject.in_([stock.id, stock.item_id])).order_by(AuditLine.line_no))]
            for stock in (one, coat)]  # fmt: skip
    assert sorted(told[0]) == sorted(told[1]) and "market:stock:taken_in" in told[1]
    steps = [[(line.what, sorted(line.facts), line.by) for line in session.scalars(select(StockLine).where(StockLine.stock_id == stock.id))] for stock in (one, coat)]
    assert steps[0] == steps[1]
    item = session.get_one(Item, laptop.item_id)
    assert (item.data_bearing, item.brand, item.owner_id, [number.masked for number in item.identifiers]) == (True, "Lenovo", shop, ["PF2X****"])


def test_one_wrong_line_keeps_all_out_and_is_told_with_its_column(session, doing, chen, delivery):
    raw = a_file(a_line(), a_line(价格="二百"), a_line(成色="还行", 类型=""))
    import_id = story.sent(doing, session, chen, delivery, raw)
    assert wrong(session, import_id) == [
        (3, "price", "amount_unreadable"), (4, "condition", "condition_unknown"), (4, "clothing.a_kind", "attribute_missing"),
    ]  # fmt: skip
    with pytest.raises(Refused) as no:
        story.ordered(doing, chen, import_id)
    assert (no.value.code, no.value.field) == ("lines_wrong", "all_or_nothing")
    assert things(session) == (0, 0)
    twin = story.sent(doing, session, chen, delivery, a_file(a_line(), a_line(), a_line()))
    assert story.taken(doing, session, chen, twin).taken == 3


def test_the_right_ones_alone_are_taken_in_when_the_clerk_says_so_and_the_others_can_be_fetched(session, doing, chen, delivery):
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line(), a_line(价格=""), a_line(名称="围巾")))
    done = story.taken(doing, session, chen, import_id, all_or_nothing=False)
    assert (done.state, done.taken, done.lines, done.file) == ("taken", 2, 3, "")
    assert [line.line for line, _stock in queries.things(session, import_id)] == [2, 4]
    assert list(report_of(done).cells) == ["3"] and done.erase_at is not None


def test_sent_twice_or_ordered_twice_it_is_taken_in_once(session, doing, chen, delivery):
    raw = a_file(a_line())
    first = story.sent(doing, session, chen, delivery, raw, once="k1")
    assert story.sent(doing, session, chen, delivery, raw, once="k1") == first
    for _ in range(2):
        story.ordered(doing, chen, first, once="k2")
    session.rollback()
    run_due(session)
    running.take(session, first)
    assert things(session) == (1, 1)
    with pytest.raises(Refused):
        story.ordered(doing, chen, first, once="k3")


def test_the_same_file_again_is_told_and_taken_in_only_when_said_so(session, doing, chen, delivery):
    raw = a_file(a_line())
    story.taken(doing, session, chen, story.sent(doing, session, chen, delivery, raw))
    again = story.sent(doing, session, chen, delivery, raw)
    with pytest.raises(Refused) as no:
        story.ordered(doing, chen, again)
    assert (no.value.code, no.value.field) == ("taken_before", "again")
    assert story.taken(doing, session, chen, again, again=True).taken == 1
    other = story.sent(doing, session, chen, delivery, a_file(a_line(名称="另一件")))
    assert story.taken(doing, session, chen, other).taken == 1


def test_a_number_twice_in_the_file_or_live_on_something_else_is_told_beforehand(session, doing, chen, delivery):
    stocking.taken(doing, chen, delivery, **{**stocking.laptop_of(), "media": ()})
    raw = a_file(a_laptop("PF2XK9A7"), a_laptop("ABCD-7701"), a_laptop("abcd7701"), a_laptop("ABCD7702"))
    import_id = story.sent(doing, session, chen, delivery, raw)
    assert wrong(session, import_id) == [(2, "serial", "serial_taken"), (3, "serial", "number_twice"), (4, "serial", "number_twice")]
    assert story.taken(doing, session, chen, import_id, all_or_nothing=False).taken == 1


def test_what_changed_between_looking_and_taking_stops_all_of_it(session, doing, chen, delivery):
    raw = a_file(a_line(), a_laptop("ABCD7701"))
    import_id = story.sent(doing, session, chen, delivery, raw)
    told = {**stocking.laptop_of(), "media": (), "identifiers": {"serial": ["ABCD7701"]}}
    stocking.taken(doing, chen, delivery, **told)
    before = things(session)
    stopped = story.taken(doing, session, chen, import_id)
    assert (stopped.state, stopped.fault) == ("reading", "lines_changed") and things(session) == before
    run_due(session)
    stopped = story.row(session, import_id)
    assert (stopped.state, stopped.fit) == ("ready", 1) and wrong(session, import_id) == [(3, "serial", "serial_taken")]
    assert story.taken(doing, session, chen, import_id, all_or_nothing=False).taken == 1


def test_a_fault_in_the_midst_leaves_nothing_behind(session, doing, chen, delivery, monkeypatch):
    import_id = story.sent(doing, session, chen, delivery, a_file(*(a_line(名称=f"大衣 {n}") for n in range(3))))
    monkeypatch.setattr("core.goods.intake_many.A_CHUNK", 1)
    real = running.walk

    def broken(*args, **also):
        raise RuntimeError("the power went off")

    monkeypatch.setattr(running, "walk", broken)
    assert story.taken(doing, session, chen, import_id).state == "taking"
    assert things(session) == (0, 0) and session.scalar(select(func.count()).select_from(StockLine)) == 0
    monkeypatch.setattr(running, "walk", real)
    running.take(session, import_id)
    assert story.row(session, import_id).state == "taken" and things(session) == (3, 3)


def test_nothing_comes_into_a_visit_that_is_closed(session, doing, chen, delivery):
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line()))
    stocking.taken(doing, chen, delivery)
    story.ordered(doing, chen, import_id)
    with doing(chen) as w:
        close(w, w.session.get_one(Intake, delivery))
    session.rollback()
    run_due(session)
    stopped = story.row(session, import_id)
    assert (stopped.state, stopped.fault) == ("reading", "intake_closed") and things(session) == (1, 1)
    with pytest.raises(Refused) as no:
        story.sent(doing, session, chen, delivery, a_file(a_line()))
    assert no.value.code == "intake_closed"


def test_consigned_goods_come_in_under_the_visits_agreement(session, doing, chen, visit, file):
    import_id = story.sent(doing, session, chen, visit, a_file(a_line(), a_line(底价="200")))
    assert wrong(session, import_id) == [(3, "reserve", "reserve_range")]
    story.taken(doing, session, chen, import_id, all_or_nothing=False)
    (_line, stock), = queries.things(session, import_id)
    assert (stock.kind, stock.consignor_id, stock.intake_id) == ("consigned", file, visit)


def test_banned_goods_and_what_the_shop_has_no_permit_for_are_told(session, doing, chen, delivery):
    book = {"类别": "图书", "类型": "", "尺码": "", "品牌": ""}
    raw = a_file(a_line(名称="管制刀具 弹簧刀"), a_line(**book, 名称="活着"), a_line())
    import_id = story.sent(doing, session, chen, delivery, raw)
    assert wrong(session, import_id) == [(2, "title", "banned_goods"), (3, "category", "permit_missing")]


def test_a_number_on_a_list_freezes_the_thing_at_once(session, doing, chen, delivery):
    from appraisal.identity import lists
    from core import clock

    with doing() as w:
        lists.load(w, b"number\nABCD7701\n", kind="stolen", source="Police", day=clock.local(clock.now()).date().isoformat())
    import_id = story.sent(doing, session, chen, delivery, a_file(a_laptop("ABCD7701"), a_laptop("ABCD7702")))
    story.taken(doing, session, chen, import_id)
    assert [stock.state for _line, stock in queries.things(session, import_id)] == ["frozen", "waiting"]


def test_a_shelf_is_named_by_its_code(session, doing, chen, delivery):
    place = story.shelf(session, session.get_one(Intake, delivery))
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line(货位="ａ-1"), a_line(货位="Z-9")))
    assert wrong(session, import_id) == [(3, "place", "place_unknown")]
    assert report_of(story.row(session, import_id)).first[0].place == "A-1"
    story.taken(doing, session, chen, import_id, all_or_nothing=False)
    assert [stock.place_id for _line, stock in queries.things(session, import_id)] == [place]


def test_how_they_were_come_by_can_be_said_once_for_all_lines(session, doing, chen, delivery):
    lines = [a_line(来历=""), a_line(来历="赠送")]
    with pytest.raises(Invalid) as no:
        actions.checked_lines(Sent(raw=a_file(*lines), came_by="other"))
    assert no.value.field == "came_by"
    import_id = story.sent(doing, session, chen, delivery, a_file(*lines), came_by="traded")
    story.taken(doing, session, chen, import_id)
    assert [stock.came_by for _line, stock in queries.things(session, import_id)] == ["traded", "gift"]
    without = story.sent(doing, session, chen, delivery, a_file(*lines))
    assert wrong(session, without) == [(2, "came_by", "came_by_missing")]


def test_only_people_of_the_shop_send_and_take(session, doing, people, chen, delivery):
    stranger = people.person("Fu")
    with pytest.raises(Forbidden):
        story.sent(doing, session, stranger, delivery, a_file(a_line()))
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line()))
    with pytest.raises(Forbidden):
        story.ordered(doing, stranger, import_id)
    assert story.taken(doing, session, chen, import_id).taken == 1


def test_who_ordered_it_has_to_work_there_when_it_is_done(session, doing, people, chen, delivery, shop):
    from core.people.models import Membership

    import_id = story.sent(doing, session, chen, delivery, a_file(a_line()))
    story.ordered(doing, chen, import_id)
    with doing() as w:
        w.session.query(Membership).filter_by(account_id=chen.id).update({"ended_at": w.now})
    run_due(session)
    assert story.row(session, import_id).fault == "role_missing" and things(session) == (0, 0)


def files_kept(session):
    session.rollback()
    run_due(session)
    return list(store().digests(KIND))


def test_the_file_is_kept_encrypted_and_erased_with_the_import(session, doing, chen, delivery):
    import_id = story.sent(doing, session, chen, delivery, a_file(a_laptop("ABCD7701")))
    kept = files_kept(session)
    assert len(kept) == 2 and not any(b"ABCD7701" in store().get(one) for one in kept)
    story.taken(doing, session, chen, import_id)
    assert files_kept(session) == []


def test_a_file_that_nobody_took_in_is_erased_after_seven_days(session, doing, chen, delivery, monkeypatch):
    from core import clock
    from core.work import SYSTEM, work

    waits = story.sent(doing, session, chen, delivery, a_file(a_line()))
    part = story.sent(doing, session, chen, delivery, a_file(a_line(), a_line(价格="")))
    story.taken(doing, session, chen, part, all_or_nothing=False)
    sent_at = clock.now()
    for days, left in ((6.9, 3), (7.1, 0)):
        monkeypatch.setattr(clock, "now", lambda days=days: sent_at + days * actions.KEPT / 7)
        with work(session, SYSTEM, clock.now()) as w:
            retention.sweep(w)
        assert len(files_kept(session)) == left
    assert [story.row(session, one).state for one in (waits, part)] == ["given_up", "taken"]
    assert {row.erase_at for row in session.query(GoodsImport)} == {None}


def test_given_up_it_is_erased_and_nothing_is_taken_in(session, doing, chen, delivery):
    import_id = story.sent(doing, session, chen, delivery, a_file(a_line()))
    with doing(chen) as w:
        actions.give_up(w, queries.get_import(w.session, import_id))
    assert files_kept(session) == [] and things(session) == (0, 0)
    with pytest.raises(Refused):
        story.ordered(doing, chen, import_id)


@pytest.mark.parametrize(("raw", "said"), [
    (b"PK\x03\x04\x14\x00rest", "spreadsheet"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "spreadsheet"), (b"", "empty"),
    ("类别,名称\n".encode() + b"a\0b,c\n", "NUL"), ("名称,成色\n".encode(), "column"), ("类别,名称,品名,成色,价格,来历\n图书,a,b,c,d,e\n".encode(), "twice"),
    (a_file(), "nothing below"), (a_file(a_line()) + b'"x"y,\n', "no line of a CSV"), (b"a" * 10_000_001, "larger"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_words(raw, said):
    with pytest.raises(BadTable) as no:
        actions.checked_lines(Sent(raw=raw))
    assert said in no.value.sentence and no.value.field == "file"
    assert actions.checked_lines(Sent(raw=a_file(a_line()))) == 1
