"""The tables of the profiles: every row that a tool's file can clear has an example that passes and one that doesn't."""

import hashlib
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from core.goods.cards import all_cards, get_card
from core.goods.rules import holds_data
from core.goods.words import MEDIA_KINDS, MEDIUM_OF
from privacy.clearance.grade import grade_of, proof_of
from privacy.clearance.profile import KNOWN, MEDIA, PLATFORMS, DeviceRule, Example, Profile
from privacy.clearance.profiles import FOLDER, get_profile, profile_ids, versions
from privacy.clearance.rules import judge
from privacy.devices.rules import destruction_problem
from privacy.evidence.readers import read
from privacy.wipes.rules import STOPS
from tests.privacy.clearance.test_commands import SATA, state

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "wipe"
PROFILES = [get_profile(one) for one in profile_ids()]
ROWS = [(profile, row) for profile in PROFILES for row in profile.rows]
EXAMPLES = [(profile, row, one) for profile, row in ROWS for one in row.examples if row.route == "tool_log"]
ELSEWHERE = [(profile, row, one) for profile, row in ROWS for one in row.examples if row.route not in ("tool_log", "checklist")]


def name(value: object) -> str:
    return getattr(value, "id", "") or getattr(value, "file", "")


def judged(profile: Profile, row: DeviceRule, one: Example):
    evidence = read((FILES / one.file).read_bytes())
    if one.as_if_seen:
        assert not evidence.real_seen, "a real file was read: the example can go without"
        evidence = replace(evidence, real_seen=True)
    return judge(evidence, None, profile, one.medium, one.serial, accepts=row.accepts, registered=True)


def by_route(profile: Profile, row: DeviceRule, one: Example) -> tuple[str, tuple[str, ...]]:
    """What the program's own rules say where no tool's file and no list decides."""
    said = dict(one.answers)
    match row.route:
        case "destroy":
            problem = destruction_problem(str(said["medium"]), str(said["method"]), said.get("millimetres"))  # type: ignore[arg-type]
            return ("fail", (problem,)) if problem else ("pass", ())
        case "none":
            smart = said.get("smart")
            holds = holds_data(get_card(str(said["category"])), None if smart is None else str(smart))
            return ("fail", ("holds_data",)) if holds else ("pass", ())
        case "refuse":
            return ("fail", ("refused",)) if said["origin"] in STOPS else ("pass", ())
        case "statement":
            evidence = read((FILES / one.file).read_bytes())
            own = said["brought_by"] == "seller"
            assert grade_of(proof_of(evidence, bound=True, challenge="", own=own)) == "E1"
            lead = profile.find_row("bare_drive", "hdd")
            assert lead is not None and lead.route == "tool_log", "a point's file goes by the row of its medium"
            return ("unknown", ("own_statement",)) if own else (judged(profile, lead, one).verdict, judged(profile, lead, one).reasons)
    raise AssertionError(row.route)


@pytest.mark.parametrize(("profile", "row", "example"), EXAMPLES, ids=name)
def test_a_worked_example_says_what_the_judge_says(profile: Profile, row: DeviceRule, example: Example):
    verdict = judged(profile, row, example)
    assert (verdict.verdict, verdict.reasons) == (example.verdict, example.reasons)


@pytest.mark.parametrize(("profile", "row"), [one for one in ROWS if one[1].route == "tool_log"], ids=name)
def test_every_row_has_an_example_that_passes_and_one_that_does_not(profile: Profile, row: DeviceRule):
    verdicts = {one.verdict for one in row.examples if one.file}
    assert "pass" in verdicts and verdicts & {"fail", "unknown"}


@pytest.mark.parametrize(("profile", "row", "example"), ELSEWHERE, ids=name)
def test_a_worked_example_of_another_route_says_what_the_rules_say(profile: Profile, row: DeviceRule, example: Example):
    assert set(example.answers) <= {"medium", "method", "millimetres", "category", "smart", "origin", "brought_by"}
    assert by_route(profile, row, example) == (example.verdict, example.reasons)


