"""Powered tests before the wipe: by the category's card, where its owner agreed to them, unlocks the device in person, and no
content is opened. Where the card puts them after the wipe, or the owner didn't agree, they are work after the wipe."""

from collections.abc import Mapping
from typing import Final

from core import ids
from core.errors import Invalid, Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.i18n import N_
from core.work import Work
from privacy.devices import queries
from privacy.devices.reading_models import PowerTest
from privacy.wipes import actions, rules
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import passed_media

OUTCOMES: Final = {"works": N_("Works"), "fails": N_("Doesn't work"), "untested": N_("Not tested")}
SKIPS: Final = {
    "owner_away": N_("Its owner isn't here to unlock it"),
    "not_starting": N_("It doesn't start"),
    "not_needed": N_("Nothing of it needs the owner's system; it is tested after the wipe"),
}
PROMISES: Final = {
    "owner_unlocked": N_("Its owner was here and unlocked it in person; no passcode was asked for, written down or kept."),
    "no_content": N_("Only functions were looked at; no content was opened."),
}
FIRST: Final = N_("Its owner agreed to tests before the wipe: do them first, or say why they are left out.")


def card_order(w: Work, job: WipeJob) -> bool | None:
    """Before the wipe, after it, or none at all: what the category's card says."""
    return get_card(w.session.get_one(Item, job.item_id).category).powered_before_wipe


def record(
    w: Work, job: WipeJob, outcome: Mapping[str, str], *, owner_unlocked: bool, no_content: bool
) -> PowerTest:
    """Each test of the card with what came of it. Raises Invalid at the field that is missing (`test_…` or the promise), Refused
    where the owner didn't agree, the card puts them after the wipe, or something has passed already."""
    card = get_card(w.session.get_one(Item, job.item_id).category)
    _demand_time(w, job)
    if not job.ticks.get(rules.POWER_TEST):
        raise Refused("not_agreed", N_("Its owner didn't agree to tests before the wipe. Test it as work after the wipe."))
    for code in card.power_tests:
        if outcome.get(code) not in OUTCOMES:
            raise Invalid("test_missing", N_("Please choose one of the answers offered."), field=f"test_{code}")
    if set(outcome) - set(card.power_tests):
        raise Invalid("test_unknown", N_("This isn't tested on such a device."))
    for field, kept in (("owner_unlocked", owner_unlocked), ("no_content", no_content)):
        if not kept:
            raise Invalid("promise_missing", N_("Without this it may not be tested before the wipe."), field=field)
    return _keep(w, job, dict(outcome), "", done=True)


def skip(w: Work, job: WipeJob, reason: str) -> PowerTest:
    """They were agreed to and are left out. Raises Invalid without a reason."""
    _demand_time(w, job)
    if reason not in SKIPS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    return _keep(w, job, {}, reason, done=False)


def demand_done(w: Work, job: WipeJob) -> None:
    """Raises Refused while tests that come before the wipe are neither done nor left out with a reason."""
    if is_waiting(w, job):
        raise Refused("tests_first", FIRST)


def is_waiting(w: Work, job: WipeJob) -> bool:
    agreed = bool(job.ticks.get(rules.POWER_TEST)) and card_order(w, job) is True
    return agreed and queries.find_power_test(w.session, job.id) is None


def _demand_time(w: Work, job: WipeJob) -> None:
    actions.demand_bench(w, job)
    if card_order(w, job) is not True:
        raise Refused("after_the_wipe", N_("This kind of device is tested after the wipe, as work after the wipe."))
    if job.state != "wiping" or passed_media(w.session, job.id):
        raise Refused("wiped_already", N_("Something on it is wiped already. Test it as work after the wipe."))
    if queries.find_power_test(w.session, job.id) is not None:
        raise Refused("tested_already", N_("The tests before the wipe are on record already."))


def _keep(w: Work, job: WipeJob, outcome: dict[str, str], skipped: str, *, done: bool) -> PowerTest:
    row = PowerTest(
        id=ids.new_id(),
        job_id=job.id,
        item_id=job.item_id,
        outcome=outcome,
        skipped=skipped,
        owner_unlocked=done,
        no_content=done,
        by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    failed = sum(1 for one in outcome.values() if one == "fails")
    w.record("privacy:power_test:recorded", job.id, item=job.item_id, skipped=skipped, failed=failed)
    return row
