"""Powered tests before the wipe: one page with one answer for each function, or a reason why they are left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.forms import Form, text
from core.goods.cards import get_card
from core.goods.models import Item
from core.goods.words import POWER_TESTS
from core.i18n import N_
from core.page import Page
from privacy.access import load_job
from privacy.devices import power_tests, queries
from privacy.devices.reading_models import PowerTest
from privacy.devices.views import blueprint
from privacy.wipes import rules
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_item, get_job, passed_media
from privacy.wipes.show import title_of
from privacy.wipes.views.parts import again

CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class TestsForm(Form):
    """The two promises; a card's own tests are added by `tests_form`."""

    owner_unlocked = BooleanField(text(power_tests.PROMISES["owner_unlocked"]))
    no_content = BooleanField(text(power_tests.PROMISES["no_content"]))


class SkipForm(Form):
    reason = RadioField(
        text(N_("Why they are left out")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in power_tests.SKIPS.items()],
    )


@dataclass(frozen=True, kw_only=True)
class PowerPage(Page):
    template = "privacy/power_test.html"
    job_id: str
    number: str
    title: str
    tests: Sequence[str]
    form: Any
    skip_form: SkipForm


@dataclass(frozen=True, slots=True)
class PowerShown:
    """What bench and owner see. `href`: where it is still to be done; `told`: (function, outcome); `says`: a sentence instead."""

    href: str
    told: Sequence[tuple[str, str]]
    says: str


def shown(job: WipeJob, item: Item) -> PowerShown | None:
    """None where such a device has no powered tests."""
    order, found = get_card(item.category).powered_before_wipe, queries.find_power_test(g.db, job.id)
    if order is None:
        return None
    if found is not None:
        return PowerShown("", _told(found), _(power_tests.SKIPS[found.skipped]) if found.skipped else "")
    agreed = bool(job.ticks.get(rules.POWER_TEST))
    if order and agreed:
        mine = job.operator_id == visitor().account_id and job.state == "wiping" and not passed_media(g.db, job.id)
        return PowerShown(f"/wipes/{job.id}/power-test" if mine else "", [], _("Its owner agreed to tests before the wipe."))
    if order:
        return PowerShown("", [], _("Its owner didn't agree to tests before the wipe; it can be tested as work after the wipe."))
    return PowerShown("", [], _("Such a device is tested after the wipe, as work after the wipe."))


def _told(found: PowerTest) -> list[tuple[str, str]]:
    return [(_(POWER_TESTS[code]), _(power_tests.OUTCOMES[state])) for code, state in found.outcome.items()]


def _tests_form(item: Item, *, sent: bool) -> Any:
    answers = [(code, text(name)) for code, name in power_tests.OUTCOMES.items()]
    tests = get_card(item.category).power_tests
    fields = {f"test_{code}": RadioField(text(POWER_TESTS[code]), [CHOOSE], choices=answers) for code in tests}
    return type("CardTestsForm", (TestsForm,), fields)(**({} if sent else {"formdata": None}))


def _page(job: WipeJob, form: Any = None, skip: SkipForm | None = None) -> PowerPage:
    item = get_item(g.db, job.item_id)
    return PowerPage(
        job_id=job.id,
        number=job.number,
        title=title_of(item),
        tests=[f"test_{code}" for code in get_card(item.category).power_tests],
        form=form or _tests_form(item, sent=False),
        skip_form=skip or SkipForm(formdata=None),
    )


@blueprint.get("/wipes/<job_id>/power-test")
@needs("privacy:bench:work", on=load_job)
def show_power_test(job: WipeJob) -> object:
    return _page(job).answer()


@blueprint.post("/wipes/<job_id>/power-test")
@needs("privacy:bench:work", on=load_job)
def power_test(job: WipeJob) -> object:
    form, job_id = _tests_form(get_item(g.db, job.item_id), sent=True), job.id
    if not form.validate_on_submit():
        return _page(job, form).answer(422)
    outcome = {name.removeprefix("test_"): request.form.get(name, "") for name in _page(job).tests}
    try:
        with doing() as w:
            power_tests.record(
                w, again(w, job_id), outcome, owner_unlocked=form.owner_unlocked.data, no_content=form.no_content.data
            )
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(get_job(g.db, job_id), form).answer(no.status)
    return done(_("On record. Wipe it next."), f"/wipes/{job_id}/bench")


@blueprint.post("/wipes/<job_id>/power-test/skip")
@needs("privacy:bench:work", on=load_job)
def skip_power_test(job: WipeJob) -> object:
    form, job_id = SkipForm(), job.id
    if not form.validate_on_submit():
        return _page(job, skip=form).answer(422)
    try:
        with doing() as w:
            power_tests.skip(w, again(w, job_id), form.reason.data)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(get_job(g.db, job_id), skip=form).answer(no.status)
    return done(_("On record. Wipe it next."), f"/wipes/{job_id}/bench")
