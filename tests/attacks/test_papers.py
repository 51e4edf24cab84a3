"""Attacks on what was signed: copied, edited, dated back, deleted, signed with somebody else's key. Attackers: a seller with a
printer, an insider with the database, somebody who stole one key."""

import copy
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from core import canonical, clock, ids, secrets, signing
from core.errors import Busy
from core.goods.models import Item
from core.people.models import Account
from core.signing import KeyFault
from core.work import Actor, work
from market.listings import actions as selling
from privacy import verify
from privacy.clearance import house_key
from privacy.clearance.log import facts, sequencing
from privacy.clearance.log.cli import log
from privacy.clearance.models import Certificate
from privacy.clearance.queries import certificate_of
from privacy.keys import actions as keys
from privacy.keys.models import PersonKey
from privacy.wipes.models import WipeJob
from tests import stories
from tests.market_stories import listed, ordered, state_of
from tests.privacy.log.test_checking import kept, rewrite

HDD = stories.disks("hdd")


@pytest.fixture
def flask(app):
    """`flask("verify", "--json")` -> (exit code, value)"""

    def run(*args: object) -> tuple[int, dict]:
        done = app.test_cli_runner().invoke(log, [str(one) for one in args])
        return done.exit_code, json.loads(done.stdout or "{}")

    return run


@pytest.fixture
def paper(anonymous, number) -> bytes:
    return anonymous.get(f"/certificates/{number}.json").data


@pytest.fixture
def bobs(doing, bob):
    """Bob's own laptop that nobody has wiped, and its listing, which waits."""
    item_id = stories.laptop(doing, bob, serial="PF9ZZ801", disks=[HDD[3]], model="X1")
    with doing(bob) as w:
        offer = selling.Offer(title="未清除的笔记本", price_minor=100000, district="330106")
        listing = selling.draft(w, w.session.get_one(Item, item_id), bob.id, offer, seller_kind="idle")
        selling.wait_for_wipe(w, listing)
        return item_id, listing.id


# --- a copied certificate or QR code --------------------------------------------------------------------------------------


def test_the_certificate_of_one_device_lists_no_other(session, sql, anonymous, bob, alice, doing, laptop, number, bobs):
    item_id, listing_id = bobs
    words = {"title": "已清除 " + number, "description": f"证书 {number}", "price": "1000", "district": "330106", "condition": "light_use"}
    assert bob.client().post(f"/listings/{listing_id}/edit", data=words).status_code == 303
    assert bob.client().post(f"/listings/{listing_id}/publish").status_code in (403, 409)
    stolen = session.get_one(Item, laptop).epoch, certificate_of(session, laptop).clearance_id
    session.rollback()
    borrowed = "UPDATE listings SET state = 'published', clearance_id = :c, epoch = :e WHERE id = :i"
    with pytest.raises(IntegrityError):
        sql(borrowed, c=stolen[1], e=stolen[0], i=listing_id)
    assert state_of(session, listing_id) == "waiting_wipe"
    genuine = listed(doing, laptop, alice, title="联想 ThinkPad X1")
    assert f"/certificates/{number}" in anonymous.get(f"/listings/{genuine}").text


def test_a_number_in_the_words_of_a_listing_is_no_certificate_of_it(doing, anonymous, alice, bob, laptop, number):
    """A coat may be described as anything; the page shows a certificate only where the house knows one."""
    coat = listed(doing, stories.coat(doing, bob), bob, title=f"大衣 {number}")
    assert number in anonymous.get(f"/listings/{coat}").text
    assert f"/certificates/{number}" not in anonymous.get(f"/listings/{coat}").text
    assert f"/certificates/{number}" in anonymous.get(f"/listings/{listed(doing, laptop, alice, title='X1')}").text


