"""What it costs, for everybody; drafts, the simulator and the announcement, for administrators only."""

import json
import re
from datetime import timedelta

import pytest

from core import canonical, clock, ports
from core.ports import CompletedSale
from market.ledger.fees import actions
from market.ledger.fees.queries import find_draft, find_version, get_frozen
from market.ledger.fees.views.simulator import period
from tests.house.page_reader import read
from tests.market.ledger.fees.conftest import BUSINESS, PRIVATE

HALF = {"rules": [{"name": "commission", "kind": "percent", "percent": "1.5", "min": 100, "max": 50000, "base": "net"}]}


@pytest.fixture
def admin(root):
    return root.client()


@pytest.fixture
def draft(kept, doing, root):
    """Root would halve the fees of businesses."""
    with doing(root) as w:
        row = actions.draft(w, BUSINESS)
        actions.write(w, row, row.data | HALF)
        return row.version


@pytest.fixture
def sold(monkeypatch, people):
    """Last month two places and a person sold something."""
    first, _last = period(clock.local(clock.now()).date(), 1)
    west, east, alice = people.organisation("西湖旧货行"), people.organisation("东湖书店"), people.person("Alice").id
    common = {"seller_id": alice, "currency": "CNY", "on": first, "category": "clothing"}
    sales = [
        CompletedSale(id="1", org_id=west, channel="business", price=100_000, **common),
        CompletedSale(id="2", org_id=west, channel="business", price=50_000, quantity=2, discount=20_000, **common),
        CompletedSale(id="3", org_id=east, channel="business", price=3_000, **common),
        CompletedSale(id="4", channel="private", price=70_000, **common),
        CompletedSale(id="5", channel="business", price=20_000, **common),
        CompletedSale(id="6", org_id=east, channel="business", price=1_000, **(common | {"currency": "JPY"})),
        CompletedSale(id="7", org_id="gone", channel="business", price=9_000, **common),
    ]

    def provider(session, since, until):
        assert since <= until
        return [one for one in sales if since <= one.on <= until]

    monkeypatch.setitem(ports._providers["completed_sales"], "test", provider)
    return sales


