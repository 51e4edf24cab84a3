"""A drawn device waits for a third person with another tool; data found takes the certificate and opens the whole batch."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids
from core.access import SecondFactorNeeded
from core.db import stamp
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.people.models import Notice
from market.listings import actions as listings
from market.listings.models import Listing
from market.listings.proof import permit_for
from market.orders.models import Order
from privacy.clearance import moving, verifying
from privacy.clearance.models import Clearance
from privacy.clearance.queries import certificate_of, find_valid
from privacy.clearance.verifying import Keeping
from privacy.sampling import figures, queries
from privacy.sampling.models import RecoveryTry, SampleCheck
from tests import market_stories, stories
from tests.market.listings.conftest import photo
from tests.privacy.sampling.conftest import moved, report_of
from tests.privacy.sampling.test_draw import declare


def states(session, model, **where):
    session.rollback()
    query = select(model)
    for name, value in where.items():
        query = query.where(getattr(model, name) == value)
    return [row.state for row in session.scalars(query.order_by(model.id))]


def listed(doing, one, owner):
    return market_stories.listed(doing, one.item_id, owner, title="联想 ThinkPad X1", price=280000)


# --- what waits -----------------------------------------------------------------------------------------------------------


def test_it_may_be_listed_but_not_reserved(doing, session, alice, bob, sun, drawn, tries):
    listing = listed(doing, drawn, alice)
    with pytest.raises(Refused, match="being_checked"):
        market_stories.reserved(doing, listing, bob)
    assert tries(sun, drawn) == "clean"
    assert market_stories.reserved(doing, listing, bob)


def test_reserved_in_the_second_before_the_draw_it_isnt_handed_over(
    doing, session, alice, bob, sun, clears, clockwork, certain, tries
):
    certain(True)
    one = clears(0)
    listing = listed(doing, one, alice)
    order = market_stories.ordered(doing, listing, bob)
    clockwork()
    market_stories.checked(doing, order, bob, tail="AW00")
    with pytest.raises(Refused, match="being_checked"):
        market_stories.sold(doing, order, alice)
    assert states(session, Order) == ["paid"], "the price is settled, the device stays where it is"
    assert states(session, Clearance) == ["valid"]
    tries(sun, one)
    market_stories.sold(doing, order, alice)
    assert states(session, Clearance) == ["delivered"]


def test_it_isnt_sealed_before_and_is_after(app, doing, session, wang, sun, shop, drawn, tries):
    def seal():
        with doing(wang) as w:
            clearance = find_valid(w.session, drawn.item_id)
            verifying.seal(w, stories.bench(app), clearance, Keeping(kept="sealed_bag", seal_number="B-7", photo=photo()))

    with pytest.raises(Refused, match="being_checked"):
        seal()
    tries(sun, drawn)
    moved(doing, drawn.item_id, shop)
    seal()


def test_its_owner_takes_it_home_unsealed_and_nothing_rests_on_it(doing, session, wang, sun, drawn, tries):
    """Nobody keeps what isn't theirs: but the clearance ends with it, and the figures say that it left."""
    with doing(wang) as w:
        moving.hand_back(w, drawn.item_id)
    assert states(session, Clearance) == ["custody_raised"] and states(session, SampleCheck) == ["open"]
    assert queries.check_on(session, drawn.item_id) is None
    (tally,) = figures.tallies(session)
    assert (tally.drawn, tally.tried, tally.open, tally.left) == (1, 0, 0, 1)
    session.rollback()
    with pytest.raises(Refused, match="out_of_reach"):
        tries(sun, drawn)


def test_what_isnt_drawn_goes_its_way(doing, session, alice, bob, clears, clockwork, certain):
    certain(False)
    one = clears(0)
    clockwork()
    order = market_stories.ordered(doing, listed(doing, one, alice), bob)
    market_stories.checked(doing, order, bob, tail="AW00")
    market_stories.sold(doing, order, alice)
    assert states(session, Order) == ["completed"] and states(session, SampleCheck) == []