def test_who_holds_the_wrong_device_sees_it(session, doing, anonymous, alice, bob, laptop, number):
    """The QR code leads to numbers that aren't those of the thing in hand, and the photo opens to its true number only."""
    assert anonymous.post(f"/certificates/{number}/photo", data={"tail": "Z801"}).status_code == 422
    assert anonymous.post(f"/certificates/{number}/photo", data={"tail": "K9A7"}).status_code == 303
    order_id = ordered(doing, listed(doing, laptop, alice, title="联想 ThinkPad X1"), bob)
    said = dict.fromkeys(("serial", "setup_screen", "no_account", "seal", "same_thing", "defects"), "yes")
    client = bob.client()
    assert client.post(f"/orders/{order_id}/check", data={**said, "serial_tail": "Z801"}).status_code == 422
    assert client.post(f"/orders/{order_id}/check", data={**said, "serial_tail": "K9A7"}).status_code == 303


def test_an_old_certificate_says_that_it_is_over(doing, anonymous, wang, laptop, number, paper, offline):
    from core.goods import custody

    assert offline(paper)["verdict"] == "valid"
    assert "left its recorded custody" not in anonymous.get(f"/certificates/{number}").text
    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, laptop), "loaned")
    fresh = anonymous.get(f"/certificates/{number}.json").data
    assert json.loads(fresh)["state"] == "superseded" and offline(fresh)["stands"] is False
    assert "left its recorded custody" in anonymous.get(f"/certificates/{number}").text


# --- edited ------------------------------------------------------------------------------------------------------------------


def places(value, path=()):
    """Every text and number of a value, by its path."""
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, name))
    else:
        yield path


def test_no_value_of_the_signed_text_can_be_changed(anonymous, paper):
    trust = verify.read_keys(anonymous.get("/keys.json").data)
    whole = json.loads(paper)
    assert verify.examine(paper, trust).verdict == "valid"
    tried = 0
    for path in places(whole["body"]):
        bent = copy.deepcopy(whole)
        inner = bent["body"]
        for name in path[:-1]:
            inner = inner[name]
        old = inner[path[-1]]
        inner[path[-1]] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old or ''}x"
        bent["digest"] = canonical.digest(bent["body"])
        try:
            verdict = verify.examine(canonical.encode(bent), trust).verdict
        except verify.Unusable:
            verdict = "unusable"
        assert verdict in ("invalid", "unusable"), path
        tried += 1
    assert tried > 50


def test_the_page_shows_an_edited_text_as_edited(session, anonymous, unguarded, number):
    assert "signature over this certificate holds" in anonymous.get(f"/certificates/{number}").text
    unguarded("UPDATE certificates SET body = replace(body, '\"X1\"', '\"X9\"')")
    assert "does not hold" in anonymous.get(f"/certificates/{number}").text


