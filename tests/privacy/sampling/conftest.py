"""A day at the bench: laptops wiped by Wang, verified by Zhao of the same shop, and Sun of another point who tries."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from core import clock
from core.goods import custody
from core.goods.intake import serial_of
from core.goods.models import Item
from core.work import Actor, work
from privacy.clearance.log import sequencing
from privacy.sampling import actions
from privacy.sampling.actions import Told
from privacy.sampling.models import SampleCheck
from privacy.sampling.queries import get_check
from privacy.wipes.people import orgs_as
from privacy.wipes.queries import present_media
from tests import stories

DISKS = [*stories.disks("hdd"), *stories.disks("ssd")]
REPORT = b"PhotoRec 7.2\n0 files saved in /tmp/recup_dir\n"


@pytest.fixture
def point(people):
    return people.organisation("滨江验证点", "agency")


@pytest.fixture
def sun(people, point):
    """Verifies at another point: the third person."""
    person = people.person("Sun")
    people.give_role(person, "wipe_verifier", point)
    return person


@pytest.fixture
def clockwork(app, session) -> Callable[[], None]:
    """Waiting leaves are numbered, then what they cover is drawn."""

    def turn() -> None:
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            sequencing.sequence(w, app.extensions["xunshi"])
        with work(session, Actor("system:sample_draws"), clock.now()) as w:
            actions.draw_due(w)

    return turn


@pytest.fixture
def certain(monkeypatch):
    """`certain(True)`: from now on every ticket is drawn; `certain(False)`: none."""
    from privacy.sampling import rules

    def choose(drawn: bool) -> None:
        monkeypatch.setattr(rules, "ticket", lambda root, number: 0 if drawn else rules.SPACE - 1)

    return choose


@dataclass(frozen=True)
class Cleared:
    item_id: str
    job_id: str
    number: str


@pytest.fixture
def clears(app, doing, session, alice, wang, zhao, shop) -> Callable[..., Cleared]:
    """`clears(nth)`: a laptop wiped and accepted; other people by name."""

    def clear(nth: int = 0, *, owner=alice, operator=wang, verifier=zhao, org=shop) -> Cleared:
        disk = [DISKS[nth]]
        item_id = stories.laptop(doing, owner, serial=f"PF7DRAW{nth:02d}", disks=disk)
        job_id = stories.wiped(app, doing, item_id, owner, operator, org, disk)
        moved(doing, item_id, *orgs_of(session, verifier))
        number = stories.verified(app, doing, job_id, verifier)
        session.rollback()
        return Cleared(item_id, job_id, number)

    return clear


@pytest.fixture
def check_of(session) -> Callable[[Cleared], SampleCheck | None]:
    def find(one: Cleared) -> SampleCheck | None:
        session.rollback()
        query = select(SampleCheck).where(SampleCheck.job_id == one.job_id).order_by(SampleCheck.id.desc())
        return session.scalars(query).first()

    return find


@pytest.fixture
def drawn(clears, clockwork, certain, check_of):
    """A cleared laptop that was drawn."""
    certain(True)
    one = clears(0)
    clockwork()
    assert check_of(one).state == "open"
    return one


def moved(doing, item_id: str, *orgs: str) -> None:
    """Handed on to the counter of one of these organisations, unless it is in one of them; what left with its owner stays there."""
    with doing() as w:
        line, item = custody.find_holder(w.session, item_id), w.session.get_one(Item, item_id)
        if orgs and line.holder_kind == "org" and line.holder_id not in orgs:
            custody.move(w, item, holder_kind="org", holder_id=orgs[0], place="counter", why="to_point")


def orgs_of(session, who) -> list[str]:
    found = sorted(orgs_as(session, who.id, "wipe_verifier"))
    session.rollback()
    return found


def report_of(session, item_id: str) -> bytes:
    """What the third person's tool writes: it names the serial number of every medium."""
    serials = ", ".join(serial_of(one) for one in present_media(session, item_id))
    session.rollback()
    return REPORT + f"Disk /dev/sdb - S/N:{serials}\n".encode()


@pytest.fixture
def tries(app, doing, session, check_of) -> Callable[..., str]:
    """`tries(sun, drawn)`: brought to Sun's point on record, nothing found, with another tool; anything said otherwise by keyword.
    Returns the check's state."""

    def step(who, one: Cleared, *, ago=None, brought=True, **said) -> str:
        check_id, done = check_of(one).id, said.get("result") != "not_done"
        told = {
            "result": "nothing",
            "tool": "PhotoRec",
            "version": "7.2",
            "searched": ["carving"],
            "report": report_of(session, one.item_id),
            "photos": [stories.picture()] if done else [],
        }
        if done and brought:
            moved(doing, one.item_id, *orgs_of(session, who))
        with doing(who) as w:
            check = get_check(w.session, check_id)
            signed_in = w.now - ago if ago is not None else w.now
            actions.try_recovery(w, stories.bench(app), check, Told(**{**told, **said}), signed_in)
            return check.state

    return step
