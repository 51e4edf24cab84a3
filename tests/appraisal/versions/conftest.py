"""Mei drafts versions of standards for the platform, Song decides on them; Li grades Alice's phones at the shop."""

import pytest
from sqlalchemy import select
from stdnum import luhn

from appraisal.grades.models import Appraisal
from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import find_row, read_stored
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from tests.appraisal_stories import photographed


@pytest.fixture
def platform(people):
    return people.organisation("循市", "platform")


@pytest.fixture
def mei(people, platform):
    """Drafts."""
    person = people.person("Mei")
    people.give_role(person, "standards_editor", platform)
    return person


@pytest.fixture
def song(people, platform):
    """Decides."""
    person = people.person("Song")
    people.give_role(person, "standards_editor", platform)
    return person


class Desk:
    """What the stories do with drafts and phones, by the pages that people use."""

    def __init__(self, session, doing, alice, li):
        self.session, self.doing, self.alice, self.li, self.made = session, doing, alice, li, 0

    def row(self, standard="xunshi-phone", version=2) -> StandardVersion:
        self.session.rollback()
        return find_row(self.session, standard, version)

    def standard(self, standard="xunshi-phone", version=2):
        return read_stored(self.row(standard, version))

    def draft(self, person, standard="xunshi-phone"):
        """The address of the draft."""
        answer = person.client().post(f"/standards/{standard}/draft")
        assert answer.status_code == 303, answer.text
        return answer.location

    def check_form(self, code, standard="xunshi-phone", **changed):
        """A check's page as it stands, with some fields typed anew."""
        from flask import g

        from appraisal.versions.forms import CheckForm
        from appraisal.versions.typed import fill_check
        from appraisal.versions.views.common import raw_of

        row = self.row(standard)
        raw = next(one for one in raw_of(row)["checks"] if one["code"] == code)
        with self.app.test_request_context():
            g.language = "en"
            form = CheckForm(formdata=None)
            fill_check(form, raw, read_stored(row).find_check(code))
            sent = {}
            for field in form:
                for entry in getattr(field, "entries", []):
                    sent |= {one.name: one.data for one in entry.form if one.data not in (None, False)}
                if not hasattr(field, "entries") and field.data is not None:
                    sent[field.name] = field.data
        return sent | changed

    def phone(self, **said):
        """Another phone of Alice's, appraised by Li; its appraisal."""
        return self.graded("phone", "xunshi-phone", **said)

    def begun(self, category="phone"):
        with self.doing(self.alice) as w:
            item_id = take_in(w, self.alice.id, Intake(card=get_card(category), attributes={"brand": "Acme"}, identifiers=self.numbers(category))).id
        answer = self.li.client().post(f"/items/{item_id}/appraise")
        assert answer.status_code == 303, answer.text
        return answer.location

    def numbers(self, category):
        self.made += 1
        plain = f"35693803564{self.made:03d}"
        return {"imei": [plain + luhn.calc_check_digit(plain)], "serial": [f"PH{self.made:08d}"]} if category == "phone" else {}

    def best(self, standard):
        return {check.code: check.values[0].code if check.values else "99" for check in standard.checks}

    def graded(self, category, standard_id, **said):
        from appraisal.standards.queries import standard_of

        path = self.begun(category)
        made = self.session.get_one(Appraisal, path.split("/")[-1])
        typed = self.best(standard_of(self.session, made)) | said
        self.session.rollback()
        photographed(self.li.client(), path)
        assert self.li.client().post(path, data={**typed, "what": "sign"}).status_code == 303
        self.session.rollback()
        return self.session.scalars(select(Appraisal).where(Appraisal.id == path.split("/")[-1])).one()


@pytest.fixture
def desk(app, session, doing, alice, li, shop, all_wiped):
    made = Desk(session, doing, alice, li)
    made.app = app
    return made
