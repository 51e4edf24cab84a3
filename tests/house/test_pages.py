"""Every address that can be opened, by everybody, in both languages: a good page or a clear refusal, never a fault."""

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from sqlalchemy import select

from core.people.roles import ROLES
from core.people.visitors import held_roles
from tests.house.page_reader import read
from tests.house.test_languages import chinese

FINE = {200, 302, 303, 401, 403, 404, 409}
LANGUAGES = ("zh", "en")
# the story has no demo people, so the demonstration's own pages aren't there
NOT_FOLLOWED = ("/static/", "/language/", "//", "/demo")


def test_the_story_has_somebody_in_every_role(town):
    held = {role for person in town.staff.values() for role, _org in held_roles(town.session, person.id)}
    assert held == set(ROLES)


# the statements of a page are the same in either language
IN_BOTH = [pytest.param(one, marks=() if one == LANGUAGES[0] else pytest.mark.enginefree) for one in LANGUAGES]


@pytest.mark.slow
@pytest.mark.parametrize("language", IN_BOTH)
def test_every_page_for_everybody(town, language):
    known = {one for one, zh in chinese().items() if zh != one and " " in one}
    paths, problems, refusals = list(town.paths()), [], set()
    elsewhere = not town.app.extensions["xunshi_db"].is_sqlite  # the words are the same on either engine: read once, asked for on both
    for who, client in town.visitors(language):
        for path in paths:
            if path.endswith(".pdf") and who != "anonymous":
                continue  # the same paper for everybody, and slow to set
            answer = client.get(path)
            if answer.status_code not in FINE:
                problems.append(f"{who} {path}: {answer.status_code}")
            if elsewhere or answer.mimetype != "text/html" or answer.status_code in (302, 303):
                continue
            if answer.status_code != 200:
                if (who, answer.status_code) in refusals:
                    continue
                refusals.add((who, answer.status_code))
            problems += [f"{who} {path}: {one}" for one in read(answer.text).problems(language, known)]
    assert not problems, f"{len(problems)} problems:\n" + "\n".join(list(dict.fromkeys(problems))[:60])


