"""Files opened at the counter by plain forms, looked up, shown in full with a reason; nobody of another shop sees any."""

import json
import logging

import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditLine
from market.channels.consignment import actions, queries, rules
from market.channels.consignment.models import Consignor
from tests import consignor_stories as story
from tests.consignor_stories import CARD, checked

GRANDMA = checked("33010619520304752")
TYPED = {
    "name": "林奶奶", "paper_kind": "resident_id", "paper_no": GRANDMA, "contact": "139 0000 1234", "address": "翠苑一区 20 幢 301", "payout": "transfer",
    "payout_account": CARD, "no_discount": "y", "once": "press-1",
}  # fmt: skip


def words(session, like="market:consignor%"):
    session.rollback()
    return [(one.word.split(":", 1)[1], one.facts) for one in session.scalars(select(AuditLine).where(AuditLine.word.like(like)).order_by(AuditLine.line_no))]


def test_a_clerk_opens_a_file_and_a_second_press_opens_no_second(session, chen, shop):
    client, path = chen.client(), f"/consignment/{shop}/consignors/new"
    assert client.get("/consignment").location == f"/consignment/{shop}/consignors"
    assert "Say this to the person first" in client.get(path).text
    first, again = client.post(path, data=TYPED), client.post(path, data=TYPED)
    assert first.status_code == again.status_code == 303 and first.location == again.location
    (row,) = session.scalars(select(Consignor))
    assert (row.number, row.shown, row.state, row.payout, row.no_discount, row.donate_unsold) == ("C-0001", "林**", "open", "transfer", True, False)
    assert row.paper_seen_by == row.opened_by == chen.id
    page = client.get(first.location).text
    assert "C-0001" in page and "林**" in page and "139****1234" in page and f"****{CARD[-4:]}" in page
    assert not any(whole in page for whole in ("林奶奶", GRANDMA, "13900001234", CARD, "翠苑"))
    assert "林**" in client.get(f"/consignment/{shop}/consignors").text


def test_the_same_paper_opens_the_file_that_is_there(session, chen, mu, shop, file_id):
    told = {**TYPED, "once": "press-2", "contact": "13712345678", "name": "别的名字"}
    answer = mu.client().post(f"/consignment/{shop}/consignors/new", data=told, follow_redirects=True)
    assert "This paper has a file here already: C-0001" in answer.text and "139****1234" in answer.text
    assert len(session.scalars(select(Consignor)).all()) == 1 and queries.plain(story.row(session, file_id).name, queries.NAME) == "林奶奶"
    other = mu.client().post(f"/consignment/{shop}/consignors/new", data={**TYPED, "once": "press-3", "paper_kind": "passport", "paper_no": "E12345678", "of_age": "y"})
    assert other.status_code == 303 and {one.number for one in session.scalars(select(Consignor))} == {"C-0001", "C-0002"}


def test_two_shops_have_a_file_each_and_each_begins_its_own_numbers(session, doing, chen, fu, shop, file_id):
    elsewhere = next(one.organisation.id for one in _memberships(session, fu))
    other = story.opened(doing, fu, elsewhere)
    assert other != file_id and story.row(session, other).number == story.row(session, file_id).number == "C-0001"


def _memberships(session, person):
    from core.people.queries import memberships

    return memberships(session, person.id)


def test_a_closed_file_is_opened_again_by_its_paper(session, doing, chen, shop, file_id):
    with doing(chen) as w:
        actions.close(w, w.session.get_one(Consignor, file_id))
    assert story.row(session, file_id).closed_at is not None
    session.rollback()
    assert story.opened(doing, chen, shop) == file_id
    assert (story.row(session, file_id).state, story.row(session, file_id).closed_at) == ("open", None)