def test_with_its_guards_awake_the_database_edits_nothing(sql, number):
    for statement in (
        "UPDATE certificates SET body = '{}'", "DELETE FROM certificates", "UPDATE log_leaves SET text = '{}'",
        "DELETE FROM log_leaves", "UPDATE log_checkpoints SET root = ''", "DELETE FROM log_nodes", "UPDATE judgements SET verdict = 'pass'",
        "UPDATE verifications SET verifier_id = operator_id", "DELETE FROM evidence_files", "UPDATE audit_lines SET actor = 'x'",
        "UPDATE person_keys SET account_id = 'x'", "DELETE FROM signing_keys", "UPDATE job_signatures SET value = 'x'",
        "UPDATE proven_runs SET digest = 'x'", "UPDATE clearances SET valid_until = '2099-01-01T00:00:00.000000Z'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError):
            sql(statement)


# --- the log: edited, deleted, rolled back, forked ----------------------------------------------------------------------------


@pytest.fixture
def longer(session, doing, sequence, number):
    """A log with several checkpoints, and the newest as somebody outside has kept it."""
    from privacy.clearance.log.leaves import append_leaf

    for name in ("ab", "cd", "ef"):
        with doing() as w:
            append_leaf(w, "privacy:evidence:attached", name, {"job": name})
        sequence()
    session.rollback()
    return kept(session)


def test_an_edited_leaf_is_named(flask, session, unguarded, longer):
    assert flask("verify", "--json")[1]["ok"] is True
    change = "UPDATE log_leaves SET text = replace(text, :old, :new) WHERE leaf_index = :i"
    for index in (0, 3, longer.size - 1):
        unguarded(change, i=index, old='"v":1', new='"v":2')
        code, found = flask("verify", "--json")
        assert code == 1 and found["first_bad"] == index
        unguarded(change, i=index, old='"v":2', new='"v":1')
    assert flask("verify", "--json")[0] == 0


def test_a_deleted_leaf_is_named(flask, unguarded, longer):
    unguarded("DELETE FROM log_leaves WHERE leaf_index = 2")
    code, found = flask("verify", "--json")
    assert code == 1 and found["first_bad"] == 2


def test_a_rollback_is_seen_with_one_checkpoint_from_outside(flask, unguarded, longer, tmp_path, session):
    from privacy.clearance.log.models import LogCheckpoint

    outside = tmp_path / "head"
    outside.write_text(session.get_one(LogCheckpoint, longer.size).note, encoding="utf-8")
    assert flask("verify", "--checkpoint", outside, "--json")[0] == 0
    before = session.scalar(select(func.max(LogCheckpoint.size)).where(LogCheckpoint.size < longer.size))
    unguarded("DELETE FROM log_checkpoints WHERE size > :s", s=before)
    unguarded("DELETE FROM log_leaves WHERE leaf_index >= :s", s=before)
    for level in range(8):
        unguarded("DELETE FROM log_nodes WHERE level = :l AND node_index >= :n", l=level, n=before >> level)
    assert flask("verify", "--json")[0] == 0, "from inside, a cut log looks whole"
    code, found = flask("verify", "--checkpoint", outside, "--json")
    assert code == 1 and [one["code"] for one in found["findings"]] == ["rollback"]


def test_a_fork_is_seen_with_one_checkpoint_and_by_every_holder_of_a_paper(
    app, flask, session, unguarded, longer, tmp_path, anonymous, paper, offline
):
    """The insider has the log's key, rewrites a leaf and signs everything anew. The paper in other hands contradicts him."""
    from privacy.clearance.log.models import LogCheckpoint

    outside = tmp_path / "head"
    outside.write_text(session.get_one(LogCheckpoint, longer.size).note, encoding="utf-8")
    head = anonymous.get("/log/checkpoint").data
    size = json.loads(paper)["log"]["index"] + 1
    covering = session.scalar(select(func.min(LogCheckpoint.size)).where(LogCheckpoint.size >= size))
    link = anonymous.get(f"/log/consistency?from={covering}&to={longer.size}")
    assert offline(paper, "--checkpoint", "kept", "--consistency", "link", kept=head, link=link.data)["verdict"] == "valid"
    rewrite(app, session, unguarded, longer.size, {1: (b'"v":1', b'"v":2')})
    assert flask("verify", "--json")[0] == 0, "from inside, a whole rewriting looks good"
    code, found = flask("verify", "--checkpoint", outside, "--json")
    assert code == 1 and found["findings"][0]["code"] == "fork"
    forged = session.get_one(LogCheckpoint, longer.size).note.encode()
    link = anonymous.get(f"/log/consistency?from={covering}&to={longer.size}")
    told = offline(paper, "--checkpoint", "kept", "--consistency", "link", kept=forged, link=link.data)
    assert told["verdict"] == "invalid"


# --- dated back ---------------------------------------------------------------------------------------------------------------


def test_a_server_clock_put_back_is_seen_in_the_log(app, doing, session, alice, wang, zhao, shop, laptop, sequence, flask):
    sequence()
    with clock.stopped_at(clock.now() - timedelta(days=20)):
        of_then = stories.dated(HDD[1], clock.now())
        item_id = stories.laptop(doing, alice, serial="PF2XK9B8", disks=[of_then])
        with pytest.raises(Busy):  # before the house's key was enrolled there is no certificate
            stories.clear(app, doing, item_id, alice, wang, zhao, shop, [of_then])
    sequence()
    code, found = flask("verify", "--json")
    assert code == 0 and found["back_dated"], "the log holds, and somebody has to explain these leaves"


def test_a_certificate_older_than_its_key_is_refused(app, doing, session, anonymous, zhao, wang, number, paper, offline):
    """The insider writes last year's date and lets both keys sign."""
    forged = resigned(app, session, doing, json.loads(paper), {"issued_at": "2025-01-01T00:00:00.000000Z"})
    told = offline(canonical.encode(forged))
    assert told["signature"] is True and told["signer"] is False and told["verdict"] == "invalid"


def resigned(app, session, doing, paper, changes, drop=()):
    """An insider with the deployment's secret: changes the text and signs it anew as the validator and as the house."""
    bench = stories.bench(app)
    body = {name: one for name, one in {**paper["body"], **changes}.items() if name not in drop}
    data = canonical.encode(body)
    owners = {one.key_id: one.account_id for one in session.scalars(select(PersonKey))}
    session.rollback()
    made = []
    for row in paper["signatures"]:
        name = row["key_id"]
        key = signing.load_key(bench.keys / "people", name, keys._wrapping(owners[name])) if name in owners else house_key.house_key(bench.keys)
        one = signing.sign(key, data)
        made.append({"alg": one.alg, "key_id": one.key_id, "value_b64": one.value_b64})
    return {**paper, "body": body, "signatures": made, "digest": canonical.digest(body)}


def test_changed_and_signed_anew_it_is_not_the_one_in_the_log(app, session, doing, unguarded, paper, offline, flask, number):
    """Even with all keys: the leaf has the digest of the first text."""
    forged = resigned(app, session, doing, json.loads(paper), {"epoch": 7})
    told = offline(canonical.encode(forged))
    assert told["leaf"] is False and told["verdict"] == "invalid"
    unguarded(
        "UPDATE certificates SET body = :b, digest = :d, signatures = :s",
        b=canonical.encode(forged["body"]).decode(), d=forged["digest"], s=json.dumps(forged["signatures"]),
    )  # fmt: skip
    code, found = flask("verify", "--json")
    assert code == 1 and [one["code"] for one in found["findings"]] == ["certificate"]


def entered(app, session, forged):
    """... and enters it into the log under a number of its own. Returns the paper as the program would serve it."""
    from core.work import Work
    from privacy.clearance.log.leaves import append_leaf
    from privacy.clearance.log.papers import _log, find_entry

    with work(session, Actor("system:insider"), clock.now()) as w:
        assert isinstance(w, Work)
        number, rows = forged["body"]["number"], forged["signatures"]
        body = {"certificate": number, "digest": forged["digest"], "epoch": forged["body"]["epoch"], "keys": [one["key_id"] for one in rows]}
        append_leaf(w, facts.ISSUED, number, body)
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequencing.sequence(w, app.extensions["xunshi"])
    found = json.loads(canonical.encode({**forged, "log": _log(session, find_entry(session, number))}))
    session.rollback()
    return found


def test_a_certificate_dated_back_within_the_life_of_its_keys(app, session, doing, alice, wang, zhao, shop, sequence, anonymous, offline):
    with clock.stopped_at(clock.now() - timedelta(days=30)):
        of_then = stories.dated(HDD[0], clock.now())
        item_id = stories.laptop(doing, alice, disks=[of_then])
        stories.clear(app, doing, item_id, alice, wang, zhao, shop, [of_then])
        sequence()
    old = certificate_of(session, item_id).number
    session.rollback()
    paper = json.loads(anonymous.get(f"/certificates/{old}.json").data)
    twenty = clock.now() - timedelta(days=20)
    from core.db import stamp

    forged = resigned(app, session, doing, paper, {"number": ids.numbered("XS", 2026, 777), "issued_at": stamp(twenty)})
    told = offline(canonical.encode(entered(app, session, forged)))
    assert told["verdict"] != "valid"


# --- keys -----------------------------------------------------------------------------------------------------------------------


def test_the_houses_key_alone_makes_no_certificate(app, session, doing, unguarded, anonymous, paper, number, offline):
    forged = resigned(app, session, doing, json.loads(paper), {})
    assert offline(canonical.encode(forged))["verdict"] == "valid", "the twin: two persons' signatures"
    house = house_key.house_key(stories.bench(app).keys).key_id
    forged["signatures"] = [one for one in forged["signatures"] if one["key_id"] == house]
    told = offline(canonical.encode(forged))
    assert told["two_persons"] is False and told["verdict"] == "invalid"
    unguarded("UPDATE certificates SET signatures = :s", s=json.dumps(forged["signatures"]))
    assert "does not hold" in anonymous.get(f"/certificates/{number}").text
    forged["signatures"] *= 2
    unguarded("UPDATE certificates SET signatures = :s", s=json.dumps(forged["signatures"]))
    assert "does not hold" in anonymous.get(f"/certificates/{number}").text
    assert offline(canonical.encode(forged))["two_persons"] is False


def test_a_text_that_asks_for_one_signature_only(app, session, doing, paper, offline):
    """Whoever holds the keys of the house and of the log, but no person's."""
    house = house_key.house_key(stories.bench(app).keys).key_id
    for nth, needed in enumerate((None, 1, True, 0, 2)):
        changes = {"number": ids.numbered("XS", 2026, 778 + nth)} | ({} if needed is None else {"requires_signatures": needed})
        dropped = ("operation",) if needed is not None else ("requires_signatures", "operation")
        forged = resigned(app, session, doing, json.loads(paper), changes, drop=dropped)
        whole = offline(canonical.encode(entered(app, session, forged)))
        assert whole["verdict"] == "invalid" and whole["operation"] is False, "a validator alone is no operator"
        forged["number"] = forged["body"]["number"]
        forged = resigned(app, session, doing, forged, {"number": ids.numbered("XS", 2026, 788 + nth)})
        forged["signatures"] = [one for one in forged["signatures"] if one["key_id"] == house]
        told = offline(canonical.encode(entered(app, session, forged)))
        assert told["verdict"] == "invalid" and told["two_persons"] is False and told["operation"] is False, needed
    assert offline(paper)["verdict"] == "valid"


def test_two_keys_of_one_person_are_one_person(anonymous, paper, offline):
    """Operator and validator turn out to be one person with two keys: the list names the holder, the same for both."""
    known = json.loads(anonymous.get("/keys.json").data)
    assert offline(paper, keys=canonical.encode(known))["verdict"] == "valid"
    for key in known["keys"]:
        key |= {"holder": "a" * 64} if "holder" in key else {}
    told = offline(paper, keys=canonical.encode(known))
    assert told["operator_apart"] is False and told["verdict"] == "invalid"


def test_a_stolen_key_signs_nothing_after_its_owner_says_so(app, doing, session, on_bench, send, cleared, wang):
    """A thief has signed a job with Wang's key before Wang noticed: nobody accepts it until Wang has signed anew."""
    job_id = on_bench(HDD[0])
    assert send(job_id, HDD[0].log).passed
    assert wang.client().post(f"/wipes/{job_id}/sign").status_code == 303
    stolen = keys.find_key(session, wang.id).key_id
    session.rollback()
    assert wang.client().post("/me/keys", data={"reason": "stolen"}).status_code == 303
    from privacy.keys.signing_off import find_signature

    assert find_signature(session, session.get_one(WipeJob, job_id)) is None
    session.rollback()
    assert cleared(job_id), "the twin: signed anew with a new key"
    body = json.loads(session.scalars(select(Certificate.body)).one())
    assert body["operation"]["signature"]["key_id"] != stolen
    session.rollback()


def test_accepting_on_a_stolen_signature_is_refused(session, on_bench, send, wang, zhao):
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    wang.client().post(f"/wipes/{job_id}/sign")
    wang.client().post("/me/keys", data={"reason": "stolen"})
    answer = zhao.client().post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id))
    assert answer.status_code == 409 and "signed this wipe yet" in answer.text