def test_the_story_opens_the_pages_it_is_about(town):
    """Were every answer a 404, the test above would still pass: the owner and the staff do get their pages."""
    owner, bob = town.alice.client(), town.bob.client()
    values = {name: found[0] for name, found in town.values.items()}
    seen = [
        (owner, f"/sell/{values['draft_id']}/details"), (owner, f"/listings/{values['listing_id']}/edit"), (owner, "/me/sales"),
        (owner, f"/items/{values['item_id']}"), (bob, f"/orders/{values['order_id']}/check"),
        (bob, f"/listings/{town.values['listing_id'][1]}/talk/{town.bob.id}"), (bob, f"/photos/{values['photo_id']}/small.jpg"),
        (town.staff["appraiser"].client(), f"/appraisals/{town.values['appraisal_id'][1]}"),
        (town.staff["reviewer"].client(), "/reports"), (town.staff["reviewer"].client(), f"/reports/reviews/{values['report_id']}"), (bob, f"/reviews/{values['review_id']}/report"),
        (town.staff["appraiser"].client(), f"/exam/{values['exam_id']}/{values['reference_id']}"), (town.staff["appraiser"].client(), "/exam"),
        (town.staff["administrator"].client(), "/references"), (town.staff["administrator"].client(), "/references/new/xunshi-laptop"),
        (bob, "/agreement"), (town.staff["second"].client(), f"/blind/{values['blind_id']}"), (town.staff["regulator"].client(), f"/blind/{values['blind_id']}/decide"),
        (town.staff["administrator"].client(), f"/appraisers/{values['appraiser_id']}"), (bob, "/appraisers"), (owner, "/me/appraiser"),
        (town.staff["manager"].client(), f"/organisations/{town.orgs[0]}/appraiser"), (town.staff["reviewer"].client(), "/queue"), (town.staff["administrator"].client(), "/tax"),
        (town.staff["reviewer"].client(), f"/flags/{values['flag_id']}"), (town.staff["reviewer"].client(), f"/signals/{town.alice.id}"), (bob, f"/sellers/{town.alice.id}"), (owner, "/me/settings/close"),
        (town.staff["reviewer"].client(), f"/listings/{town.values['listing_id'][-1]}/proofs/{values['proof_id']}/medium.jpg"),
        (town.staff["reviewer"].client(), f"/reports/listings/{town.values['listing_id'][-1]}"), (town.staff["operator"].client(), f"/wipes/{values['job_id']}/bench"),
        (town.staff["verifier"].client(), f"/wipes/{values['job_id']}/verify"), (bob, f"/certificates/{values['number']}"),
        (bob, "/standards/xunshi-laptop/1"), (town.staff["third"].client(), f"/sampling/checks/{values['check_id']}"),
        (town.staff["reviewer"].client(), f"/reports/people/{values['person_report_id']}"), (bob, f"/people/{town.alice.id}/report"),
        (bob, "/me/settings/blocked"), (bob, "/me/settings/messages"), (bob, f"/prices/{values['model_code']}"),
        *((town.staff["editor"].client(), f"/standards/xunshi-laptop/3/draft{one}") for one in (
            "", "/replay", "/head", "/text", "/new-check", "/new-count", "/checks/lid", f"/counts/{values['count_code']}")),
        *((bob, one) for one in ("/agencies", f"/agencies/{town.orgs[0]}", "/appraisal-bookings", f"/appraisal-bookings/{values['booking_id']}",
            f"/appraisal-bookings/{town.values['booking_id'][2]}", f"/items/{town.values['item_id'][-1]}/book-appraisal", f"/items/{town.values['item_id'][-1]}/book-appraisal/{town.orgs[0]}")),
        *((town.staff["manager"].client(), f"/shops/{town.orgs[0]}/{one}") for one in ("desk", "points/new", f"points/{values['point_id']}", "rules/edit", "closing", "permit", "exemption")),
        *((town.staff["administrator"].client(), one) for one in (f"/shop-exemptions/{values['exemption_id']}", f"/trade-permits/{values['permit_id']}")),
        *((town.staff["cashier"].client(), one) for one in ("/consignment-points", "/consignment-points?mine=1&district=330105", f"/shops/{town.orgs[0]}", f"/shops/{town.orgs[0]}/rules", f"/shops/{town.orgs[0]}/desk")),
        *((town.staff["manager"].client(), f"/agencies/{town.orgs[0]}/{one}") for one in ("desk", "calendar", "fees")), (town.staff["clerk"].client(), f"/appraisal-bookings/{values['booking_id']}"),
        *((town.staff["manager"].client(), f"/consignors/{one}") for one in town.values["consignor_id"]), (owner, f"/consignments/{values['consignor_id']}"),
        *((town.staff["clerk"].client(), one) for one in (f"/consignment/{town.orgs[0]}/consignors", f"/consignment/{town.orgs[0]}/consignors/new",
            f"/consignors/{values['consignor_id']}/change", f"/consignors/{values['consignor_id']}/delegates/new", *(f"/consignors/delegates/{one}" for one in town.values["delegate_id"]))),
        (bob, f"/consignments/{town.values['consignor_id'][1]}/question"), (bob, "/consignments"), (bob, f"/consignments/slip/{values['slip']}"),
        (town.staff["administrator"].client(), "/standards/xunshi-phone/2/draft"), (bob, "/standards"), (bob, "/standards/xunshi-phone/1.toml"),
        (town.staff["regulator"].client(), f"/sampling/draws/{values['draw_id']}"), (owner, f"/items/{values['item_id']}/own-file"),
        *((town.staff["manager"].client(), f"/consignment/{town.orgs[0]}/{one}") for one in ("templates", "agreements", "agreements/new",
            f"templates/{values['template_id']}", f"templates/{town.values['template_id'][2]}/edit", f"agreements/{values['agreement_id']}",
            f"agreements/{town.values['agreement_id'][3]}/sign")),
        *((bob, f"/shops/{town.orgs[0]}/consignment-terms{one}") for one in ("", f"/{values['template_id']}", f"/{town.values['template_id'][1]}.json")),
        *((town.staff["clerk"].client(), f"/consignment/{town.orgs[0]}/{one}") for one in ("intake", "stock", "stock?state=waiting", "register", "register.csv", "online")),
        *((town.staff["clerk"].client(), f"/intakes/{one}") for one in town.values["intake_id"]), (town.staff["clerk"].client(), f"/intakes/{town.values['intake_id'][1]}?kind=phone"),
        *((town.staff["clerk"].client(), f"/intakes/{town.values['intake_id'][1]}/{one}") for one in ("phone", "photos/0.jpg", "reckon?kind=clothing&wanted=9")),
        (town.staff["clerk"].client(), f"/intakes/{town.values['intake_id'][2]}/receipt.pdf"), (bob, f"/photos-for/{values['token']}"),
        *((town.staff["clerk"].client(), f"/stock/{one}") for one in town.values["stock_id"]),
        *((bob, one) for one in ("/consignment-visits", "/consignment-visits/new", f"/consignment-visits/new/{town.values['point_id'][1]}")),
        *((client, f"/consignment-visits/{one}") for client in (owner, town.staff["clerk"].client()) for one in town.values["visit_id"][:3]),
        *((client, f"/consignment-visits/{values['visit_id']}/{one}") for client in (owner, town.staff["clerk"].client()) for one in ("move", "list")),
        (owner, f"/consignment-visits/{values['visit_id']}/visit.ics"), (town.staff["clerk"].client(), f"/consignment-visits/{town.values['visit_id'][3]}"),
        (town.staff["clerk"].client(), f"/consignment/{town.orgs[0]}/visits"), (town.staff["clerk"].client(), f"/consignment/{town.orgs[0]}/visits/new/{values['point_id']}"),
        *((town.staff["manager"].client(), f"/consignment/{town.orgs[0]}/visit-desks{one}") for one in ("", f"/{values['point_id']}")),
        *((town.staff["clerk"].client(), f"/intakes/{values['intake_id']}/import{one}") for one in ("", *(f"/{row}" for row in town.values["import_id"]),
            f"/{values['import_id']}/wrong.csv", f"/{town.values['import_id'][2]}/taken.csv")), (town.staff["clerk"].client(), f"/consignment/{town.orgs[0]}/import-template.csv"),
        (owner, "/consignment-agreements"), (owner, f"/consignment-agreements/{values['agreement_id']}"), (bob, "/consignment-agreements/check"), (bob, f"/i/{values['life_code']}"), (owner, f"/labels/{values['item_id']}"),
        (town.staff["clerk"].client(), "/labels"), (bob, f"/labels/calibration/{values['paper']}.pdf"), (bob, "/i"),
    ]  # fmt: skip
    assert [path for client, path in seen if client.get(path).status_code != 200] == []


