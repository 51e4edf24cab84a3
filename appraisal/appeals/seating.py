"""Who grades anew: drawn by lot among the uninvolved, never fewer than three for a panel; whoever drops out is replaced."""

from appraisal.appeals import queries, rules
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.states import APPEAL
from appraisal.appeals.telling import tell
from appraisal.appraisers import lot, recusal
from appraisal.appraisers.settings import settings
from appraisal.blind import actions as blind
from appraisal.blind.queries import lookers
from appraisal.grades import giving, report_queries
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import graders
from appraisal.grades.report_rules import ISSUED
from appraisal.grades.states import APPRAISAL
from core import ids
from core.draw_rules import ranked
from core.goods.custody import find_holder
from core.goods.models import Item
from core.i18n import N_
from core.paper_ports import log_root
from core.people.notices import notify
from core.queue import actions as queue
from core.states import walk
from core.work import Work

KIND = "appraisal_appeal"
UNSIGNED = "0" * 64  # a report from before the house signed them never enters the log
VERBS = {"review": "assign", "panel": "convene"}
PLACES = {"review": (0,), "panel": (1, 2, 3)}


def fill(w: Work, appeal: Appeal) -> None:
    """Draw whom the present stage still lacks. All or nobody: with too few it waits for the platform, and says so."""
    if not _rooted(w, appeal):
        return
    seated, free = _seated(w, appeal), free_places(w, appeal)
    if not free:
        return
    drawn = _draw(w, appeal, {one.account_id for one in seated}, len(free))
    if len(drawn) < len(free):
        _lack(w, appeal)
        return
    for place, account_id in zip(free, drawn, strict=True):
        _seat(w, appeal, place, account_id)
    for account_id in drawn:  # once all are seated: a look isn't handed to the next of them
        blind.set_aside(w, appeal.item_id, account_id)
    if appeal.state == "short":
        queue.lapse(w, KIND, appeal.id)
    if appeal.state != appeal.stage:
        walk(w, APPEAL, appeal, VERBS[appeal.stage], due_at=None)
        tell(w, appeal, N_("Appeal against %(number)s: uninvolved appraisers were drawn by lot and grade it anew."))


def _seated(w: Work, appeal: Appeal) -> list[AppealSeat]:
    return [one for one in queries.seats_of(w.session, appeal, appeal.stage) if one.why in ("", "given")]


def free_places(w: Work, appeal: Appeal) -> list[int]:
    """For which places of the present stage somebody is still to be drawn."""
    taken = {one.place for one in _seated(w, appeal)}
    return [place for place in PLACES[appeal.stage] if place not in taken]


def _rooted(w: Work, appeal: Appeal) -> bool:
    """A lot rests on what nobody knew when the report was signed; until the log has entered it, nobody is drawn."""
    if not appeal.root:
        made = w.session.get_one(Appraisal, appeal.appraisal_id)
        signed = report_queries.find_report(w.session, made.id) is not None
        appeal.root = log_root(w.session, ISSUED, made.number) if signed else UNSIGNED
        w.session.flush()
    return bool(appeal.root)


def _lack(w: Work, appeal: Appeal) -> None:
    if appeal.state == "short":
        return
    queue.ask(w, KIND, queries.ask(w.session, appeal))
    walk(w, APPEAL, appeal, "lack", due_at=None)
    w.record("appraisal:appeal:short", appeal.id, stage=appeal.stage)
    tell(w, appeal, N_("Appeal against %(number)s: not enough uninvolved appraisers can be found. The platform looks for some."))


def _draw(w: Work, appeal: Appeal, seated: set[str], many: int) -> list[str]:
    """By the number of the report, not of the appeal: whoever takes an appeal back and makes another gets the same people."""
    number = w.session.get_one(Appraisal, appeal.appraisal_id).number
    free = uninvolved(w, appeal)
    names = _nearest(w, appeal, free) if appeal.stage == "review" else _panel(w, appeal, free, seated)
    domain = rules.PEOPLE + f"{number}\n{appeal.stage}\n".encode()
    return ranked(domain, appeal.root, names)[:many]


