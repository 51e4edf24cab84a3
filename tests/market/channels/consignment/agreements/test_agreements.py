"""An agreement's way: written, signed for the shop, signed by the consignor, ended; what was frozen stays; who may do what."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from core import clock
from core.audit import AuditLine
from core.db import get_locked
from core.errors import Busy, Forbidden, Invalid, Refused
from core.people.models import Notice
from core.work import Actor, work
from market.channels.consignment.agreements import actions, own_data, queries, signing, standing, templating
from market.channels.consignment.agreements.actions import Wanted
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.signing import Signed
from market.channels.consignment.agreements.states import AGREEMENT, TEMPLATE
from market.channels.consignment.models import Consignor
from tests import agreement_stories as story


def row(session, row_id):
    session.rollback()
    return session.get_one(Agreement, row_id)


def locked(w, row_id):
    return get_locked(w.session, Agreement, row_id)


def test_from_the_counter_to_a_signature(session, doing, chen, offered):
    found = row(session, offered)
    assert found.state == "offered" and found.number.startswith("JS-") and len(found.digest) == 64
    assert set(found.text) == {"zh", "en"} and story.NAME not in json.dumps(found.text, ensure_ascii=False)
    assert queries.parties_of(found).consignor == story.NAME and story.NAME not in found.parties
    assert actions.fits(found)
    story.signed(doing, chen, offered)
    found = row(session, offered)
    assert (found.state, found.signed_how, found.taken_by, found.shown_in) == ("signed", "drawn", chen.id, "zh")
    assert json.loads(queries.signature_of(found)) == json.loads(story.DRAWN) and "100" not in found.signature[:3]
    assert actions.fits(found) and queries.signed_agreement(session, found.consignor_id).id == offered


def test_the_log_holds_no_names(session, doing, chen, offered):
    story.signed(doing, chen, offered)
    lines = session.query(AuditLine).filter(AuditLine.word.like("market:consignment%")).all()
    assert [line.word.split(":")[-1] for line in lines] == ["drafted", "activated", "drafted", "offered", "signed"]
    assert story.NAME not in json.dumps([line.facts for line in lines], ensure_ascii=False)


def test_a_typed_name_is_the_one_in_the_file(session, doing, chen, offered):
    for name in ("", "陈桂", "Somebody Else"):
        with pytest.raises(Invalid) as no:
            story.signed(doing, chen, offered, how="typed", name=name)
        assert no.value.field == "name"
    story.signed(doing, chen, offered, how="typed", name=" 陈 桂英 ")
    assert queries.signature_of(row(session, offered)) == story.NAME


@pytest.mark.parametrize(("also", "field"), [
    ({"agreed": False}, "agreed"), ({"drawn": ""}, "drawn"), ({"drawn": "[[[1,1]]]"}, "drawn"), ({"how": "account"}, "drawn"),
])  # fmt: skip
def test_no_signature_without_reading_and_signing(session, doing, chen, offered, also, field):
    with pytest.raises(Invalid) as no:
        story.signed(doing, chen, offered, **also)
    assert no.value.field == field and row(session, offered).state == "offered"
    story.signed(doing, chen, offered)


def test_at_home_by_the_linked_account_only(session, doing, chen, shop, terms, adas_file, ada, bob):
    row_id = story.offered(doing, chen, shop, terms, "C-0002")
    notice = session.query(Notice).filter_by(account_id=ada.id).one()
    assert notice.link == f"/consignment-agreements/{row_id}"
    signed = Signed(how="account", language="en", agreed=True)
    with pytest.raises(Forbidden), doing(bob) as w:
        signing.sign_at_home(w, locked(w, row_id), signed)
    with doing(ada) as w:
        signing.sign_at_home(w, locked(w, row_id), signed)
    found = row(session, row_id)
    assert (found.signed_how, found.taken_by, found.shown_in) == ("account", None, "en")
    assert own_data.personal_data(session, ada.id)["consignment_agreements"][0]["name"] == "Ada Liu"
    assert own_data.personal_data(session, bob.id)["consignment_agreements"] == []


def test_nobody_makes_an_agreement_with_themselves(session, doing, people, mu, chen, shop, terms):
    story.consignor(session, shop, mu, number="C-0009", account=chen, name="Chen")
    with pytest.raises(Forbidden):
        story.written(doing, chen, shop, terms, "C-0009")
    row_id = story.written(doing, mu, shop, terms, "C-0009")
    with pytest.raises(Forbidden), doing(chen) as w:
        actions.offer(w, locked(w, row_id), True)
    with doing(mu) as w:
        actions.offer(w, locked(w, row_id), True)
    with pytest.raises(Forbidden):
        story.signed(doing, chen, row_id)


def test_another_shops_people_stay_out(session, doing, people, charlie, shop, terms, file, offered):
    people.give_role(charlie, "shop_manager", people.organisation("城西寄卖店"))
    with pytest.raises(Forbidden):
        story.written(doing, charlie, shop, terms)
    with pytest.raises(Forbidden):
        story.signed(doing, charlie, offered)
    with pytest.raises(Forbidden), doing(charlie) as w:
        templating.retire(w, get_locked(w.session, TermsTemplate, terms))


def test_only_terms_in_use_and_open_files(session, doing, mu, chen, shop, terms, file):
    with doing(mu) as w:
        draft = templating.revise(w, get_locked(w.session, TermsTemplate, terms)).id
    for wanted, field in ((Wanted(file="C-0001", template_id=draft), "template"), (Wanted(file="C-0404", template_id=terms), "file")):
        with pytest.raises(Invalid) as no, doing(chen) as w:
            actions.draft(w, shop, wanted)
        assert no.value.field == field
    assert story.written(doing, chen, shop, terms, " c-0001 ")


def test_sent_twice_written_and_signed_once(session, doing, chen, shop, terms, file):
    made = []
    for _ in range(2):
        with doing(chen) as w:
            made.append(actions.draft(w, shop, Wanted(file="C-0001", template_id=terms, once="k1")).id)
    assert len(set(made)) == 1 and session.query(Agreement).count() == 1
    with doing(chen) as w:
        actions.offer(w, locked(w, made[0]), True)
    for _ in range(2):
        with doing(chen) as w:
            signing.sign_here(w, locked(w, made[0]), Signed(how="drawn", language="zh", agreed=True, drawn=story.DRAWN), "k2")
    with pytest.raises(Refused):
        story.signed(doing, chen, made[0])


def test_a_new_version_leaves_what_was_signed(session, doing, mu, chen, shop, terms, offered):
    story.signed(doing, chen, offered)
    before = row(session, offered)
    text, digest = before.text, before.digest
    pay = story.custom()["remuneration"]
    pay["policy"]["rules"][0]["percent"] = "35"
    new = story.revised(doing, mu, terms, remuneration=pay)
    session.rollback()
    assert session.get_one(TermsTemplate, terms).state == "retired" and session.get_one(TermsTemplate, new).version == 2
    after = row(session, offered)
    assert (after.text, after.digest) == (text, digest) and actions.fits(after)
    assert after.data["remuneration"]["policy"]["version"] == 1
    with pytest.raises(Invalid):
        story.written(doing, chen, shop, terms)
    assert row(session, story.written(doing, chen, shop, new)).data["remuneration"]["policy"]["version"] == 2


def test_a_version_that_changes_nothing_is_not_put_into_use(doing, mu, terms):
    with pytest.raises(Refused) as no:
        story.revised(doing, mu, terms)
    assert no.value.code == "no_change"


def test_the_database_keeps_what_stands(session, doing, chen, terms, offered):
    story.signed(doing, chen, offered)
    for statement in (
        "UPDATE consignment_templates SET data = '{}'", "UPDATE consignment_templates SET state = 'draft', activated_at = NULL",
        "DELETE FROM consignment_templates", "UPDATE consignment_agreements SET data = '{}'", "UPDATE consignment_agreements SET digest = 'x'",
        "UPDATE consignment_agreements SET text = '{}'", "UPDATE consignment_agreements SET signature = 'x'",
        "UPDATE consignment_agreements SET signed_how = 'typed'", "UPDATE consignment_agreements SET taken_by = drafted_by || 'x'",
        "UPDATE consignment_agreements SET shown_in = 'en'", "UPDATE consignment_agreements SET offered_by = NULL", "DELETE FROM consignment_agreements",
    ):  # fmt: skip
        with pytest.raises(DatabaseError):
            session.execute(sql(statement))
        session.rollback()
    session.execute(sql("UPDATE consignment_agreements SET signature = '', parties = ''"))
    session.rollback()


def test_states_are_walked_by_their_arrows_only(session, doing, chen, offered):
    for verb in ("terminate", "end"):
        with pytest.raises(Refused), doing(chen) as w:
            {"terminate": lambda w: actions.terminate(w, locked(w, offered), "shop"), "end": lambda w: actions.end(w, locked(w, offered))}[verb](w)
    assert not AGREEMENT.can("ended", "sign") and not TEMPLATE.can("retired", "activate") and AGREEMENT.can("offered", "withdraw")
    with doing(chen) as w:
        actions.withdraw(w, locked(w, offered))
    with pytest.raises(Refused):
        story.signed(doing, chen, offered)


def test_notice_runs_out_before_it_is_closed(session, doing, chen, shop, terms, adas_file, ada, bob):
    row_id = story.signed(doing, chen, story.offered(doing, chen, shop, terms, "C-0002"))
    with pytest.raises(Forbidden), doing(bob) as w:
        actions.terminate(w, locked(w, row_id), "consignor")
    with doing(ada) as w:
        actions.terminate(w, locked(w, row_id), "consignor")
    found = row(session, row_id)
    assert found.notice_by == "consignor" and found.runs_out_at - clock.now() > timedelta(days=6)
    with pytest.raises(Refused) as no, doing(chen) as w:
        actions.end(w, locked(w, row_id))
    assert no.value.code == "still_runs"
    with work(session, Actor(chen.id), clock.now() + timedelta(days=8)) as w:
        actions.end(w, locked(w, row_id))
    assert row(session, row_id).state == "ended"


def test_names_and_signature_go_three_years_after_the_end(session, doing, chen, offered):
    story.signed(doing, chen, offered)
    with doing(chen) as w:
        actions.terminate(w, locked(w, offered), "shop")
    with work(session, Actor("system:test"), clock.now() + timedelta(days=7, hours=1)) as w:
        own_data.sweep(w)
    assert row(session, offered).state == "ended"
    for days, gone in ((1097, False), (1110, True)):
        with work(session, Actor("system:test"), clock.now() + timedelta(days=days)) as w:
            own_data.sweep(w)
        found = row(session, offered)
        assert (found.parties == "" and found.signature == "") is gone
    assert actions.fits(found) and queries.parties_of(found) is None and found.text


def test_nothing_ends_without_a_notice(session, doing, chen, offered):
    story.signed(doing, chen, offered)
    with pytest.raises(Refused), doing(chen) as w:
        actions.end(w, locked(w, offered))
    with doing(chen) as w:
        actions.terminate(w, locked(w, offered), "shop")
    with doing() as w:
        own_data.sweep(w)
    for change in ("notice_by = 'consignor'", "runs_out_at = '2020-01-01'"):
        with pytest.raises(DatabaseError):
            session.execute(sql(f"UPDATE consignment_agreements SET {change}"))
        session.rollback()
    found = row(session, offered)
    assert found.state == "terminated" and standing.binds(found, clock.now()) and not standing.binds(found, clock.now() + timedelta(days=8))


def test_who_leaves_takes_drafts_and_offers_along(session, doing, chen, shop, terms, adas_file, file, ada):
    from core.ports import PersonClosing, happened, holds

    theirs = [story.written(doing, chen, shop, terms, "C-0002"), story.offered(doing, chen, shop, terms, "C-0002")]
    other = story.offered(doing, chen, shop, terms)
    assert list(holds(session, ada.id)) == []
    with doing(ada) as w:
        happened(w, PersonClosing(ada.id))
    assert [row(session, one).state for one in (*theirs, other)] == ["withdrawn", "withdrawn", "offered"]


def test_what_both_signed_keeps_the_account(session, doing, chen, shop, terms, adas_file, ada):
    from core.ports import holds

    story.signed(doing, chen, story.offered(doing, chen, shop, terms, "C-0002"))
    assert [one.code for one in holds(session, ada.id)] == ["consigned"]


def test_nothing_is_signed_on_a_closed_file(session, doing, chen, offered, file):
    with doing() as w:
        w.session.get_one(Consignor, file).state, w.session.get_one(Consignor, file).closed_at = "closed", w.now
    with pytest.raises(Refused) as no:
        story.signed(doing, chen, offered)
    assert no.value.code == "file_closed"
    with doing() as w:
        own_data.sweep(w)
    assert row(session, offered).state == "withdrawn"


def test_a_draft_on_terms_gone_out_of_use_is_written_anew(session, doing, mu, chen, shop, terms, file):
    old = story.written(doing, chen, shop, terms)
    new = story.revised(doing, mu, terms, notice_days=10)
    with pytest.raises(Refused) as no, doing(chen) as w:
        actions.offer(w, locked(w, old), True)
    assert no.value.code == "terms_retired" and row(session, old).state == "drafted"
    assert row(session, story.offered(doing, chen, shop, new)).state == "offered"


def test_a_shop_that_announced_its_end_makes_no_new_agreements(session, doing, mu, chen, shop, terms, file, offered):
    from market.shops import closings

    draft = story.written(doing, chen, shop, terms)
    with doing(mu) as w:
        closings.announce(w, shop, clock.local(clock.now()).date() + timedelta(days=40), "搬迁", 30)
    for refused in (lambda: story.written(doing, chen, shop, terms), lambda: story.offered_now(doing, chen, draft)):
        with pytest.raises(Refused) as no:
            refused()
        assert no.value.code == "shop_ends"
    story.signed(doing, chen, offered)


def test_the_shop_is_told_what_happens_at_home(session, doing, people, mu, chen, shop, terms, adas_file, ada):
    cashier = people.person("He")
    people.give_role(cashier, "shop_cashier", shop)
    row_id = story.offered(doing, chen, shop, terms, "C-0002")
    with doing(ada) as w:
        signing.sign_at_home(w, locked(w, row_id), Signed(how="account", language="zh", agreed=True))
    with doing(ada) as w:
        actions.terminate(w, locked(w, row_id), "consignor")
    told = session.query(Notice).filter_by(link=f"/consignment/{shop}/agreements/{row_id}").all()
    assert sorted(one.account_id for one in told) == sorted([mu.id, mu.id, chen.id, chen.id])


def test_two_managers_draft_at_once(session, doing, mu, terms):
    with doing(mu) as w:
        one = templating.revise(w, get_locked(w.session, TermsTemplate, terms)).id
    with doing(mu) as w:
        assert templating.revise(w, get_locked(w.session, TermsTemplate, terms)).id == one
    with pytest.raises(Busy), doing(mu) as w:
        row = get_locked(w.session, TermsTemplate, terms)
        w.put(TermsTemplate(id="0" * 26, org_id=row.org_id, code=row.code, version=3, data={}, digest="", made_by=mu.id, made_at=w.now))
