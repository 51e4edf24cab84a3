"""A shop registers, is approved, lets its people in; and nobody grants what isn't theirs to grant."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.people.actions.organisations import Proposal, approve, propose
from core.people.models import Membership, Notice, Organisation
from core.people.sellers import find_seller_file, seller_checks_due, seller_kind, seller_kinds
from core.people.visitors import held_roles
from tests.conftest import People, Person
from tests.core.people.conftest import Keys, Outbox

LICENCE = "91110000600037341L"
FORM = {"kind": "shop", "name": "东城寄卖店", "licence_no": LICENCE, "address": "文三路 18 号"}


@pytest.fixture
def manager(people: People, shop: str) -> Person:
    person = people.person("Manager")
    people.give_role(person, "shop_manager", shop)
    return person


def roles(session: Session, person: Person) -> set[str]:
    session.rollback()
    return {role for role, _org in held_roles(session, person.id)}


def link_of(outbox: Outbox) -> str:
    return "/invitations/" + outbox.letters()[-1][1].split("/invitations/")[1]


@pytest.mark.slow
def test_alice_registers_a_shop_and_manages_it_once_approved(
    alice: Person, root: Person, session: Session
) -> None:
    hers, desk = alice.client(), root.client()
    place = hers.post("/organisations/new", data=FORM).location
    org_id = place.rsplit("/")[-1]
    assert "Waits for approval" in hers.get(place).text
    assert roles(session, alice) == set()
    answer = desk.post(
        f"/admin/organisations/{org_id}/decide", data={"verb": "approve", "reason": "看过了", "kind": "consignment"}
    )
    assert answer.status_code == 303
    assert roles(session, alice) == {"shop_manager"}
    assert (
        seller_kind(session, alice.id, org_id) == "consignment" and seller_kind(session, alice.id) == "idle"
    )
    assert "Invite somebody" in hers.get(place).text
    assert desk.post(f"/admin/organisations/{org_id}/decide", data={"verb": "suspend"}).status_code == 303
    assert roles(session, alice) == set(), "its roles stop counting"
    assert desk.post(f"/admin/organisations/{org_id}/decide", data={"verb": "approve", "reason": "看过了"}).status_code == 409
    assert desk.post(f"/admin/organisations/{org_id}/decide", data={"verb": "dance"}).status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"licence_no": "91110000600037341X"},
        {"licence_no": ""},
        {"kind": "regulator"},
        {"kind": "platform"},
        {"name": ""},
    ],
)
def test_what_a_proposal_lacks_is_said(alice: Person, changes: dict[str, str]) -> None:
    answer = alice.client().post("/organisations/new", data={**FORM, **changes})
    assert answer.status_code == 422 and "文三路 18 号" in answer.text, "nothing typed is lost"


def test_the_same_licence_twice_is_refused(alice: Person, bob: Person) -> None:
    assert alice.client().post("/organisations/new", data=FORM).status_code == 303
    assert bob.client().post("/organisations/new", data=FORM).status_code == 422


def test_only_administrators_decide_and_not_on_their_own(
    alice: Person, root: Person, session: Session, doing
) -> None:  # type: ignore[no-untyped-def]
    org_id = alice.client().post("/organisations/new", data=FORM).location.rsplit("/")[-1]
    decide = f"/admin/organisations/{org_id}/decide"
    assert alice.client().post(decide, data={"verb": "approve", "reason": "看过了"}).status_code == 403
    assert root.client(factor=False).post(decide, data={"verb": "approve", "reason": "看过了"}).status_code == 303, (
        "asks for the factor"
    )
    session.rollback()
    assert session.get_one(Organisation, org_id).state == "proposed"
    own = root.client().post("/organisations/new", data={**FORM, "kind": "agency"}).location.rsplit("/")[-1]
    assert (
        root.client().post(f"/admin/organisations/{own}/decide", data={"verb": "approve", "reason": "看过了"}).status_code == 403
    )
    with doing(root) as w:
        office = propose(w, Proposal(kind="regulator", name="区市场监管局", licence_no=LICENCE)).id
        approve(w, office, reason="x")
    assert roles(session, root) == {"administrator"}, "approving an office gives no seat in it"


def test_a_manager_invites_a_verifier_who_accepts(
    manager: Person, shop: str, bob: Person, keys: Keys, outbox: Outbox, session: Session
) -> None:
    data = {"contact": keys.contact(bob.id), "role": "wipe_verifier"}
    assert manager.client().post(f"/organisations/{shop}/invite", data=data).status_code == 303
    link = link_of(outbox)
    assert "Wipe verifier" in bob.client().get(link).text
    assert bob.client().post(f"{link}/accept").location == f"/organisations/{shop}"
    assert roles(session, bob) == {"wipe_verifier"}
    assert bob.client().post(f"{link}/accept").status_code == 409, "once"
    session.rollback()
    told = session.scalars(select(Notice).where(Notice.account_id == manager.id)).all()
    assert told[-1].values["person"] == "Bob"


def test_only_the_invited_contact_can_accept(
    manager: Person,
    shop: str,
    bob: Person,
    charlie: Person,
    keys: Keys,
    outbox: Outbox,
    session: Session,
    anonymous,
) -> None:  # type: ignore[no-untyped-def]
    data = {"contact": keys.contact(bob.id), "role": "shop_clerk"}
    manager.client().post(f"/organisations/{shop}/invite", data=data)
    link = link_of(outbox)
    assert "belong to this account" in charlie.client().get(link).text
    assert charlie.client().post(f"{link}/accept").status_code == 403
    assert charlie.client().post(f"{link}/decline").status_code == 403
    assert anonymous.get(link).location.startswith("/sign-in?next=")
    assert charlie.client().get("/invitations/nonsense").status_code == 404
    assert bob.client().post(f"{link}/decline").status_code == 303
    assert roles(session, bob) == set()


def test_an_invitation_ends_after_a_week_or_when_taken_back(
    manager: Person, shop: str, bob: Person, keys: Keys, outbox: Outbox, session: Session
) -> None:
    data = {"contact": keys.contact(bob.id), "role": "shop_clerk"}
    manager.client().post(f"/organisations/{shop}/invite", data=data)
    link = link_of(outbox)
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        assert bob.client().post(f"{link}/accept").status_code == 409
    page = manager.client().get(f"/organisations/{shop}").text
    path = page.split('/take-back"')[0].rsplit('"', 1)[-1] + "/take-back"
    assert manager.client().post(path).status_code == 303
    assert bob.client().post(f"{link}/accept").status_code == 409
    assert roles(session, bob) == set()


def test_whether_a_contact_has_an_account_does_not_show(
    manager: Person, shop: str, bob: Person, keys: Keys
) -> None:
    answers = [
        manager.client().post(
            f"/organisations/{shop}/invite", data={"contact": contact, "role": "shop_clerk"}
        )
        for contact in (keys.contact(bob.id), "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [303, 303]


@pytest.mark.parametrize("role", ["regulator", "administrator", "corner_keeper", "king", ""])
def test_a_shop_grants_no_foreign_roles(manager: Person, shop: str, role: str, outbox: Outbox) -> None:
    data = {"contact": "new@example.com", "role": role}
    assert manager.client().post(f"/organisations/{shop}/invite", data=data).status_code == 422
    assert not outbox.letters()


def test_clerks_and_strangers_invite_nobody(wang: Person, charlie: Person, shop: str, people: People) -> None:
    data = {"contact": "new@example.com", "role": "shop_clerk"}
    assert wang.client().post(f"/organisations/{shop}/invite", data=data).status_code == 403
    assert charlie.client().get(f"/organisations/{shop}").status_code == 403
    assert wang.client().get(f"/organisations/{shop}").status_code == 200
    other = people.organisation("别家")
    boss = people.person("Boss")
    people.give_role(boss, "shop_manager", other)
    assert boss.client().post(f"/organisations/{shop}/invite", data=data).status_code == 403
    assert charlie.client().get("/organisations/nothing").status_code == 404


def test_an_administrator_seats_a_manager_elsewhere_and_nothing_more(
    root: Person, shop: str, keys: Keys, outbox: Outbox
) -> None:
    desk, path = root.client(), f"/organisations/{shop}/invite"
    assert desk.post(path, data={"contact": "new@example.com", "role": "wipe_verifier"}).status_code == 422
    assert desk.post(path, data={"contact": keys.contact(root.id), "role": "shop_manager"}).status_code == 403
    assert desk.post(path, data={"contact": "new@example.com", "role": "shop_manager"}).status_code == 303


def test_roles_end_but_the_last_manager_stays(
    manager: Person, wang: Person, shop: str, session: Session
) -> None:
    def seat(person: Person, role: str) -> str:
        session.rollback()
        query = select(Membership.id).where(Membership.account_id == person.id, Membership.role == role)
        return session.scalars(query).one()

    clerk, chief = seat(wang, "shop_clerk"), seat(manager, "shop_manager")
    assert wang.client().post(f"/organisations/{shop}/members/{chief}/end").status_code == 403
    assert manager.client().post(f"/organisations/elsewhere/members/{clerk}/end").status_code == 404
    assert manager.client().post(f"/organisations/{shop}/members/{clerk}/end").status_code == 303
    assert roles(session, wang) == {"wipe_operator"}
    own = seat(wang, "wipe_operator")
    assert wang.client().post(f"/organisations/{shop}/members/{own}/end").location == "/me"
    assert manager.client().post(f"/organisations/{shop}/members/{chief}/end").status_code == 409


def test_a_person_is_checked_as_a_seller_and_again_in_six_months(
    root: Person, alice: Person, shop: str, session: Session
) -> None:
    path = f"/admin/people/{alice.id}/check"
    assert root.client().post(path, data={"kind": "operator", "licence_no": ""}).status_code == 422
    assert root.client().post(path, data={"kind": "self_operated", "licence_no": LICENCE}).status_code == 422
    assert alice.client().post(path, data={"kind": "operator", "licence_no": LICENCE}).status_code == 403
    assert root.client().post(path, data={"kind": "operator", "licence_no": LICENCE}).status_code == 303
    session.rollback()
    assert seller_kind(session, alice.id) == "operator"
    assert seller_kinds(session, [alice.id], [shop]) == {alice.id: "operator"}
    file = find_seller_file(session, alice.id, None)
    assert file is not None and seller_checks_due(session, clock.now()) == []
    assert seller_checks_due(session, clock.now() + timedelta(days=185)) == [file]
    assert (
        root.client()
        .post(f"/admin/organisations/{shop}/check", data={"kind": "consignment", "licence_no": LICENCE})
        .status_code
        == 303
    )
    assert (
        root.client()
        .post(f"/admin/organisations/{shop}/check", data={"kind": "idle", "licence_no": LICENCE})
        .status_code
        == 422
    )
    session.rollback()
    assert seller_kind(session, alice.id, shop) == "consignment"
