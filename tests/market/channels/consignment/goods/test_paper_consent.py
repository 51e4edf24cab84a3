"""Grandma Chen has no account: she agrees to the wipe of her laptop on paper, at the counter. Whoever has an account does so at home."""

import pytest

from core.errors import Forbidden, Invalid
from privacy.wipes import actions, paper_consent, rules
from privacy.wipes.models import WipeJob
from tests import stock_stories as story

TICKS = dict.fromkeys(rules.TICKS, True)


@pytest.fixture
def job_of(session, doing, chen, shop):
    def opened(stock_id):
        with doing(chen) as w:
            return actions.open_job(w, story.row(session, stock_id).item_id, org_id=shop).id

    return opened


def test_who_has_no_account_agrees_on_paper_and_the_slip_is_named(session, doing, chen, visit, job_of):
    job_id = job_of(story.taken(doing, chen, visit, **story.laptop_of()))
    with pytest.raises(Invalid) as no, doing(chen) as w:
        paper_consent.consent_on_paper(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=TICKS, slip=" ")
    assert no.value.field == "slip"
    with doing(chen) as w:
        assert paper_consent.consent_on_paper(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=TICKS, slip="Z-17") == "consented"
    session.rollback()
    assert session.get_one(WipeJob, job_id).ticks["slip"] == "Z-17"


def test_nobody_agrees_on_paper_for_who_has_an_account(session, doing, chen, ada, adas_visit, job_of):
    job_id = job_of(story.taken(doing, chen, adas_visit, **story.laptop_of()))
    with pytest.raises(Forbidden), doing(chen) as w:
        paper_consent.consent_on_paper(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=TICKS, slip="Z-17")
    with doing(ada) as w:
        assert actions.consent(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=TICKS) == "consented"


def test_the_pages_at_the_counter(session, doing, chen, visit, job_of, alice):
    job_id = job_of(story.taken(doing, chen, visit, **story.laptop_of()))
    desk, path = chen.client(), f"/wipes/{job_id}/consent/paper"
    assert path in desk.get(f"/wipes/{job_id}/bench").text
    assert desk.get(path).status_code == 200 and alice.client().get(path).status_code == 403
    said = {"origin": "private", **{code: "y" for code in rules.ticks_for("laptop")}}
    assert desk.post(path, data=said).status_code == 422
    assert desk.post(path, data={**said, "slip": "Z-17"}).status_code == 303
    session.rollback()
    assert session.get_one(WipeJob, job_id).state == "consented"