def fields(form_page):
    """Name and value of every field that a browser would send."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form_page):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)[1]
        if name and (kind not in ("checkbox", "radio") or " checked" in tag) and kind != "submit":
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form_page, re.S):
        sent[name] = (re.search(r'<option selected value="([^"]*)"', inside) or re.search(r'value="([^"]*)"', inside))[1]
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*(.*?)</textarea>', form_page, re.S):
        sent[name] = inside
    return sent


@pytest.mark.parametrize("kept_or_not", ["kept", "app"])
def test_everybody_reads_what_it_costs(request, kept_or_not, anonymous):
    request.getfixturevalue(kept_or_not)
    page = anonymous.get("/fees").text
    for words in ("Nothing is charged.", "3 % of what the buyer pays, at least ¥1.00, at most ¥500.00", "only for: Book", "Counts now"):
        assert words in page
    assert "Draft a change" not in page and page.index("Residents") < page.index("Business sellers")
    assert read(page).problems("en", set()) == []


@pytest.mark.parametrize(("asked", "words"), [
    ("channel=market-business", None),
    ("channel=business&price=1999.90&discount=10", ["¥1,989.90", "¥59.70", "¥1,930.20", "1,989.90 (what the buyer pays)"]),
    ("channel=business&price=199&category=book", ["¥1.99", "¥197.01", "Platform fee (books)"]),
    ("channel=business&price=0.50", ["this part of the fee is not charged", "¥0.00"]),
    ("channel=private&price=199", ["¥199.00"]),
    ("price=199", ["¥199.00"]),
    ("channel=business&price=", ["Please enter an amount."]),
    ("channel=business&price=abc", ["This is not an amount of money."]),
    ("channel=business&price=10&discount=x", ["This is not an amount of money."]),
    ("channel=business&price=10&discount=11", ["The discount can&#39;t be more than the price."]),
    ("channel=auction&price=10", ["Not a valid choice"]),
    ("channel=business&price=10&category=spaceship", ["Not a valid choice"]),
    ("channel=business&price=%00", ["Please enter an amount."]),
])  # fmt: skip
def test_the_calculator_explains_a_sale(kept, anonymous, asked, words):
    answer = anonymous.get(f"/fees?{asked}")
    assert answer.status_code == 200 and read(answer.text).problems("en", set()) == []
    assert [one for one in words or [] if one not in answer.text] == []
    assert ("How each amount came about" in answer.text) == (words is not None and "¥" in words[0] + words[-1])


def test_a_version_is_read_and_taken_home(kept, anonymous, session):
    page = anonymous.get(f"/fees/{BUSINESS}/1").text
    digest = get_frozen(session, BUSINESS, 1).digest
    assert digest in page and "Half a unit and more counts up" in page and "Announce" not in re.sub("Announced on", "", page)
    answer = anonymous.get(f"/fees/{BUSINESS}/1.json")
    assert canonical.digest(json.loads(answer.data)) == digest and answer.data == canonical.encode(json.loads(answer.data))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="market-business-1.json"'
    for path in (f"/fees/{BUSINESS}/2", "/fees/nothing/1", f"/fees/{BUSINESS}/{10**30}", f"/fees/{BUSINESS}/2.json"):
        assert anonymous.get(path).status_code == 404


def test_a_draft_is_the_administrators_alone(draft, anonymous, alice, wang, admin):
    for client in (anonymous, alice.client(), wang.client()):
        assert client.get(f"/fees/{BUSINESS}/2").status_code == client.get(f"/fees/{BUSINESS}/2.json").status_code == 404
        assert "Version 2" not in client.get("/fees").text
    assert admin.get(f"/fees/{BUSINESS}/2").status_code == 200
    for path in (f"/fees/{BUSINESS}/draft", f"/fees/{BUSINESS}/2/edit", f"/fees/{BUSINESS}/2/announce", f"/fees/{BUSINESS}/2/withdraw"):
        assert alice.client().post(path).status_code == 403
        assert anonymous.post(path).status_code == 303
    for path in (f"/fees/{BUSINESS}/2/edit", f"/fees/{BUSINESS}/simulate"):
        assert alice.client().get(path).status_code == 403 and admin.get(path).status_code == 200
    assert admin.get(f"/fees/{BUSINESS}/1/edit").status_code == admin.get("/fees/nothing/simulate").status_code == 404
    assert admin.post("/fees/nothing/draft").status_code == 404


def test_an_announcement_asks_for_the_second_factor_afresh(draft, root, session):
    begins = (clock.local(clock.now()) + timedelta(days=9)).date().isoformat()
    answer = root.client(factor=False).post(f"/fees/{BUSINESS}/2/announce", data={"begins": begins})
    assert answer.status_code == 303 and "factor" in answer.location
    assert find_draft(session, BUSINESS) is not None


@pytest.mark.parametrize(("begins", "says"), [
    ("", "Please choose a day."), ("31.1.2027", "Please choose a day."), ("9999-12-32", "Please choose a day."),
    ("2020-01-01", "at least 7 days before"),
])  # fmt: skip
def test_a_wrong_day_is_said_at_its_field(draft, admin, session, begins, says):
    answer = admin.post(f"/fees/{BUSINESS}/2/announce", data={"begins": begins})
    assert answer.status_code == 422 and says in answer.text
    session.rollback()
    assert find_draft(session, BUSINESS) is not None


def test_from_draft_to_public(kept, admin, anonymous, session):
    """Root drafts, changes a row, saves, announces; everybody reads it at once, and it counts from its day."""
    answer = admin.post(f"/fees/{BUSINESS}/draft")
    assert answer.location == f"/fees/{BUSINESS}/2/edit"
    page = admin.get(answer.location).text
    assert read(page).problems("en", set()) == []
    sent = fields(page) | {"rules-0-percent": "2.5 %", "rules-0-least": "0.80", "rules-1-remove": "y", "note_zh": "下调", "note_en": "Lower"}
    assert admin.post(answer.location, data=sent | {"what": "save"}).status_code == 303
    session.rollback()
    data = find_draft(session, BUSINESS).data
    assert data["rules"] == [{
        "name": "commission", "label": {"zh": "平台服务费", "en": "Platform fee"}, "kind": "percent", "percent": "2.5", "base": "net",
        "min": 80, "max": 50000, "before_split": False,
    }]  # fmt: skip
    assert data["note"] == {"zh": "下调", "en": "Lower"} and data["title"]["zh"]
    begins = (clock.local(clock.now()) + timedelta(days=8)).date()
    answer = admin.post(f"/fees/{BUSINESS}/2/announce", data={"begins": begins.isoformat()})
    assert answer.status_code == 303, answer.text
    page = anonymous.get("/fees").text
    assert "2.5 % of what the buyer pays, at least ¥0.80" in page and "3 % of what the buyer pays" in page and "Lower" in page
    with clock.stopped_at(clock.now() + timedelta(days=8, hours=1)):
        page = anonymous.get("/fees").text
        assert "Earlier versions" in page and "3 % of what the buyer pays" not in page
        assert anonymous.get(f"/fees/{BUSINESS}/1").status_code == 200
        assert "¥24.75" in anonymous.get("/fees?channel=business&price=990").text
        assert "Give this version up" not in admin.get(f"/fees/{BUSINESS}/2").text


def test_a_draft_saved_as_it_was_is_the_same_text(kept, admin, session):
    admin.post(f"/fees/{BUSINESS}/draft")
    before = find_draft(session, BUSINESS).data
    admin.post(f"/fees/{BUSINESS}/2/edit", data=fields(admin.get(f"/fees/{BUSINESS}/2/edit").text))
    session.rollback()
    assert find_draft(session, BUSINESS).data == before


STEPS = {
    "rules-0-kind": "steps", "rules-0-percent": "", "rules-0-bands-0-start": "0", "rules-0-bands-0-percent": "4",
    "rules-0-bands-1-start": "1000", "rules-0-bands-1-amount": "45", "rules-0-graduated": "y",
}  # fmt: skip


def test_steps_conditions_and_shares_are_rows_and_fields(kept, admin, session):
    admin.post(f"/fees/{BUSINESS}/draft")
    sent = fields(admin.get(f"/fees/{BUSINESS}/2/edit").text) | STEPS | {
        "rules-0-since": "2027-03-01", "rules-0-until": "2027-03-31", "rules-0-seller": "s1", "rules-0-before_split": "y",
        "rules-0-label_zh": "", "rules-0-label_en": "", "mode": "down", "on": "payout", "per": "total", "absorber": "shared",
        "shop_share": "１", "seller_share": "3", "lost": "not_paid", "note_zh": "", "note_en": "",
    }  # fmt: skip
    assert admin.post(f"/fees/{BUSINESS}/2/edit", data=sent).status_code == 303
    session.rollback()
    data = find_draft(session, BUSINESS).data
    assert data["rules"][0] == {
        "name": "commission", "kind": "steps", "graduated": True, "base": "net", "min": 100, "max": 50000, "before_split": True,
        "steps": [{"from": 0, "percent": "4"}, {"from": 100000, "amount": 4500}],
        "match": {"seller": "s1", "from": "2027-03-01", "until": "2027-03-31"},
    }  # fmt: skip
    assert data["rounding"] == {"mode": "down", "on": "payout", "per": "total"}
    assert (data["discount_shares"], data["lost_items"], "note" in data) == ({"shop": 1, "seller": 3}, "not_paid", False)
    again = fields(admin.get(f"/fees/{BUSINESS}/2/edit").text)
    assert again["rules-0-bands-1-amount"] == "45.00" and again["rules-0-graduated"] == "y" and again["seller_share"] == "3"


@pytest.mark.parametrize(("change", "at", "says"), [
    ({"rules-0-percent": "three"}, "rules-0-percent", "A percentage is a decimal text"),
    ({"rules-0-percent": ""}, "rules-0-percent", "This is missing."),
    ({"rules-0-least": "x"}, "rules-0-least", "This is not an amount of money."),
    ({"rules-0-least": "501"}, "rules-0-least", "The least is more than the most."),
    ({"rules-0-name": ""}, "rules-0-name", "This is missing."),
    ({"rules-0-name": "payout"}, "rules-0-name", "the reckoning uses this word"),
    ({"rules-0-kind": "formula"}, "rules-0-kind", "This must be one of"),
    ({"rules-0-label_en": ""}, "rules-0-label_en", "This is missing."),
    ({"rules-0-since": "soon"}, "rules-0-since", "A day is written like"),
    ({"rules-0-since": "2027-02-01", "rules-0-until": "2027-01-01"}, "rules-0-since", "The first day is after the last."),
    ({"rules-1-category": ""}, "rules-1-name", "Rule 1 has the same name"),
    ({"rules-0-kind": "flat", "rules-0-amount": ""}, "rules-0-amount", "This is missing."),
    (STEPS | {"rules-0-bands-1-start": "0"}, "rules-0-bands-1-start", "Each step begins above the one before."),
    (STEPS | {"rules-0-bands-0-amount": "3"}, "rules-0-bands-0-percent", "either a percentage or an amount"),
    (STEPS | {"rules-0-bands-0-start": "?"}, "rules-0-bands-0-start", "This is not an amount of money."),
    ({"rules-0-kind": "steps"}, "rules-0-kind", "At least one step is needed."),
    ({"absorber": "shared", "shop_share": "half"}, "shop_share", "This must be a whole number"),
    ({"absorber": "shared", "shop_share": "0", "seller_share": "0"}, "absorber", "At least one side must bear a share."),
    ({"absorber": "nobody"}, "absorber", "This must be one of"),
    ({"mode": "nearest"}, "mode", "This must be one of"),
    ({"note_zh": "x", "note_en": ""}, "note_en", "This is missing."),
    ({"note_zh": "x" * 601, "note_en": "x"}, "note_zh", "600"),
])  # fmt: skip
def test_an_error_stands_at_its_field_and_nothing_is_lost(kept, admin, session, change, at, says):
    admin.post(f"/fees/{BUSINESS}/draft")
    before = find_draft(session, BUSINESS).data
    sent = fields(admin.get(f"/fees/{BUSINESS}/2/edit").text)
    for what in ("save", "try"):
        answer = admin.post(f"/fees/{BUSINESS}/2/edit", data=sent | change | {"what": what})
        assert answer.status_code == 422 and read(answer.text).problems("en", set()) == []
        error = re.search(rf'id="{at}-error">(.*?)</p>', answer.text, re.S)
        assert error and says in error[1], (at, re.findall(r'id="[^"]*-error">.*?</p>', answer.text, re.S))
        kept_fields = fields(answer.text)
        assert {name: kept_fields.get(name) for name in change if not name.endswith(("kind", "mode", "absorber"))} == {
            name: value for name, value in change.items() if not name.endswith(("kind", "mode", "absorber"))
        }
    session.rollback()
    assert find_draft(session, BUSINESS).data == before


def test_one_more_rule_is_one_more_row(kept, admin, session):
    admin.post(f"/fees/{PRIVATE}/draft")
    page = admin.get(f"/fees/{PRIVATE}/2/edit").text
    assert "No rules yet" in page
    more = admin.post(f"/fees/{PRIVATE}/2/edit", data=fields(page) | {"what": "add"})
    assert more.status_code == 200 and "Rule 1" in more.text
    sent = fields(more.text) | {"rules-0-name": "commission", "rules-0-percent": "0.6"}
    assert admin.post(f"/fees/{PRIVATE}/2/edit", data=sent).status_code == 303
    session.rollback()
    assert find_draft(session, PRIVATE).data["rules"][0]["percent"] == "0.6"


def test_an_empty_row_is_no_rule(kept, admin, session):
    admin.post(f"/fees/{PRIVATE}/draft")
    more = admin.post(f"/fees/{PRIVATE}/2/edit", data=fields(admin.get(f"/fees/{PRIVATE}/2/edit").text) | {"what": "add"})
    assert admin.post(f"/fees/{PRIVATE}/2/edit", data=fields(more.text)).status_code == 303
    session.rollback()
    assert find_draft(session, PRIVATE).data["rules"] == []


def test_last_months_sales_are_replayed_seller_by_seller(draft, sold, admin):
    page = admin.get(f"/fees/{BUSINESS}/simulate").text
    assert read(page).problems("en", set()) == []
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    cells = [[re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows]
    assert [row for row in cells if row] == [
        ["西湖旧货行", "2", "¥54.00", "¥27.00", "+¥27.00"],
        ["Alice", "1", "¥6.00", "¥3.00", "+¥3.00"],
        ["Somebody who left", "1", "¥2.70", "¥1.35", "+¥1.35"],
        ["东湖书店", "1", "¥1.00", "¥1.00", "¥0.00"],
    ]
    for words in ("¥63.70", "¥32.35", "+¥31.35", "1 sale in another currency was left out."):
        assert words in page


def test_the_unsaved_form_is_tried_without_saving_it(draft, sold, admin, session):
    before = find_draft(session, BUSINESS).data
    sent = fields(admin.get(f"/fees/{BUSINESS}/2/edit").text) | {"rules-0-percent": "30", "rules-0-most": "", "what": "try"}
    page = admin.post(f"/fees/{BUSINESS}/2/edit", data=sent).text
    assert "Tried on past sales, not saved yet" in page and "-¥486.00" in page and fields(page)["rules-0-percent"] == "30"
    session.rollback()
    assert find_draft(session, BUSINESS).data == before


@pytest.mark.parametrize("months", ["3", "12", "7", "x"])
def test_other_periods_and_an_empty_one(draft, kept, admin, months):
    page = admin.get(f"/fees/{BUSINESS}/simulate?months={months}")
    assert page.status_code == 200 and "there is nothing to compare" in page.text


def test_without_a_draft_there_is_nothing_to_try(kept, admin):
    assert "There is no draft to try" in admin.get(f"/fees/{BUSINESS}/simulate").text


def test_an_announced_version_can_still_be_simulated_and_given_up(draft, sold, doing, root, admin, session, anonymous):
    with doing(root) as w:
        actions.announce(w, find_draft(w.session, BUSINESS), clock.now() + timedelta(days=8))
    assert "+¥27.00" in admin.get(f"/fees/{BUSINESS}/simulate").text
    for what in ("save", "try", "add"):
        assert admin.post(f"/fees/{BUSINESS}/2/edit", data={"what": what}).status_code == 409
    assert admin.post(f"/fees/{BUSINESS}/2/withdraw").location == "/fees"
    session.rollback()
    assert find_version(session, BUSINESS, 2).state == "withdrawn"
    assert "Given up" in anonymous.get(f"/fees/{BUSINESS}/2").text
    assert admin.post(f"/fees/{BUSINESS}/2/withdraw").status_code == 409


@pytest.mark.parametrize(("today", "months", "first", "last"), [
    ("2027-03-15", 1, "2027-02-01", "2027-02-28"), ("2027-01-01", 1, "2026-12-01", "2026-12-31"),
    ("2027-03-31", 3, "2026-12-01", "2027-02-28"), ("2028-03-01", 12, "2027-03-01", "2028-02-29"),
])  # fmt: skip
def test_a_period_is_whole_months_that_are_over(today, months, first, last):
    from datetime import date

    assert period(date.fromisoformat(today), months) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_good_in_both_languages(draft, sold, root, language):
    from tests.house.test_languages import chinese

    known = {one for one, zh in chinese().items() if zh != one and " " in one}
    client = root.client(language=language)
    for path in ("/fees", "/fees?channel=business&price=199&discount=9", f"/fees/{BUSINESS}/1", f"/fees/{BUSINESS}/2",
                 f"/fees/{BUSINESS}/2/edit", f"/fees/{BUSINESS}/simulate", f"/fees/{PRIVATE}/simulate"):  # fmt: skip
        assert read(client.get(path).text).problems(language, known) == [], path