def test_a_replaced_key_keeps_its_signature_good(session, on_bench, send, zhao, wang):
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    wang.client().post(f"/wipes/{job_id}/sign")
    wang.client().post("/me/keys", data={"reason": "replaced"})
    answer = zhao.client().post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id))
    assert answer.status_code == 303


def test_a_paper_of_a_revoked_key_is_not_valid_offline(session, anonymous, zhao, number, paper, offline):
    """Signed before or after the theft? Only the log's order tells, so the verdict is no longer `valid`."""
    assert offline(paper)["verdict"] == "valid"
    before = json.loads(anonymous.get("/keys.json").data)
    assert zhao.client().post("/me/keys", data={"reason": "stolen"}).status_code == 303
    told = offline(paper)
    assert told["verdict"] == "unknown" and told["signer"] is None
    earlier = [one | ({"revoked_at": one["from"]} if one["role"] == "person" else {}) for one in before["keys"]]
    assert offline(paper, keys=canonical.encode({**before, "keys": earlier}))["verdict"] == "invalid"


def test_one_persons_key_file_opens_no_other(app, session, number, wang, zhao):
    folder = stories.bench(app).keys / "people"
    for mine, other in ((wang, zhao), (zhao, wang)):
        name = keys.find_key(session, mine.id).key_id
        assert signing.load_key(folder, name, keys._wrapping(mine.id)).key_id == name
        with pytest.raises(KeyFault):
            signing.load_key(folder, name, keys._wrapping(other.id))
        with pytest.raises(KeyFault):
            signing.load_key(folder, name, secrets.field_key("signing-keys"))
    session.rollback()