def test_every_row_of_every_profile_has_an_example_that_passes_and_one_that_does_not():
    """All eighteen, on whatever route (check-lists: tests/privacy/checklists)."""
    for profile, row in ROWS:
        verdicts = {one.verdict for one in row.examples}
        assert "pass" in verdicts and verdicts & {"fail", "unknown"}, f"{profile.id} {row.id}"


def test_only_formats_of_which_no_real_file_was_read_are_judged_as_if():
    seen = {(profile.id, row.id) for profile, row, one in EXAMPLES if one.as_if_seen}
    assert seen == {("HK-G3", one) for one in ("pc_ssd", "pc_nvme", "encrypted_drive", "card")}
    for profile, row, one in EXAMPLES:
        if one.as_if_seen:
            plain = judged(profile, row, replace(one, as_if_seen=False))
            assert (plain.verdict, plain.reasons) == ("unknown", ("format_unproven",))


def test_the_three_profiles_speak_of_the_same_eighteen_rows():
    assert profile_ids() == ("CN-GB46864-2025", "HK-G3", "NIST-800-88r2")
    tables = [[(row.id, row.number) for row in profile.rows] for profile in PROFILES]
    assert tables[0] == tables[1] == tables[2]
    assert [number for _, number in tables[0]] == list(range(1, 19))


@pytest.mark.parametrize(("profile", "row"), ROWS, ids=name)
def test_a_row_is_as_well_known_as_its_weakest_source_and_names_what_exists(profile: Profile, row: DeviceRule):
    known = {source.id: source.known for source in profile.sources}
    assert row.sources and row.known == max((known[one] for one in row.sources), key=KNOWN.index)
    assert set(row.media) <= set(MEDIA_KINDS) and set(row.categories) <= {card.code for card in all_cards(environ={})}
    texts = (row.title, row.minimum, row.not_enough, row.evidence, row.verification)
    assert not any(claim in one.en.lower() for one in texts for claim in ("compliant", "certified", "unrecoverable"))


@pytest.mark.parametrize("profile", PROFILES, ids=name)
def test_every_source_is_used_and_every_platform_has_its_row(profile: Profile):
    named = {one for row in profile.rows for one in row.sources}
    assert {source.id for source in profile.sources} == named
    assert all(source.id and source.zh for source in profile.sources)
    assert {one for one in PLATFORMS if profile.find_platform(one) is None} == set()
    assert profile.find_platform("typewriter") is None
    assert profile.claim.en.startswith("designed to") and f"version {profile.version}" in profile.claim.en


# --- which row -----------------------------------------------------------------------------------------------------------

LEADS = {
    ("laptop", "hdd"): "pc_hdd",
    ("desktop", "ssd"): "pc_ssd",
    ("bare_drive", "nvme"): "pc_nvme",
    ("printer", "hdd"): "pc_hdd",
    ("printer", "flash"): "printer",
    ("laptop", "emmc"): "pc_other",
    ("laptop", "hybrid"): "pc_other",
    ("phone", "ufs"): "android_encrypted",
    ("phone", "card"): "card",
    ("camera", "card"): "card",
    ("wearable", "flash"): "wearable",
    ("router", "flash"): "appliance",
    ("game_console", "nvme"): "pc_nvme",
    ("a new category", "nvme"): "pc_nvme",
    ("a new category", "emmc"): None,
    ("laptop", "unknown"): None,
}


@pytest.mark.parametrize(("category", "kind"), sorted(LEADS))
def test_the_first_row_that_fits_counts(category: str, kind: str):
    for profile in PROFILES:
        row = profile.find_row(category, kind)
        assert (row.id if row else None) == LEADS[category, kind]


def test_every_medium_a_card_asks_for_is_judged_by_something():
    """Where no row fits, the kind of medium decides alone."""
    for card in all_cards(environ={}):
        for kind in card.media.kinds:
            for profile in PROFILES:
                assert profile.find_row(card.code, kind) or MEDIUM_OF[kind] in (*MEDIA, "unknown")