def sell(doing, session, one, owner, buyer):
    """The custody line of a sale, by whatever door it comes."""
    with doing(owner) as w:
        item = w.session.get_one(Item, one.item_id)
        custody.move(w, item, holder_kind="person", holder_id=buyer.id, place="buyer", why="sold")
    session.rollback()


def test_nothing_is_sold_or_sealed_before_the_draw_has_decided(
    app, doing, session, database, alice, bob, wang, clears, clockwork, certain
):
    """Sold within the second in which nobody knows whether it is drawn."""
    certain(False)
    one = clears(0)
    with pytest.raises(Refused, match="not_drawn_yet"):
        sell(doing, session, one, alice, bob)
    with pytest.raises(Refused, match="not_drawn_yet"), doing(wang) as w:
        keeping = Keeping(kept="sealed_bag", seal_number="B-7", photo=photo())
        verifying.seal(w, stories.bench(app), find_valid(w.session, one.item_id), keeping)
    for change in ("state = 'delivered', ended_at = issued_at", "kept = 'sealed_bag', seal_number = 'B1'"):
        with pytest.raises(DBAPIError, match="before the draw"), doing() as w:
            w.session.execute(text(f"UPDATE clearances SET {change}"))
    assert states(session, Clearance) == ["valid"]
    clockwork()
    sell(doing, session, one, alice, bob)
    assert states(session, Clearance) == ["delivered"]


def test_with_a_log_that_stands_still_nothing_is_sold(doing, session, alice, bob, clears, clockwork, certain, monkeypatch):
    """Whoever breaks the public log stops the draw, and with it every sale: silence is no pass."""
    from privacy.clearance.log import sequencing

    certain(False)
    one, load = clears(0), sequencing.load

    def broken(session):
        raise sequencing.LogBroken("a stored node is missing")

    monkeypatch.setattr(sequencing, "load", broken)
    with pytest.raises(sequencing.LogBroken):
        clockwork()
    session.rollback()
    with pytest.raises(Refused, match="not_drawn_yet"):
        sell(doing, session, one, alice, bob)
    monkeypatch.setattr(sequencing, "load", load)
    clockwork()
    sell(doing, session, one, alice, bob)


def test_the_guard_knows_since_when_the_house_draws():
    from privacy.sampling.models import URN_SINCE
    from privacy.sampling.settings import shares

    assert stamp(shares().since) == URN_SINCE, "another day asks for another guard, and so for a migration"


# --- who and how ----------------------------------------------------------------------------------------------------------


def test_neither_wiped_verified_nor_owns_it(doing, people, drawn, tries, alice, wang, zhao, sun, shop, point):
    for person, why in ((wang, "checker_wiped"), (zhao, "checker_verified"), (alice, "checker_owns")):
        people.give_role(person, "wipe_verifier", point)
        with pytest.raises(Forbidden, match=why):
            tries(person, drawn)


def test_of_another_organisation_where_the_pair_is_of_one(doing, people, shop, drawn, tries, sun):
    colleague = people.person("Qian")
    people.give_role(colleague, "wipe_verifier", shop)
    with pytest.raises(Forbidden, match="checker_colleague"):
        tries(colleague, drawn)
    people.give_role(sun, "appraiser", shop)
    with pytest.raises(Forbidden, match="checker_colleague"):
        tries(sun, drawn)


def test_a_colleague_may_where_the_pair_isnt_close(people, shop, point, clears, clockwork, certain, tries, sun):
    certain(True)
    wu, qian = people.person("Wu"), people.person("Qian")
    people.give_role(wu, "wipe_verifier", people.organisation("余杭验证点", "agency"))
    people.give_role(qian, "wipe_verifier", shop)
    one = clears(0, verifier=wu)
    clockwork()
    assert tries(qian, one) == "clean"


