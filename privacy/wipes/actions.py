"""From the counter to the bench: a job is opened, agreed to, started, and its media are made certain."""

from collections.abc import Mapping

from sqlalchemy import select

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody, intake
from core.goods.cards import get_card
from core.goods.custody import locked
from core.goods.models import Item, StorageMedium
from core.goods.words import MEDIUM_OF
from core.i18n import N_
from core.numbers import next_number
from core.people.acting import demand_role
from core.people.models import Account
from core.people.notices import notify
from core.ports import CustodyRaised
from core.states import walk
from core.wipe_ports import data_owner
from core.work import Work
from privacy.booking import actions as booking
from privacy.clearance.models import Clearance
from privacy.wipes import people, queries, rules
from privacy.wipes.consents import current_text
from privacy.wipes.models import Judgement, WipeJob
from privacy.wipes.states import JOB, MEDIUM, OPEN

PREFIX = "QC"
EMPTY: Mapping[str, str] = {}
OTHER_SHOP = N_("It is kept by another shop: that shop hands it over first.")
TICK_MISSING = N_("Please tick every box once it is true.")


def open_job(w: Work, item_id: str, *, org_id: str | None = None) -> WipeJob:
    """Open a wipe job: by the owner from her item page (no organisation yet), or by staff at a counter.

    Raises Refused when it holds no data, was refused for good, is on its way already or is cleared."""
    item = locked(w, item_id)
    if org_id is None and item.owner_id != w.actor.id:
        raise Forbidden()
    if org_id is not None:
        demand_role(w, org_id, *people.COUNTER)
        if w.actor.id in (item.owner_id, data_owner(w.session, item.id)):
            raise Refused("own_device", N_("Your own device is taken in by a colleague, not by yourself."))
        owner = w.session.get_one(Account, item.owner_id)
        if owner.house and org_id != owner.id and not people.is_here(w.session, item.id, {org_id}):
            raise Refused("other_point", OTHER_SHOP, field="code")
    _demand_openable(w, item)
    job = WipeJob(
        id=ids.new_id(),
        number=next_number(w, PREFIX),
        item_id=item.id,
        epoch=item.epoch,
        owner_id=data_owner(w.session, item.id) or item.owner_id,
        org_id=org_id,
        opened_by=w.actor.id,
        opened_at=w.now,
        consent_version="",
        consent_at=None,
        ticks={},
        operator_id=None,
        started_at=None,
        drop_code=ids.new_checked_code(),
        challenge="",
        stopped="",
    )
    w.session.add(job)
    w.session.flush()
    w.record("privacy:job:opened", job.id, item=item.id, number=job.number, org=org_id or "")
    notify(
        w,
        job.owner_id,
        N_("A wipe of your device was registered (%(number)s). Please read it and agree to it."),
        f"/wipes/{job.id}/{'bench' if w.session.get_one(Account, job.owner_id).house else 'consent'}",
        number=job.number,
    )
    return job


def _demand_openable(w: Work, item: Item) -> None:
    if not item.data_bearing:
        raise Refused("no_data", N_("This thing holds no data: it needs no wipe and can be listed at once."))
    if get_card(item.category).wipe_route == "waiting":
        raise Refused(
            "route_waiting",
            N_("The wiping of this kind of device isn't offered yet. It is kept as waiting, and nobody sees it before."),
        )
    stop = queries.find_stop(w.session, item.id)
    if stop is not None:
        raise Refused(f"stopped_{stop.stopped}", rules.STOPS[stop.stopped])
    if item.state != "active":
        raise Refused("item_not_active", N_("This thing is frozen, released or scrapped, so it can't be wiped here."))
    if queries.find_open_job(w.session, item.id):
        raise Refused("job_open", N_("A wipe of this device is on its way already. Go on with that one."))
    earlier = select(WipeJob.id).where(WipeJob.item_id == item.id, WipeJob.epoch == item.epoch, WipeJob.state == "accepted")
    if w.session.scalars(earlier).first() is None:
        return
    if w.session.scalars(select(Clearance.id).where(Clearance.item_id == item.id, Clearance.state == "valid")).first():
        raise Refused("cleared_already", N_("This device is wiped and cleared already. It can be listed now."))
    custody.raise_epoch(w, item, "relisted")


