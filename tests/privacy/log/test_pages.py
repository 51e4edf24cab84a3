"""The log as people and programs see it: pages, tiles, entries, proofs, keys; and cosignatures that come in."""

import base64
import json

import pytest

from core import signing
from privacy import verify
from privacy.clearance.log import cosignature, note, tree, witnesses
from privacy.clearance.log.tiles import NoTile, names, parse_path
from tests.privacy.test_wipe_pages import words

WITNESS = signing.from_seed(bytes([7]) * 32)


def proofs(answer):
    value = json.loads(answer.data)
    return tuple(base64.b64decode(one) for one in value["proof"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_anybody_reads_the_log(anonymous, number, language):
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    answer = anonymous.get("/log")
    said = words(answer)
    assert answer.status_code == 200 and number in said and ("Public log" if language == "en" else "公开日志") in said
    assert anonymous.get("/log/checkpoint").text.split("\n")[2] in said


def test_an_empty_log_says_so(anonymous):
    assert "The log is empty" in words(anonymous.get("/log"))
    paths = ("/log/checkpoint", "/log/entries", "/log/tile/0/000", "/log/tile/entries/000", "/log/proof/0", "/log/consistency")
    assert {anonymous.get(path).status_code for path in paths} == {404}
    assert json.loads(anonymous.get("/keys.json").data)["keys"] == []


def test_a_stranger_computes_the_root_from_entries_and_from_tiles(anonymous, number, append, sequence):
    append(*(f"e{n}" for n in range(300)))
    sequence()
    head = verify.parse_checkpoint(anonymous.get("/log/checkpoint").data)
    key = next(one for one in json.loads(anonymous.get("/keys.json").data)["keys"] if one["role"] == "log")
    assert str(note.parse_vkey(key["vkey"])) == note.vkey(key["name"], bytes.fromhex(key["public"]))
    assert verify.signed_by(head.note, key["name"], bytes.fromhex(key["public"])) is True
    entries = [*verify.entries(lambda path: anonymous.get(f"/log/{path}").data, head.size)]
    grown = tree.Growing()
    for data in entries:
        grown.add(tree.leaf_hash(data))
    assert grown.root() == head.root and grown.size == head.size > 300
    paged, begin = [], 0
    while begin is not None:
        page = json.loads(anonymous.get(f"/log/entries?from={begin}").data)
        paged += [one["leaf"].encode() for one in page["entries"]]
        begin = page["next"]
    assert paged == entries
    hashes = b"".join(anonymous.get(f"/log/{path}").data for path, level, *_ in names(head.size) if level == 0)
    assert hashes == b"".join(map(tree.leaf_hash, entries))
    above = anonymous.get("/log/tile/1/000.p/1")
    first = tree.Growing()
    for data in entries[:256]:
        first.add(tree.leaf_hash(data))
    assert above.data == first.root() and "immutable" in above.headers["Cache-Control"]


def test_proofs_of_entries_and_of_growth(anonymous, number, append, sequence):
    before = verify.parse_checkpoint(anonymous.get("/log/checkpoint").data)
    append(*"abcdefg")
    sequence()
    now = verify.parse_checkpoint(anonymous.get("/log/checkpoint").data)
    path = f"/log/consistency?from={before.size}&to={now.size}"
    assert verify.verify_consistency(before.size, now.size, proofs(anonymous.get(path)), before.root, now.root)
    assert anonymous.get("/log/consistency").data == anonymous.get(path).data
    entries = json.loads(anonymous.get("/log/entries").data)["entries"]
    for one in entries:
        found = verify.parse_proof(anonymous.get(f"/log/proof/{one['index']}").text)
        leaf = verify.leaf_hash(one["leaf"].encode())
        assert leaf.hex() == one["hash"] and found.index == one["index"]
        assert verify.verify_inclusion(found.index, now.size, leaf, found.hashes, now.root)
    old = verify.parse_proof(anonymous.get(f"/log/proof/0?head={before.size}").text)
    assert old.checkpoint.root == before.root
    assert anonymous.get(f"/log/checkpoint/{before.size}").text == before.note.raw


ODD = [
    "/log/proof/99999", "/log/proof/99999999999999999999999", "/log/proof/0?head=77", "/log/proof/x", "/log/checkpoint/99",
    "/log/checkpoint/99999999999999999999999", "/log/consistency?from=0&to=3", "/log/consistency?from=3&to=99999", "/log/consistency?from=5&to=3",
    "/log/consistency?from=x", "/log/consistency?from=1&to=99999999999999999999", "/log/entries?from=-1", "/log/entries?from=１",
    "/log/tile/0/000", "/log/tile/0/000.p/99", "/log/tile/0/0", "/log/tile/9/000.p/1", "/log/tile/99999999999999999999/000.p/1",
    "/log/tile/0/x000/001.p/1", "/log/tile/0/..", "/log/tile/entries/000.p/99", "/log/tile/entries/x", "/log/tile/0/000.p/0",
    "/log/tile/0/000.p/256", "/log/tile/0/001.p/1",
]  # fmt: skip


def test_odd_questions_get_a_plain_no(anonymous, number):
    assert {path: anonymous.get(path).status_code for path in ODD} == dict.fromkeys(ODD, 404)


def test_paths_of_tiles():
    assert parse_path("x001/x234/067") == (1234067, 256) and parse_path("000.p/7") == (0, 7)
    assert verify.tile_path(1234067) == "x001/x234/067" and verify.tile_path(0) == "000"
    for bad in ("", "0", "x000/001", "001/002", "x001/x002", "000.p/07", "000.p/256", "000.p/", "0000", "../000"):
        with pytest.raises(NoTile):
            parse_path(bad)
    counts = {path: width for path, _, _, width in names(70_000)}
    assert counts["tile/0/273.p/112"] == 112 and counts["tile/1/001.p/17"] == 17 and counts["tile/2/000.p/1"] == 1
    assert sum(path.startswith("tile/0/") for path in counts) == 274 and counts["tile/1/000"] == 256


def test_the_certificate_page_leads_into_the_log(anonymous, number):
    said = words(anonymous.get(f"/certificates/{number}"))
    assert "In the public log: no. " in said
    proof = anonymous.get(f"/certificates/{number}.tlog-proof")
    file = json.loads(anonymous.get(f"/certificates/{number}.json").data)
    assert proof.text == file["log"]["proof"] and file["log"]["state"] == "entered"
    assert b"ONE file" in anonymous.get("/log/verify.py").data


def test_while_it_waits_the_certificate_says_so(app, session, doing, alice, wang, zhao, shop, anonymous):
    from privacy.clearance.queries import certificate_of
    from tests import stories

    item_id = stories.laptop(doing, alice)
    stories.clear(app, doing, item_id, alice, wang, zhao, shop)
    number = certificate_of(session, item_id).number
    session.rollback()
    assert "being entered" in words(anonymous.get(f"/certificates/{number}"))
    assert json.loads(anonymous.get(f"/certificates/{number}.json").data)["log"] == {"state": "being_entered"}
    assert anonymous.get(f"/certificates/{number}.tlog-proof").status_code == 404


def test_a_broken_log_breaks_no_page(anonymous, number, unguarded):
    unguarded("DELETE FROM log_nodes")
    assert anonymous.get(f"/certificates/{number}").status_code == 200 and anonymous.get("/log").status_code == 200
    assert json.loads(anonymous.get(f"/certificates/{number}.json").data)["log"]["state"] == "broken"
    assert {anonymous.get(path).status_code for path in ("/log/proof/0", "/log/tile/0/000.p/3")} == {404}


def test_a_witness_sends_its_signature(app, session, doing, anonymous, number):
    head = anonymous.get("/log/checkpoint").text
    text = verify.parse_note(head).text
    line = cosignature.sign(text, "w.example", WITNESS, 1_800_000_000)
    signed = cosignature.join(head, [line])
    assert anonymous.post("/log/cosignatures", data=signed).status_code == 422, "not a witness yet"
    with doing() as w:
        witnesses.add(w, "w.example", note.vkey("w.example", WITNESS.public, note.COSIGNATURE))
    bent = {
        422: [head, "", "x", signed.replace("w.example", "v.example"), b"\xff\xfe", cosignature.join(head, [line[:-8] + "AAAAAAA="])],
        404: [signed.replace(f"\n{verify.parse_checkpoint(head).size}\n", "\n3\n"), signed.replace("log\n", "lug\n", 1)],
    }
    for status, bodies in bent.items():
        for body in bodies:
            assert anonymous.post("/log/cosignatures", data=body).status_code == status, body
    assert anonymous.get("/log/checkpoint").text == head
    for _ in range(2):
        answer = anonymous.post("/log/cosignatures", data=signed)
        assert answer.status_code == 200 and json.loads(answer.data) == {"kept": ["w.example"]}
    assert anonymous.get("/log/checkpoint").text == signed
    assert "w.example" in words(anonymous.get("/log"))
    found = verify.parse_proof(anonymous.get("/log/proof/0").text)
    assert verify.cosigned_by(found.checkpoint.note, "w.example", WITNESS.public) == 1_800_000_000


def test_machines_need_no_form_token_and_people_do(app, number):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        assert client.post("/log/cosignatures", data="x").status_code == 422
        assert client.post("/certificates", data={"number": "x"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