def test_not_by_family_of_one_of_them(doing, session, people, drawn, tries, wang, sun):
    relation = declare(doing, session, wang, sun)
    with pytest.raises(Forbidden, match="checker_family"):
        tries(sun, drawn)
    assert wang.client().post(f"/me/relations/{relation}/end").status_code == 303
    for days in (0, 89):
        with clock.stopped_at(clock.now() + timedelta(days=days)), pytest.raises(Forbidden, match="checker_family"):
            tries(sun, drawn)
    with clock.stopped_at(clock.now() + timedelta(days=91)):
        assert tries(sun, drawn) == "clean", "ended long ago"


def test_the_role_and_a_fresh_second_factor(people, drawn, tries, bob, sun):
    with pytest.raises(Forbidden, match="role_missing"):
        tries(bob, drawn)
    for ago in (timedelta(minutes=11), timedelta(minutes=-1)):
        with pytest.raises(SecondFactorNeeded):
            tries(sun, drawn, ago=ago)
    assert tries(sun, drawn, ago=timedelta(minutes=9)) == "clean"


@pytest.mark.parametrize("tool", ["nwipe", "nwipe 0.37", "NWIPE", "ShredOS", "n-wipe", "nwipe-pdf 1", "nwipe plus"])
def test_the_same_tool_is_no_second_look(drawn, tries, sun, tool):
    with pytest.raises(Invalid, match="same_tool") as no:
        tries(sun, drawn, tool=tool)
    assert no.value.field == "tool"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"result": "perhaps"}, "result"),
        ({"tool": " "}, "tool"),
        ({"version": ""}, "version"),
        ({"searched": []}, "searched"),
        ({"searched": ["moon"]}, "searched"),
        ({"report": b""}, "report"),
        ({"report": b"x"}, "report"),
        ({"report": b"PhotoRec 7.2 of a disk of somebody else, S/N:WD-000000000"}, "report"),
        ({"photos": []}, "photos"),
        ({"result": "found", "report": b""}, "report"),
        ({"result": "not_done"}, "why"),
        ({"result": "not_done", "why": "tired"}, "why"),
    ],
)
def test_what_was_done_is_told(session, drawn, tries, sun, said, field):
    with pytest.raises(Invalid) as no:
        tries(sun, drawn, **said)
    assert no.value.field == field and states(session, SampleCheck) == ["open"]


def test_what_could_not_be_done_is_no_pass(doing, session, drawn, tries, sun, alice, bob):
    assert tries(sun, drawn, result="not_done", why="no_tool", report=b"") == "open"
    listing = listed(doing, drawn, alice)
    with pytest.raises(Refused, match="being_checked"):
        market_stories.reserved(doing, listing, bob)
    assert tries(sun, drawn) == "clean", "somebody with the right tool tries again"
    (tally,) = figures.tallies(session)
    assert (tally.tried, tally.found, tally.not_done) == (1, 0, 1)


def test_who_tries_has_it_in_hand(doing, session, sun, wang, point, drawn, tries, check_of):
    """Wei of another shop clears the check of a device that stands where it stood, from the armchair."""
    with pytest.raises(Refused, match="device_elsewhere"):
        tries(sun, drawn, brought=False)
    assert states(session, SampleCheck) == ["open"]
    page = sun.client().get(f"/sampling/checks/{check_of(drawn).id}").text
    assert "here by the record" in page and ids.grouped(check_of(drawn).code) in page
    assert tries(sun, drawn, brought=False, result="not_done", why="no_access", report=b"") == "open", "that can be said from anywhere"
    assert wang.client().post(f"/items/{drawn.item_id}/custody", data={"place": "counter", "org": point}).status_code == 303
    assert tries(sun, drawn, brought=False) == "clean"


def test_a_photo_of_another_try_is_none(session, clears, clockwork, certain, tries, sun):
    certain(True)
    first, second = clears(0), clears(1)
    clockwork()
    same = [stories.picture()]
    tries(sun, first, photos=same)
    with pytest.raises(Invalid, match="photo_used"):
        tries(sun, second, photos=same)
    assert tries(sun, second) == "clean"