@pytest.mark.parametrize(("wrong", "field", "said"), [
    ({"paper_no": GRANDMA[:-1] + ("0" if GRANDMA[-1] != "0" else "1")}, "paper_no", "The check character doesn"), ({"paper_no": GRANDMA[:-1]}, "paper_no", "identity card"), ({"paper_kind": ""}, "paper_kind", "Choose the kind"),
    ({"paper_no": checked("33010620150304001")}, "paper_no", "a parent or another guardian has to bring the goods"),
    ({"paper_kind": "passport", "paper_no": "E12345678"}, "of_age", "Look at the birthday"), ({"name": "林"}, "name", "Write the name"),
    ({"contact": "12345"}, "contact", "11 digits"), ({"contact": "@"}, "contact", "e-mail"), ({"payout_account": ""}, "payout_account", "needs the number"),
    ({"payout_account": CARD[:-1] + "x"}, "payout_account", "8 to 32 digits"), ({"payout": "gold"}, "payout", "Choose one"), ({"address": "x" * 201}, "address", "200"),
])  # fmt: skip
def test_what_is_mistyped_is_told_at_its_field_and_nothing_is_lost(session, chen, shop, wrong, field, said):
    told = {**TYPED, **wrong}
    answer = chen.client().post(f"/consignment/{shop}/consignors/new", data=told)
    assert answer.status_code == 422 and said in answer.text and f'id="{field}' in answer.text
    assert all(told[kept].replace("'", "&#39;") in answer.text for kept in ("name", "paper_no", "contact", "address"))
    assert session.scalars(select(Consignor)).all() == []
    assert chen.client().post(f"/consignment/{shop}/consignors/new", data=TYPED).status_code == 303


def test_nobody_opens_a_file_for_themselves(session, doing, chen, mu, shop):
    told = {**TYPED, "contact": story.address_of(session, chen)}
    answer = chen.client().post(f"/consignment/{shop}/consignors/new", data=told)
    assert answer.status_code == 422 and "This contact is your own" in answer.text
    assert mu.client().post(f"/consignment/{shop}/consignors/new", data=told).status_code == 303


def test_nobody_writes_their_own_contact_into_a_file(session, chen, mu, file_id):
    told = {"contact": story.address_of(session, chen), "payout": "cash"}
    session.rollback()
    answer = chen.client().post(f"/consignors/{file_id}/change", data=told)
    assert answer.status_code == 422 and "This contact is your own" in answer.text and story.row(session, file_id).contact_masked == "139****1234"
    session.rollback()
    assert mu.client().post(f"/consignors/{file_id}/change", data=told).status_code == 303


def test_every_field_is_told_at_once_and_nothing_is_opened_without_the_pages_key(session, chen, shop):
    client, path = chen.client(), f"/consignment/{shop}/consignors/new"
    answer = client.post(path, data={**TYPED, "name": "林", "paper_no": "1", "contact": "1", "payout_account": "x"})
    assert answer.status_code == 422 and all(f'id="{one}-error"' in answer.text for one in ("name", "paper_no", "contact", "payout_account"))
    for _ in range(2):
        bare = client.post(path, data={name: one for name, one in TYPED.items() if name != "once"})
        assert bare.status_code == 422 and "without its own number" in bare.text
    assert session.scalars(select(Consignor)).all() == []
    session.rollback()
    assert client.post(path, data=TYPED).status_code == 303


def test_no_file_is_opened_while_the_shop_takes_no_goods(session, doing, chen, mu, shop):
    from datetime import timedelta

    from market.shops import closings

    client, path = chen.client(), f"/consignment/{shop}/consignors/new"
    assert client.post(path, data=TYPED).status_code == 303
    assert "36 months after the file is closed" in client.get(path).text
    with doing(mu) as w:
        closings.announce(w, shop, clock.local(clock.now()).date() + timedelta(days=40), "搬迁", 30)
    page = client.get(path).text
    assert "announced its end" in page and 'name="paper_no"' not in page
    late = client.post(path, data={**TYPED, "once": "press-9", "paper_kind": "passport", "paper_no": "E12345678", "of_age": "y"})
    assert late.status_code == 409 and "announced its end" in late.text and len(session.scalars(select(Consignor)).all()) == 1


@pytest.mark.parametrize("typed", ["C-0001", "1", "13900001234", GRANDMA.lower()])
def test_a_file_is_found_by_whole_numbers_and_the_address_names_none(chen, shop, session, file_id, typed):
    answer = chen.client().post(f"/consignment/{shop}/consignors/find", data={"sought": typed})
    assert answer.status_code == 303 and answer.location == f"/consignors/{file_id}"
    assert [word for word, _facts in words(session)] == ["consignor:opened", "consignor:looked_up"]