# --- one file, three standards -------------------------------------------------------------------------------------------

PASS, WEAK, UNREAD = (), ("technique_insufficient",), ("not_verified",)
# file, serial, category, kind: CN, HK, NIST
COMPARED = [
    ("nwipe-0.34-hdd-dodshort.log", "WD-WCAYU4R7X19K", "laptop", "hdd", PASS, PASS, PASS),
    ("nwipe-0.34-hdd-prng.log", "WD-WCAYU4R7X19K", "laptop", "hdd", ("too_few_passes",), ("too_few_passes",), PASS),
    ("nwipe-0.34-hdd-zero-rounds-3.log", "WD-WCAYU4R7X19K", "laptop", "hdd", ("no_random_pass",), ("no_random_pass",), PASS),
    ("nwipe-0.34-hdd-dodshort-verify-off.log", "WD-WCAYU4R7X19K", "laptop", "hdd", UNREAD, UNREAD, PASS),
    ("nwipe-0.34-ssd-prng.log", "S2RANX0H613905", "laptop", "ssd", PASS, WEAK, PASS),
    ("nwipe-0.34-nvme-prng.log", "S4GENX0N508213", "laptop", "nvme", PASS, WEAK, PASS),
    ("nwipe-0.34-nvme-prng-verify-off.log", "S4GENX0N508213", "laptop", "nvme", UNREAD, (*WEAK, *UNREAD), PASS),
    ("nwipe-0.34-hdd-verify-zero.log", "WD-WCAYU4R7X19K", "laptop", "hdd", *[("verify_only",)] * 3),
]  # fmt: skip


@pytest.mark.parametrize("line", COMPARED, ids=[line[0] for line in COMPARED])
def test_one_file_passes_only_the_profiles_it_really_meets(line: tuple):
    file, serial, category, kind, *told = line
    evidence = read((FILES / file).read_bytes())
    for profile, reasons in zip(PROFILES, told, strict=True):
        row = profile.find_row(category, kind)
        found = judge(evidence, None, profile, MEDIUM_OF[kind], serial, accepts=row.accepts, registered=True)
        assert found.reasons == reasons, profile.id


# --- a version that has landed stands ------------------------------------------------------------------------------------

# What a verdict was made by can be read again years later: raise the version, keep the old file as ID.vN.toml.
OLDER = {"CN-GB46864-2025.v1.toml": "909e7a41a1fc534f0e6558f2fd826faddbd4f4cb9d298c713f2d33a93aa6f593"}
PRESENT = {
    ("CN-GB46864-2025", "2"): "3799f3f464d33434dbea56e6553dc9f383c91a57129c751a6536cf2c1a5bd6dc",
    ("HK-G3", "1"): "2580294d01f9bace84ced5f8b25e040de5202f3254f44a91b8a6a9ea3b49e083",
    ("NIST-800-88r2", "1"): "1450516a503e9eabfde3af08aee0439ea6c98dab48c7e6f099b71cd608654462",
}


def rules_digest(path: Path) -> str:
    """Of everything but the worked examples, which show the rules and don't make them."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in values.get("rows", ()):
        row.pop("examples", None)
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def test_rules_never_change_without_a_new_version():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.v*.toml"))}
    assert found == OLDER
    present = {(one, get_profile(one).version): rules_digest(FOLDER / f"{one}.toml") for one in profile_ids()}
    assert present == PRESENT, "raise the version, keep the old file beside it, and write down the new digest"


def test_an_older_version_is_still_read_and_judges_as_it_did():
    assert versions("CN-GB46864-2025") == ("1", "2") and versions("HK-G3") == ("1",)
    old = get_profile("CN-GB46864-2025", "1")
    assert (old.version, old.rows) == ("1", ()) and "version 1" in old.claim.en
    assert judge(state(SATA), None, old, "semiconductor").reasons == ("technique_insufficient",)
    assert judge(state(replace(SATA)), None, get_profile("CN-GB46864-2025"), "semiconductor").reasons == ()