def test_a_thief_of_the_session_without_the_second_factor_signs_nothing(session, on_bench, send, wang, zhao):
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    assert "/second-factor" in wang.client(factor=False).post(f"/wipes/{job_id}/sign").location
    wang.client().post(f"/wipes/{job_id}/sign")
    def sent():
        return stories.verify_data(session, job_id)

    assert "/second-factor" in zhao.client(factor=False).post(f"/wipes/{job_id}/verify", data=sent()).location
    assert zhao.client().post(f"/wipes/{job_id}/verify", data=sent()).status_code == 303


# --- the same person twice ---------------------------------------------------------------------------------------------------


def test_one_contact_one_account(session, sql, doing, people, wang, zhao):
    """A second account with the same phone or address can't be opened, by nobody."""
    with pytest.raises(DBAPIError, match="(?i)unique"):
        sql("UPDATE contacts SET digest = (SELECT digest FROM contacts WHERE account_id = :w) WHERE account_id = :z", w=wang.id, z=zhao.id)
    assert session.scalar(select(func.count()).select_from(Account)) >= 2
    session.rollback()
    assert sql("UPDATE contacts SET digest = :d WHERE account_id = :z", d="0" * 64, z=zhao.id) == 1


def test_one_live_key_a_person(session, sql, number, wang):
    row = "INSERT INTO person_keys (key_id, account_id, created_at, ended_why) VALUES (:k, :a, '2026-11-22T00:00:00.000000Z', '')"
    with pytest.raises(DBAPIError, match="(?i)unique"):
        sql(row, k="0" * 16, a=wang.id)