def consent(w: Work, job: WipeJob, *, origin: str, ticks: Mapping[str, bool]) -> str:
    """The owner agrees to the present text, every box ticked by herself. Returns the job's state: `cancelled` when the
    answer to whose device it is stops the intake for good. Raises Invalid for missing answers, Forbidden for others."""
    if job.owner_id != w.actor.id:
        raise Forbidden("not_the_owner", N_("Only the owner can agree to the wipe, on her or his own phone."))
    return agree(w, job, origin, ticks)


def agree(w: Work, job: WipeJob, origin: str, ticks: Mapping[str, bool], more: Mapping[str, str] = EMPTY) -> str:
    """What agreeing does, whoever may: `more` names the slip of who agreed on paper."""
    if origin not in rules.ORIGINS:
        raise Invalid("origin_missing", N_("Please say whose device it is."), field="origin")
    if origin in rules.STOPS:
        return _stop(w, job, origin)
    category = queries.get_item(w.session, job.item_id).category
    asked = rules.ticks_for(category)
    for code in rules.unticked(ticks, asked):
        raise Invalid("tick_missing", TICK_MISSING, field=code)
    job.consent_version, job.consent_at = current_text().version, w.now
    job.ticks = {"origin": origin, **dict.fromkeys(asked, True), **more}
    if get_card(category).powered_before_wipe:
        job.ticks = {**job.ticks, rules.POWER_TEST: ticks.get(rules.POWER_TEST) is True}
    walk(w, JOB, job, "consent")
    w.record("privacy:job:consented", job.id, text=job.consent_version, origin=origin, how="paper" if more else "account")
    if job.opened_by not in (job.owner_id, w.actor.id):
        notify(
            w,
            job.opened_by,
            N_("The owner has agreed to wipe %(number)s. It can be started."),
            f"/wipes/{job.id}",
            number=job.number,
        )
    return job.state


def _stop(w: Work, job: WipeJob, origin: str) -> str:
    walk(w, JOB, job, "stop", stopped=origin)
    booking.cancelled(w, job.id)
    w.record("privacy:job:stopped", job.id, item=job.item_id, why=origin)
    notify(
        w,
        job.owner_id,
        N_("Your device can't be taken in (%(number)s). Read why and where to take it."),
        f"/wipes/{job.id}",
        number=job.number,
    )
    return job.state


def start(w: Work, job: WipeJob, org_id: str) -> None:
    """An operator takes the device to the bench of an organisation and is from now on the one who wiped."""
    demand_role(w, org_id, "wipe_operator")
    if job.org_id not in (None, org_id):
        raise Forbidden("other_point", N_("This job belongs to another point."))
    if job.owner_id == w.actor.id:
        raise Refused("own_device", N_("Your own device is wiped by a colleague, not by yourself."))
    item = locked(w, job.item_id)
    if item.epoch != job.epoch or item.state != "active":
        raise Refused("custody_left", N_("The device left its custody after this job was opened. Open a new one."))
    job.org_id, job.operator_id, job.started_at = org_id, w.actor.id, w.now
    job.challenge = _challenge(job)
    walk(w, JOB, job, "start")
    custody.move(w, item, holder_kind="org", holder_id=org_id, place="bench", why="to_bench")
    booking.received(w, job.id)
    w.record("privacy:job:started", job.id, item=item.id, org=org_id)
    notify(w, job.owner_id, N_("Your device is being wiped now (%(number)s)."), f"/wipes/{job.id}", number=job.number)


def _challenge(job: WipeJob) -> str:
    """The code that the evidence has to carry; the owner has never seen it."""
    found = ids.new_checked_code()
    return found if found != job.drop_code else _challenge(job)


def receive(w: Work, job: WipeJob, org_id: str) -> None:
    """Staff take the device in at the counter; the bench comes later."""
    demand_role(w, org_id, *people.COUNTER)
    if job.org_id not in (None, org_id):
        raise Forbidden("other_point", N_("This job belongs to another point."))
    if job.state != "consented":
        raise Refused("consent_first", N_("The owner has to agree first, on her or his own phone."))
    job.org_id = org_id
    custody.move(w, locked(w, job.item_id), holder_kind="org", holder_id=org_id, place="counter", why="taken_in")
    booking.received(w, job.id)
    w.record("privacy:job:received", job.id, item=job.item_id, org=org_id)
    notify(w, job.owner_id, N_("Your device was received at the counter (%(number)s)."), f"/wipes/{job.id}", number=job.number)


def add_medium(w: Work, job: WipeJob, *, kind: str, serial: str) -> StorageMedium:
    """Enter a medium that was found inside. A job that waited for its verifier goes back to the bench."""
    demand_bench(w, job)
    medium = intake.add_medium(w, locked(w, job.item_id), intake.MediumGiven(kind=kind, serial=serial))
    if job.state == "judged":
        walk(w, JOB, job, "reopen")
    return medium