def _nearest(w: Work, appeal: Appeal, free: list[str]) -> list[str]:
    """For the reviewer: people of another agency, where there are any."""
    names = lot.measured_first(w.session, free)
    return [one for one in names if appeal.org_id not in lot.signs_for(w.session, one)] or names


def _panel(w: Work, appeal: Appeal, free: list[str], seated: set[str]) -> list[str]:
    """For the panel: people past probation if they are enough, else all; by the rule of the pools."""
    for names in (lot.measured_first(w.session, free), free):
        every = {*names, *seated}
        own = {one for one in every if appeal.org_id in lot.signs_for(w.session, one)}
        found = [one for one in rules.pools(own, every - own) if one not in seated]
        if found:
            return found
    return []


def uninvolved(w: Work, appeal: Appeal) -> list[str]:
    """Whose credential carries it, who had no part in it so far, and whom nothing ties to who has an interest in the grade."""
    item = w.session.get_one(Item, appeal.item_id)
    before = queries.drawn_before(w.session, appeal)
    graded = graders(w.session, w.session.get_one(Appraisal, appeal.appraisal_id))
    looked = lookers(w.session, {appeal.appraisal_id, queries.current_id(appeal)})
    barred = queries.parties(w.session, appeal) | before | graded | looked | {item.owner_id}
    interested = {item.owner_id, appeal.owner_id, appeal.by_id}
    return [one for one in lot.fit(w, item.category, barred) if _free(w, one, interested, appeal.first_id)]


def _free(w: Work, account_id: str, interested: set[str], first_id: str) -> bool:
    ties = recusal.ties_of(w, account_id)
    return (
        bool(lot.signs_for(w.session, account_id))
        and "family" not in ties.get(first_id, set())
        and all(recusal.why_tied(w, one, account_id, ties) is None for one in interested)
    )


def _seat(w: Work, appeal: Appeal, place: int, account_id: str) -> None:
    first = w.session.get_one(Appraisal, appeal.appraisal_id)
    made = giving.begin(w, first, account_id, _in_whose_name(w, appeal, account_id))
    seat = AppealSeat(
        id=ids.new_id(), appeal_id=appeal.id, appraisal_id=made.id, account_id=account_id, stage=appeal.stage, place=place,
        assigned_at=w.now, due_at=w.now + settings().appeal_look, ended_at=None,
    )  # fmt: skip
    w.session.add(seat)
    w.session.flush()
    w.record("appraisal:appeal:assigned", appeal.id, seat=seat.id, stage=appeal.stage, place=place)
    notify(w, account_id, N_("A thing waits for you: grade it anew in an appeal."), f"/appraisals/{made.id}", kind="roles")


def _in_whose_name(w: Work, appeal: Appeal, account_id: str) -> str:
    """Where the thing is, if they appraise there; else another agency than the first one, where they have one."""
    orgs, line = lot.signs_for(w.session, account_id), find_holder(w.session, appeal.item_id)
    here = [one for one in orgs if line is not None and line.holder_id == one]
    return next(iter([*here, *(one for one in orgs if one != appeal.org_id), *orgs]))


def vacate(w: Work, seat: AppealSeat, why: str, words: str = "") -> None:
    """Somebody grades no longer: the blind check-list is dropped, with what was answered."""
    made = w.session.get_one(Appraisal, seat.appraisal_id, with_for_update=True)
    walk(w, APPRAISAL, made, "drop")
    seat.why, seat.words, seat.ended_at = why, words, w.now
    w.session.flush()
    w.record("appraisal:appeal:vacated", seat.appeal_id, seat=seat.id, why=why)


def vacate_all(w: Work, appeal: Appeal) -> None:
    for seat in queries.seats_of(w.session, appeal):
        if seat.ended_at is None:
            vacate(w, seat, "lapsed")
