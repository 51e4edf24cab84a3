"""Alice's laptop, graded by Li of the shop; appraisers of other agencies who had no part in it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from appraisal.appeals import actions, clocks, queries
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.grades import actions as appraising
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import locked
from core import clock
from core.work import Actor, work
from privacy.clearance.log.sequencing import sequence
from tests import stories
from tests.appraisal_stories import unasked
from tests.appraiser_stories import by_grade


@dataclass
class Court:
    """What a story of an appeal does, in the order in which it is told."""

    app: object
    session: object
    doing: object
    people: object
    shop: str
    drawn: list = field(default_factory=list)

    def appraisers(self, *names, org=None):
        """So many uninvolved people, each admitted, of an agency of their own or of `org`."""
        found = []
        for name in names:
            person = self.people.person(name)
            self.people.give_role(person, "appraiser", org or self.people.organisation(f"{name}鉴定所", "agency"))
            found.append(person)
        self.drawn += found
        return found

    def graded(self, li, owner, grade="A", item="", serial="PF9AP001"):
        """A laptop with a signed report that the log has entered. Returns the report's id."""
        item = item or stories.laptop(self.doing, owner, serial=serial, disks=[])
        made = self.sign(li, item, grade)
        self.log()
        return made

    def sign(self, li, item, grade):
        with unasked(), self.app.app_context(), self.doing(li) as w:
            made = appraising.begin(w, item, self.shop)
            appraising.sign(w, made, self.answers(grade))
            return made.id

    @staticmethod
    def answers(grade):
        if grade == "reject":
            from tests.appraisal.grades.test_appraisal_pages import in_force, refusing

            said = refusing()
            best = by_grade()[next(iter(by_grade()))]
            return {code: said[code] if one_kind(in_force(), code) else value for code, value in best.items()}
        return by_grade()[grade]

    def log(self):
        self.session.rollback()
        with work(self.session, Actor("system:log_sequencer"), clock.now()) as w:
            sequence(w, self.app.extensions["xunshi"])
        self.session.rollback()

    def appeal(self, person, made_id, checks=("lid",)):
        self.session.rollback()
        with self.doing(person) as w:
            return actions.appeal(w, w.session.get_one(Appraisal, made_id), "屏幕没有划痕", list(checks))

    def now(self, appeal_id):
        self.session.rollback()
        return self.session.get_one(Appeal, appeal_id)

    def report(self, made_id):
        self.session.rollback()
        return self.session.get_one(Appraisal, made_id)

    def reports(self):
        """Whatever was signed, in any appeal."""
        self.session.rollback()
        return self.session.scalars(select(Appraisal).where(Appraisal.signed_at.is_not(None))).all()

    def seats(self, appeal_id, stage="", live=True):
        self.session.rollback()
        found = queries.seats_of(self.session, self.session.get_one(Appeal, appeal_id), stage)
        return [one for one in found if not live or one.ended_at is None]

    def give(self, seat, grade):
        """Whoever holds the seat gives a grade. Returns the appraisal's id."""
        self.session.rollback()
        who, made_id = self.session.get_one(AppealSeat, seat.id).account_id, self.session.get_one(AppealSeat, seat.id).appraisal_id
        self.session.rollback()
        with unasked(), self.app.app_context(), work(self.session, Actor(who), clock.now()) as w:
            made = locked(w.session, made_id)
            appraising.sign(w, made, self.answers(grade))
        self.session.rollback()
        return made_id

    def later(self, days):
        """The clockwork comes by, so many days from now."""
        self.session.rollback()
        with self.app.app_context(), work(self.session, Actor("system:appraisal_appeals"), clock.now() + timedelta(days=days)) as w:
            clocks.due(w)
        self.session.rollback()

    def ask_panel(self, person, appeal_id):
        self.session.rollback()
        with self.doing(person) as w:
            actions.ask_panel(w, queries.locked(w.session, appeal_id), "请三人再看")

    def people_of(self, account_id):
        """Who was drawn, so that they can open pages."""
        return next(one for one in self.drawn if one.id == account_id)

    def seat_rows(self):
        self.session.rollback()
        return self.session.scalars(select(AppealSeat).order_by(AppealSeat.id)).all()


def one_kind(standard, code):
    check = standard.find_check(code)
    return check is not None and bool(check.values)


@pytest.fixture
def court(app, session, doing, people, shop, all_wiped):
    return Court(app, session, doing, people, shop)