def correct_medium(w: Work, job: WipeJob, medium: StorageMedium) -> None:
    """Take a medium out of the inventory whose serial or kind was entered wrongly: it never existed like this. What was judged
    stays as it is: after a judgement nothing is called mistyped."""
    demand_bench(w, job)
    locked(w, job.item_id)
    if medium.item_id != job.item_id:
        raise Invalid("medium_unknown", N_("Choose a medium of this device."), field="medium")
    if _was_judged(w, job, medium):
        raise Refused(
            "medium_judged",
            N_(
                "A file about this medium was judged already, so it can't be called mistyped. Wipe it again, or take it "
                "out of the device and mark it as removed."
            ),
        )
    walk(w, MEDIUM, medium, "mistype")
    w.record("privacy:medium:corrected", job.item_id, medium=medium.id, to="mistyped", job=job.id)
    if job.state == "judged":
        walk(w, JOB, job, "reopen")


def _was_judged(w: Work, job: WipeJob, medium: StorageMedium) -> bool:
    """A file that is simply about another disk says nothing against a slip in the serial."""
    query = select(Judgement.reasons).where(Judgement.job_id == job.id, Judgement.medium_id == medium.id)
    return any("serial_mismatch" not in reasons for reasons in w.session.scalars(query))


def correct_kind(w: Work, job: WipeJob, medium: StorageMedium, kind: str) -> None:
    """Another kind of medium than was entered at intake; only before a file about it was judged."""
    demand_bench(w, job)
    locked(w, job.item_id)
    made_of = MEDIUM_OF.get(kind, "unknown")
    if medium.item_id != job.item_id or made_of == "unknown":
        raise Invalid("media_kind", N_("Say what kind of storage it is; open the device if need be."), field="kind")
    if w.session.scalars(select(Judgement.id).where(Judgement.medium_id == medium.id).limit(1)).first():
        raise Refused("medium_judged", N_("A file about this medium was judged already: its kind stands."))
    medium.kind, medium.medium = kind, made_of
    w.record("privacy:medium:corrected", job.item_id, medium=medium.id, to=kind, job=job.id)


def give_up(w: Work, job: WipeJob, reason: str) -> None:
    """The operator ends a wipe that can't succeed. The device can be wiped anew, or its medium destroyed."""
    demand_bench(w, job)
    if reason not in rules.GIVE_UPS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    walk(w, JOB, job, "give_up")
    w.record("privacy:job:given_up", job.id, item=job.item_id, reason=reason)
    notify(
        w,
        job.owner_id,
        N_("The wipe of your device did not succeed (%(number)s). Read what you can do."),
        f"/wipes/{job.id}",
        number=job.number,
    )


def cancel(w: Work, job: WipeJob) -> None:
    """The owner or the counter calls it off before the wipe has begun."""
    if w.actor.id not in (job.owner_id, job.opened_by):
        demand_role(w, job.org_id, *people.COUNTER)
    if job.state not in ("opened", "consented"):
        raise Refused("begun", N_("The wipe has begun already; the operator can end it with a reason."))
    walk(w, JOB, job, "cancel")
    booking.cancelled(w, job.id)
    w.record("privacy:job:cancelled", job.id, item=job.item_id, why="called_off")


def demand_bench(w: Work, job: WipeJob) -> None:
    """Raises Forbidden or Refused unless who acts is this job's operator and it is on the bench."""
    if job.operator_id != w.actor.id or job.org_id is None:
        raise Forbidden("not_the_operator", N_("Only the operator who took this job works on it."))
    demand_role(w, job.org_id, "wipe_operator")
    if job.state not in ("wiping", "judged"):
        JOB.next(job.state, "judge")


def follow_custody(w: Work, event: CustodyRaised) -> None:
    """The device got out of hands: what was being wiped is history, too."""
    query = select(WipeJob).where(WipeJob.item_id == event.item_id, WipeJob.state.in_(OPEN)).with_for_update()
    for job in w.session.scalars(query):
        walk(w, JOB, job, "cancel")
        booking.cancelled(w, job.id)
        w.record("privacy:job:cancelled", job.id, item=job.item_id, why=event.why)
        notify(
            w,
            job.owner_id,
            N_("The wipe %(number)s was cancelled: the device left its custody. Open a new one."),
            f"/wipes/{job.id}",
            number=job.number,
        )