def test_nor_by_raw_sql_from_afar(doing, put, honest, shop, drawn):
    moved(doing, drawn.item_id, shop)
    with pytest.raises(DBAPIError, match="where the device is"):
        put(honest)
    put({**honest, "result": "not_done", "why": "no_access", "digest": None, "size": 0, "tool_key": "", "photos": "[]"})


def test_one_report_for_one_try(session, people, clears, clockwork, certain, tries, sun):
    certain(True)
    first, second = clears(0), clears(1)
    clockwork()
    same = report_of(session, first.item_id) + report_of(session, second.item_id)
    tries(sun, first, report=same)
    with pytest.raises(Invalid, match="report_used"):
        tries(sun, second, report=same)
    assert tries(sun, second) == "clean"


def test_tried_once(drawn, tries, sun):
    tries(sun, drawn)
    with pytest.raises(Refused, match="not_in_this_state"):
        tries(sun, drawn)


# --- the sealed bag -------------------------------------------------------------------------------------------------------


def test_a_bag_comes_back_is_opened_and_sealed_anew(app, doing, session, alice, wang, zhao, sun, shop, clockwork, certain, tries):
    from tests.privacy.sampling.conftest import Cleared

    certain(True)
    item_id = stories.laptop(doing, alice, disks=stories.disks()[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop)
    stories.signed(app, doing, job_id)
    from privacy.wipes import rules
    from privacy.wipes.models import WipeJob

    with doing(zhao) as w:
        keeping = Keeping(kept="sealed_bag", seal_number="B-0001", photo=photo())
        number = verifying.accept(
            w,
            stories.bench(app),
            w.session.get_one(WipeJob, job_id),
            checks=list(rules.CHECKS),
            counted=1,
            keeping=keeping,
            signed_in_at=w.now,
            look=stories.look(w, w.session.get_one(WipeJob, job_id)),
        ).number
    one = Cleared(item_id, job_id, number)
    clockwork()
    with pytest.raises(Refused, match="bring_it_first"):
        tries(sun, one)
    with doing(wang) as w:
        moving.hand_on(w, item_id, place="counter", org_id=shop)
    with pytest.raises(Refused, match="device_elsewhere"):
        tries(sun, one, brought=False)
    with pytest.raises(DBAPIError, match="another seal"), doing() as w:
        w.session.execute(text("UPDATE clearances SET kept = 'at_point', seal_number = ''"))
    assert tries(sun, one, result="not_done", why="no_tool", report=b"") == "open"
    session.rollback()
    assert find_valid(session, item_id).seal_number == "B-0001", "not opened for that"
    assert tries(sun, one) == "clean"
    session.rollback()
    clearance = find_valid(session, item_id)
    assert (clearance.state, clearance.kept, clearance.seal_number) == ("valid", "at_point", "")
    assert session.scalars(select(RecoveryTry.opened_bag).where(RecoveryTry.result == "nothing")).one() == "B-0001"
    session.rollback()
    moved(doing, item_id, shop)
    with doing(wang) as w:
        keeping = Keeping(kept="sealed_bag", seal_number="B-0002", photo=photo())
        verifying.seal(w, stories.bench(app), find_valid(w.session, item_id), keeping)
    with pytest.raises(DBAPIError, match="another seal"), doing() as w:
        w.session.execute(text("UPDATE clearances SET kept = 'at_point', seal_number = ''"))


# --- data found -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def day(doing, session, people, alice, wang, clears, clockwork, certain, drawn):
    """One drawn laptop; two others of the same operator, tool and day; a twin of another day, one of another operator."""
    certain(False)
    same = [clears(1), clears(2)]
    feng = people.person("Feng")
    people.give_role(feng, "wipe_operator", people.organisation("拱墅旧货行"))
    from core.people.models import Membership

    org = session.scalars(select(Membership.org_id).where(Membership.account_id == feng.id)).one()
    session.rollback()
    hers = clears(3, operator=feng, org=org)
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        later = clears(4)
        clockwork()
    return same, hers, later


def test_found_revokes_and_opens_the_batch(doing, session, alice, bob, wang, sun, drawn, day, tries, check_of):
    same, hers, later = day
    on_sale, reserved = (listed(doing, one, alice) for one in same)
    other_day = listed(doing, later, alice)
    order = market_stories.reserved(doing, reserved, bob)
    mine = listed(doing, drawn, alice)
    assert tries(sun, drawn, result="found") == "found"
    assert certificate_of(session, drawn.item_id).state == "revoked" and states(session, Clearance, item_id=drawn.item_id) == [
        "revoked"
    ]
    assert market_stories.state_of(session, mine) == "waiting_wipe"
    for one in same:
        check = check_of(one)
        assert (check.state, check.why, check.mandatory, check.elsewhere) == ("open", "batch", True, True)
        assert states(session, Clearance, item_id=one.item_id) == ["valid"], "what is proven stands meanwhile"
    assert check_of(later) is None and check_of(hers) is None, "another day, another operator"
    assert [market_stories.state_of(session, one) for one in (on_sale, reserved, other_day)] == ["paused", "paused", "published"]
    assert session.get_one(Order, order).state == "cancelled"
    told = session.scalars(select(Notice.sentence).where(Notice.account_id == wang.id)).all()
    assert any("Every wipe you made that day" in one for one in told)


def test_off_sale_until_checked_then_on_again(doing, session, database, alice, sun, drawn, day, tries):
    same, _hers, later = day
    listing = listed(doing, same[0], alice)
    tries(sun, drawn, result="found")

    def publish(listing_id):
        with doing(alice) as w:
            row = w.session.get_one(Listing, listing_id)
            listings.publish(w, row, permit_for(w.session, row.item_id))

    with pytest.raises(Refused, match="being_checked"):
        publish(listing)
    with pytest.raises(DBAPIError, match="off sale"), doing() as w:
        w.session.execute(text("UPDATE listings SET state = 'published' WHERE id = :id"), {"id": listing})
    assert tries(sun, same[0]) == "clean"
    publish(listing)
    assert market_stories.state_of(session, listing) == "published"
    publish_twin = listed(doing, later, alice)
    assert market_stories.state_of(session, publish_twin) == "published", "another day was never in question"


def test_a_batch_that_was_tried_already_isnt_tried_twice(session, clears, clockwork, certain, drawn, tries, sun, check_of):
    certain(True)
    tried, open_one = clears(1), clears(2)
    clockwork()
    tries(sun, tried)
    tries(sun, drawn, result="found")
    assert (check_of(tried).state, check_of(tried).why) == ("clean", "drawn")
    assert (check_of(open_one).state, check_of(open_one).why, check_of(open_one).mandatory) == ("open", "drawn", True)


def test_what_is_accepted_later_that_day_is_checked_too(clears, clockwork, certain, drawn, tries, sun, check_of):
    certain(False)
    tries(sun, drawn, result="found")
    late = clears(1)
    clockwork()
    assert (check_of(late).why, check_of(late).mandatory) == ("batch", True)


def test_what_is_sold_of_a_batch_is_asked_back(doing, session, alice, bob, sun, point, drawn, day, tries, check_of):
    same, _hers, _later = day
    order = market_stories.ordered(doing, listed(doing, same[0], alice), bob)
    market_stories.checked(doing, order, bob, tail="AW01")
    market_stories.sold(doing, order, alice)
    tries(sun, drawn, result="found")
    told = session.scalars(select(Notice).where(Notice.account_id == bob.id)).all()
    assert any("Bring it to a point" in one.sentence and one.link.startswith("/certificates/") for one in told)
    session.rollback()
    with pytest.raises(Refused, match="bring_it_first"):
        tries(sun, same[0], result="found")
    path = f"/sampling/checks/{check_of(same[0]).id}"
    assert "Its new owner has brought it" in sun.client().get(path).text
    assert sun.client().post(f"{path}/take-in", data={"org": point}).status_code == 303
    assert tries(sun, same[0], result="found") == "found", "its new owner brought it"
    assert certificate_of(session, same[0].item_id).state == "revoked"


def test_all_of_it_or_nothing(doing, session, alice, sun, drawn, day, tries, monkeypatch):
    """One transaction: where the last step fails, the first isn't there."""
    from privacy.sampling import actions

    def broken(*args, **values):
        raise RuntimeError("the last step")

    monkeypatch.setattr(actions, "notify", broken)
    with pytest.raises(RuntimeError):
        tries(sun, drawn, result="found")
    assert certificate_of(session, drawn.item_id).state == "issued" and states(session, SampleCheck) == ["open"]
    assert session.scalars(select(RecoveryTry)).all() == []


# --- raw SQL --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def put(database):
    def run(row):
        statement = f"INSERT INTO recovery_tries ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})"
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(text(statement), row)

    return run


@pytest.fixture
def honest(doing, session, drawn, check_of, sun, point):
    moved(doing, drawn.item_id, point)
    check, now = check_of(drawn), stamp(clock.now())
    row = {
        "id": ids.new_id(), "check_id": check.id, "operator_id": check.operator_id, "verifier_id": check.verifier_id,
        "owner_id": check.owner_id, "checker_id": sun.id, "org_id": point, "tool": "PhotoRec", "tool_key": "photorec",
        "version": "7", "searched": "[]", "result": "nothing", "why": "", "digest": "ab" * 32, "size": 1, "photos": '["cd"]',
        "opened_bag": "", "signed_in_at": now, "at": now,
    }  # fmt: skip
    session.rollback()
    return row


def test_the_honest_row_goes_in(put, honest):
    put(honest)


@pytest.mark.parametrize("who", ["operator_id", "verifier_id", "owner_id"])
def test_a_hand_of_the_wipe_is_no_third_person(put, honest, who):
    with pytest.raises(DBAPIError):
        put({**honest, "checker_id": honest[who]})


@pytest.mark.parametrize(
    "lie",
    [
        {"photos": "[]"}, {"operator_id": "x" * 26}, {"tool_key": "nwipe"}, {"result": "fine"}, {"digest": None}, {"size": 0},
        {"result": "not_done"}, {"why": "no_tool"}, {"tool_key": ""}, {"check_id": "x" * 26},
    ],
)  # fmt: skip
def test_a_lie_doesnt_go_in(put, honest, lie):
    with pytest.raises(DBAPIError):
        put({**honest, **lie})


def test_nor_by_a_colleague_or_family(doing, session, people, put, honest, wang, sun, shop, point, drawn):
    qian = people.person("Qian")
    people.give_role(qian, "wipe_verifier", shop)
    moved(doing, drawn.item_id, shop)
    with pytest.raises(DBAPIError, match="another organisation"):
        put({**honest, "checker_id": qian.id, "org_id": shop})
    moved(doing, drawn.item_id, point)
    relation = declare(doing, session, wang, sun)
    with pytest.raises(DBAPIError, match="own family"):
        put(honest)
    assert wang.client().post(f"/me/relations/{relation}/end").status_code == 303
    with pytest.raises(DBAPIError, match="own family"):
        put(honest)
    with pytest.raises(DBAPIError, match="only ends"), doing() as w:
        w.session.execute(text("UPDATE person_relations SET counts_until = ended_at"))
    put({**honest, "at": stamp(clock.now() + timedelta(days=91))})


def test_a_try_is_never_changed(database, put, honest):
    put(honest)
    for change in ("UPDATE recovery_tries SET result = 'found'", "DELETE FROM recovery_tries"):
        with database.engine.connect().execution_options(writes=True) as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(change))


def test_the_item_stays_where_it_was(session, drawn):
    assert custody.is_with_staff(session, drawn.item_id) and session.get_one(Item, drawn.item_id).epoch == 1
