"""The certificate's page checks in the browser: static/js/asked/paper_checks.js must say of every paper what privacy/verify.py says."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from core import canonical, clock
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance import house_key
from privacy.clearance.log import keys
from privacy.clearance.log.papers import download
from privacy.clearance.queries import get_certificate
from tests.privacy.log.forging import AS_OF, STATEMENT, Town
from tests.privacy.log.test_forgeries import GONE, LONG_AGO, PAPER, PATHS, places, variants

SCRIPT = Path(__file__).resolve().parents[3] / "static" / "js" / "asked" / "paper_checks.js"
RUN = """
const fs = require("fs");
require(process.argv[1]);
(async () => {
  const known = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  for (const [raw, keys] of known.cases) {
    let said;
    try { said = await checkPaper(raw, known.lists[keys]); } catch (fault) { said = { unusable: String(fault) }; }
    console.log(JSON.stringify(said));
  }
})();
"""
TOWN = Town()
Case = tuple[str, str, dict]


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    probe = 'crypto.subtle.importKey("raw", new Uint8Array(32).fill(0x66).fill(0x58, 0, 1), {name: "Ed25519"}, false, ["verify"])'
    if found is None or subprocess.run([found, "-e", probe], capture_output=True).returncode:
        pytest.skip("no node that knows Ed25519 in WebCrypto (Debian: apt-get install nodejs)")
    return found


@pytest.fixture
def browser(node, tmp_path):
    """What the page's script says of each (name, raw text, key list)."""

    def say(cases: list[Case]) -> list[dict]:
        lists = {json.dumps(known, sort_keys=True): known for _, _, known in cases}
        order = list(lists)
        rows = [[raw, order.index(json.dumps(known, sort_keys=True))] for _, raw, known in cases]
        (tmp_path / "cases.json").write_text(json.dumps({"cases": rows, "lists": list(lists.values())}), encoding="utf-8")
        command = [node, "-e", RUN, str(SCRIPT), str(tmp_path / "cases.json")]
        done = subprocess.run(command, capture_output=True, timeout=300)
        assert done.returncode == 0 and done.stderr == b"", done.stderr[-2000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    return say


def file_says(raw: str, known: dict) -> dict:
    try:
        found = verify.examine(raw.encode(), verify.read_keys(canonical.encode(known)))
    except verify.Unusable as no:
        return {"unusable": no.code}
    return {one.code: one.ok for one in found.checks}


def compare(browser, cases: list[Case]) -> None:
    differ = []
    for (name, raw, known), page in zip(cases, browser(cases), strict=True):
        told = file_says(raw, known)
        if ("unusable" in told) != ("unusable" in page) or ("unusable" not in told and told != page):
            differ.append((name, {code: (told.get(code), page.get(code)) for code in {*told, *page} if told.get(code) != page.get(code)}))
    assert differ == [], f"{len(differ)} of {len(cases)}: {differ[:5]}"


def written(value) -> str:
    return canonical.encode(value).decode()


def bent_papers() -> list[Case]:
    """Without a key: any value at any place."""
    return [(f"{path} {to!r}", written(value), TOWN.list) for path in PATHS for to, value in _some(PAPER, path)]


def forged_papers() -> list[Case]:
    """With all keys: any value of the text, signed and entered anew."""
    whole = TOWN.body()
    made = [(path, to, value) for path in places(whole) for to, value in _some(whole, path) if isinstance(value, dict)]
    return [(f"body {path} {to!r}", written(TOWN.paper(value)), TOWN.list) for path, to, value in made]


def _some(value, path):
    """Every fifth way to bend it, others at each place, and always the dropping."""
    found = list(variants(value, path))
    return [one for at, one in enumerate(found) if one[0] is GONE or at % 5 == len(str(path)) % 5]


def other_papers() -> list[Case]:
    two = {**STATEMENT, "media": [*STATEMENT["media"], {"medium": "x", "state": "destroyed"}]}
    gone = [{"id": "x", "kind": "ssd", "medium": "semiconductor", "outcome": "destroyed"}]
    return [
        ("genuine", written(PAPER), TOWN.list), ("delivered", written(TOWN.paper(state="delivered", delivered_at=AS_OF)), TOWN.list),
        ("cosigned", written(TOWN.cosigned(PAPER)), TOWN.list),
        *[(f"cosigned wrong {at}", written(TOWN.cosigned(PAPER, bend=at)), TOWN.list) for at in (0, 5, 20, 60)],
        ("destroyed", written(TOWN.paper(TOWN.body(operation=TOWN.operation(two), removed=gone))), TOWN.list),
        *[(f"signed by {who}", written(TOWN.paper(signers=who)), TOWN.list)
          for who in ([], ["house"], ["validator"], ["house", "validator"], ["validator", "operator"], ["house", "log"], ["house", "stranger"])],
        *[(f"operated by {who}", written(TOWN.paper(TOWN.body(operation=TOWN.operation(by=who)))), TOWN.list) for who in TOWN.keys],
    ]  # fmt: skip


def amended_papers() -> list[Case]:
    good = TOWN.amended(PAPER)
    two = TOWN.amended(good, before="X1 Carbon", after="X1 Yoga")
    hidden = {"field": "owner_words", "before_commitment": "a" * 64, "after_commitment": "b" * 64}
    made = [("one", good), ("two", two), ("twice", TOWN.amended(good)), ("hidden but shown", TOWN.amended(PAPER, **hidden))]
    made += [(f"by {who}", TOWN.amended(PAPER, by=who)) for who in TOWN.keys]
    made += [(f"signed by {who}", TOWN.amended(PAPER, signers=who)) for who in ([], ["house"], ["operator", "house"], ["stranger", "house"])]
    text = good["amendments"][0]["body"]
    for name in text:
        made += [(f"{name} {to!r}", TOWN.amended(PAPER, **{name: to})) for to in (None, "", 1, True, [], {}, "x", LONG_AGO)]
    rows = good["amendments"]
    made += [(f"{path} {to!r}", {**good, "amendments": value}) for path in places(rows) for to, value in _some(rows, path)]
    made += [(f"{to!r}", {**PAPER, "amendments": to}) for to in (None, "", [], {}, 0, "x", [None], [[]])]
    return [(f"amended {name}", written(value), TOWN.list) for name, value in made]


def other_keys() -> list[Case]:
    """Each key's role exchanged, and each ended, revoked or begun at another time."""
    raw, found = written(TOWN.cosigned(PAPER)), []
    for at, row in enumerate(TOWN.list["keys"]):
        changes = [{"role": one} for one in ("certificate", "person", "log", "witness", "station")]
        changes += [{name: one} for name in ("from", "until", "revoked_at") for one in (LONG_AGO, AS_OF, "2099-01-01T00:00:00.000000Z")]
        changes += [{"holder": one} for one in (None, "a" * 64, "b" * 64)] + [{"name": "elsewhere"}]
        for change in changes:
            rows = [*TOWN.list["keys"]]
            rows[at] = {**row, **change}
            found.append((f"{row['role']} {change}", raw, {**TOWN.list, "keys": rows}))
        rest = [one for one in TOWN.list["keys"] if one is not row]
        found.append((f"without {row['role']}", raw, {**TOWN.list, "keys": rest}))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("cases", [bent_papers, forged_papers, other_papers, amended_papers, other_keys], ids=lambda one: one.__name__)
def test_page_and_file_say_the_same(browser, cases):
    compare(browser, cases())


def test_of_a_served_certificate(app, session, browser, number):
    """As it is served, to the letter."""
    known = house_key.key_list(bench_of(app.extensions["xunshi"]).keys, keys.listed(session))
    raw = canonical.encode(download(session, get_certificate(session, number), clock.now())).decode()
    compare(browser, [("served", raw, known)])
    (said,) = browser([("served", raw, known)])
    assert set(said.values()) == {True} and len(said) >= 12


def test_text_that_can_be_read_in_two_ways_is_no_certificate(browser):
    raw = written(PAPER)
    spoiled = [raw + " ", raw.replace('"epoch":1', '"epoch":1.0'), raw.replace('"state":', '"state":"revoked","state":'), "[]", "null", "x"]
    assert all("unusable" in one for one in browser([("", text, TOWN.list) for text in spoiled]))


def test_every_check_has_its_line_on_the_page(anonymous, browser, number):
    page = anonymous.get(f"/certificates/{number}").text
    (said,) = browser([("", written(TOWN.cosigned(TOWN.amended(PAPER))), TOWN.list)])
    assert {"witnessed", "amended", "amended_signed", "amended_log"} < set(said)
    assert all(f'data-check="{code}"' in page for code in said)
    assert "/static/js/asked/paper_checks.js" in page and "js/paper.js" in page