def test_every_address_of_the_house_is_known_to_the_story(town):
    """A new page brings its ids into the story, else nobody reads it here."""
    unknown = {
        f"{rule.rule}: {name}"
        for rule in town.app.url_map.iter_rules()
        for name in rule.arguments
        if "GET" in (rule.methods or ()) and name not in town.values and rule.endpoint != "static"
    }
    assert not unknown


def test_the_queue_holds_exactly_what_waits(town):
    """Whatever the story left for somebody to decide, by the rooms' own tables, is in the queue, and nothing else is."""
    from core.queue.kinds import sources
    from core.queue.models import QueueEntry

    town.session.rollback()
    waits = {(code, one.subject_id) for code, find in sources().items() for one in find(town.session)}
    query = select(QueueEntry.kind, QueueEntry.subject_id).where(QueueEntry.state == "open")
    assert {(kind, subject) for kind, subject in town.session.execute(query)} == waits
    assert {kind for kind, _subject in waits} >= {"report", "restricted", "declaration", "correction", "flag", "signal", "standard"}


# a link's page makes the same statements for whoever may open it: on PostgreSQL two who see much of the house follow them
ON_BOTH = ("owner", "operator")
WALKERS = [
    "anonymous", "owner", "buyer", "operator", "regulator", "administrator", "reviewer", "appraiser", "mediator", "organiser", "keeper", "helper",
    "school manager", "editor",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("who", [pytest.param(one, marks=() if one in ON_BOTH else pytest.mark.enginefree) for one in WALKERS])
def test_no_link_leads_nowhere(town, who):
    """Follow every link of our own pages, as a person with these roles would."""
    people = {"owner": town.alice, "buyer": town.bob, **town.staff}
    client = people[who].client() if who in people else town.app.test_client()
    waiting, seen, dead = deque([("/", "")]), {"/"}, []
    while waiting and len(seen) < 400:
        path, source = waiting.popleft()
        answer = client.get(path)
        if answer.status_code not in (200, 302, 303):
            dead.append(f"{path} ({answer.status_code}) on {source}")
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for link in read(answer.text).links:
            target = urldefrag(link).url
            ours = target.startswith("/") and not target.startswith(NOT_FOLLOWED)
            plain = target if not target.startswith("/search") or target.count("=") < 2 else urlsplit(target).path
            if ours and plain not in seen:
                seen.add(plain)
                waiting.append((plain, path))
    assert not dead and len(seen) > 20


@pytest.mark.parametrize(("page", "problem"), [
    ("<html lang=en><title>x</title><h1>a</h1>", ""),
    ("<html lang=en><title>x</title><h1>a</h1><h1>b</h1>", "2 h1"),
    ("<html lang=zh-CN><title>x</title><h1>a</h1>", "lang"),
    ("<html lang=en><h1>a</h1>", "no title"),
    ("<html lang=en><title>x</title><h1>a</h1><input name=q>", "no label"),
    ("<html lang=en><title>x</title><h1>a</h1><label for=q>Q</label><input id=q name=q>", ""),
    ("<html lang=en><title>x</title><h1>a</h1><label>Q <input name=q></label>", ""),
    ("<html lang=en><title>x</title><h1>a</h1><p style='color:red'>", "inline code"),
    ("<html lang=en><title>x</title><h1>a</h1><script>1</script>", "inline code"),
    ("<html lang=en><title>x</title><h1>a</h1><p id=a></p><p id=a></p>", "id twice"),
    ("<html lang=en><title>x</title><h1>%(name)s</h1>", "not filled in"),
    ("<html lang=en><title>x</title><h1>a</h1><p>Project-Id-Version: 1</p>", "head of the catalogue"),
])  # fmt: skip
def test_the_reader_of_pages_finds_what_is_wrong(page, problem):
    found = read(page).problems("en", set())
    assert (not found) if not problem else (len(found) == 1 and problem in found[0]), found