def test_what_isnt_found_is_said_and_several_are_listed(session, doing, chen, shop, file_id):
    client, path = chen.client(), f"/consignment/{shop}/consignors/find"
    assert "No file fits" in client.post(path, data={"sought": "13700000000"}).text
    part = client.post(path, data={"sought": "林奶"})
    assert part.status_code == 422 and "parts find nothing" in part.text and "林奶" in part.text
    story.opened(doing, chen, shop, number="E12345678", kind="passport", of_age=True, name="林爷爷")
    both = client.post(path, data={"sought": "13900001234"})
    assert both.status_code == 200 and "C-0001" in both.text and "C-0002" in both.text and "Found: 2" in both.text
    assert [facts["found"] for word, facts in words(session) if word.endswith("looked_up")] == [0, 2, 2]


def test_another_shops_manager_sees_and_does_nothing(session, doing, mu, fu, shop, file_id, bob):
    there = [("get", f"/consignors/{file_id}"), ("get", f"/consignors/{file_id}/change"), ("get", f"/consignment/{shop}/consignors"), ("get", f"/consignors/{file_id}/delegates/new")]
    there += [("post", f"/consignors/{file_id}/{one}") for one in ("show", "change", "close", "reopen", "slip", "slip/end", "delegates/new")]
    there += [("post", f"/consignment/{shop}/consignors/find"), ("post", f"/consignment/{shop}/consignors/new"), ("get", f"/consignments/{file_id}"), ("post", f"/consignments/{file_id}/choices")]
    for who in (fu, bob):
        assert {getattr(who.client(), verb)(path, data={**TYPED, "sought": "1", "why": "reach"}).status_code for verb, path in there} == {403}
    ours = mu.client()
    assert [ours.get(path).status_code for verb, path in there[:4]] == [200] * 4
    other = next(one.organisation.id for one in _memberships(session, fu))
    session.rollback()
    found = fu.client().post(f"/consignment/{other}/consignors/find", data={"sought": GRANDMA})
    assert "No file fits" in found.text
    assert words(session)[-1] == ("consignor:looked_up", {"by": "paper", "found": 0})


def test_a_school_keeps_no_files(people, session, doing):
    head, school = people.person("Lin"), people.organisation("文一街小学", "school")
    people.give_role(head, "shop_manager", school)
    assert head.client().get(f"/consignment/{school}/consignors").status_code == 404
    assert "No shop of yours takes consignments" in head.client().get("/consignment").text


def test_in_full_only_with_a_reason_that_the_person_reads(session, mu, file_id):
    client = mu.client()
    for why in ("", "curious"):
        no = client.post(f"/consignors/{file_id}/show", data={"why": why})
        assert no.status_code == 422 and "Choose why you need it" in no.text and "林奶奶" not in no.text
    full = client.post(f"/consignors/{file_id}/show", data={"why": "pay_out"})
    assert full.status_code == 200 and all(one in full.text for one in ("林奶奶", GRANDMA, "13900001234", "翠苑一区 20 幢 301"))
    assert "no-store" in full.headers["Cache-Control"] and "林奶奶" not in client.get(f"/consignors/{file_id}").text
    assert [facts["why"] for word, facts in words(session) if word.endswith("shown_in_full")] == ["pay_out"]


def test_a_clerk_sees_in_full_what_they_opened_today_and_nothing_else(session, people, doing, chen, shop, file_id):
    path = f"/consignors/{file_id}/show"
    assert chen.client().post(path, data={"why": "at_counter"}).status_code == 200
    other = people.person("Hu")
    people.give_role(other, "shop_clerk", shop)
    assert other.client().post(path, data={"why": "at_counter"}).status_code == 403
    with doing() as w:
        w.session.get_one(Consignor, file_id).opened_at = clock.now().replace(year=2025)
    assert "A clerk sees in full only what they opened today" in chen.client().get(f"/consignors/{file_id}").text
    assert chen.client().post(path, data={"why": "at_counter"}).status_code == 403
    from core.errors import Forbidden

    with pytest.raises(Forbidden), doing(chen) as w:
        actions.show_in_full(w, w.session.get_one(Consignor, file_id), "at_counter")


def test_staff_put_contact_and_wishes_right(session, chen, file_id):
    client, path = chen.client(), f"/consignors/{file_id}/change"
    assert "13900001234" not in client.get(path).text
    assert client.post(path, data={"contact": "", "payout": "transfer", "payout_account": CARD, "donate_unsold": "y"}).status_code == 303
    row = story.row(session, file_id)
    assert (row.payout, row.payout_masked, row.donate_unsold, row.contact_masked) == ("transfer", f"****{CARD[-4:]}", True, "139****1234")
    assert client.post(path, data={"contact": "Lin@Example.cn", "address": "新华路 1 号", "payout": "transfer"}).status_code == 303
    row = story.row(session, file_id)
    assert queries.plain(row.contact, queries.CONTACT) == "lin@example.cn" and queries.plain(row.payout_account, queries.ACCOUNT) == CARD
    assert client.post(path, data={"payout": "hold"}).status_code == 303
    row = story.row(session, file_id)
    assert (row.payout_account, row.payout_masked) == ("", ""), "no account is kept that nothing is paid to"
    wrong = client.post(path, data={"contact": "nonsense", "payout": "hold"})
    assert wrong.status_code == 422 and "nonsense" in wrong.text


def test_closed_and_opened_again_at_the_counter(session, chen, file_id):
    client = chen.client()
    assert client.post(f"/consignors/{file_id}/reopen").status_code == 409
    assert client.post(f"/consignors/{file_id}/close").status_code == 303
    page = client.get(f"/consignors/{file_id}").text
    assert "File closed" in page and "All but the number is destroyed on" in page
    assert client.get(f"/consignors/{file_id}/change").status_code == 409 and client.post(f"/consignors/{file_id}/slip").status_code == 409
    shop = story.row(session, file_id).org_id
    session.rollback()
    assert "C-0001" in client.get(f"/consignment/{shop}/consignors?state=closed").text and "C-0001" not in client.get(f"/consignment/{shop}/consignors").text
    assert client.post(f"/consignors/{file_id}/reopen").status_code == 303
    assert "C-0001" in client.get(f"/consignment/{shop}/consignors?page=nonsense").text


@pytest.mark.parametrize("page", ["0", "-1", "²", "9" * 30, "2"])
def test_odd_pages_of_the_list_are_pages(chen, shop, file_id, page):
    assert chen.client().get(f"/consignment/{shop}/consignors?page={page}").status_code == 200


def test_nothing_of_who_it_is_stands_in_log_notices_addresses_or_letters(session, app, chen, mu, shop, caplog):
    caplog.set_level(logging.DEBUG)
    client = chen.client()
    seen = [client.post(f"/consignment/{shop}/consignors/new", data=TYPED)]
    file_path = seen[0].location
    for path, data in (
        (f"/consignment/{shop}/consignors/find", {"sought": GRANDMA}), (f"/consignment/{shop}/consignors/find", {"sought": "13900001234"}),
        (f"{file_path}/show", {"why": "reach"}), (f"{file_path}/change", {"contact": "13712345678", "payout": "transfer", "payout_account": CARD}),
        (f"{file_path}/delegates/new", {"name": "林小明", "paper_kind": "passport", "paper_no": "E87654321", "goods": "y", "once": "press-2"}),
        (f"{file_path}/slip", {}), (f"{file_path}/close", {}),
    ):  # fmt: skip
        seen.append(client.post(path, data=data))
    session.rollback()
    lines = session.scalars(select(AuditLine)).all()
    told = json.dumps([[one.word, one.subject, one.actor, one.facts] for one in lines], ensure_ascii=False)
    secrets_ = ("林", GRANDMA, GRANDMA[-4:], "13900001234", "13712345678", CARD, "翠苑", "E87654321", "4321")
    places = [told, caplog.text, *(str(one.location) for one in seen)]
    assert len(lines) > 7 and not [one for one in secrets_ for place in places if one in place]
    raw = session.connection().exec_driver_sql("SELECT * FROM consignors").all() + session.connection().exec_driver_sql("SELECT * FROM consignor_delegates").all()
    stored = str(raw)
    assert not [one for one in ("林奶奶", "林小明", GRANDMA, "13712345678", CARD, "E87654321", "翠苑") if one in stored], "what is at rest is encrypted"


def test_every_reason_has_its_word():
    assert all(rules.LOOKS.values()) and all(rules.DELEGATE_ENDS.values())
