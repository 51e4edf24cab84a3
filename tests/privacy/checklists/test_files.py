"""Lists and declarations are data, read strictly; profiles' examples of filled lists are run."""

import re
from pathlib import Path

import pytest

from core.data_files import BadDataFile
from core.goods.cards import all_cards
from privacy.clearance.checklist_rules import judge_checklist
from privacy.clearance.declaration_rules import NONE, Found
from privacy.clearance.declarations import FOLDER as DECLARATIONS
from privacy.clearance.declarations import all_declarations, find_by_id, read_declaration
from privacy.clearance.profiles import get_profile, profile_ids
from privacy.wipes.checklist import PARTS
from privacy.wipes.checklists import FOLDER, all_checklists, checklists_for, find_checklist, get_checklist, read_checklist
from tests.privacy.checklists.test_rules import LISTED, TODAY, all_good

PLATFORMS = {
    "android_encrypted", "android_plain", "iphone", "mac", "chromeos", "windows", "printer", "router", "wearable", "camera",
    "car_unit", "console",
}  # fmt: skip
CHINESE = re.compile(r"[一-鿿]")


def test_there_is_a_list_for_every_platform_and_for_every_card_of_the_route():
    assert {one.code for one in all_checklists()} == PLATFORMS
    for card in all_cards():
        assert bool(checklists_for(card.code)) or card.wipe_route != "checklist", card.code
    assert {card.code for card in all_cards() if card.wipe_route == "checklist"} == {
        "phone", "tablet", "wearable", "camera", "game_console", "printer", "router", "other",
    }  # fmt: skip
    assert {code for one in all_checklists() for code in one.categories} <= {card.code for card in all_cards()}


def test_the_makers_list_comes_first():
    assert checklists_for("phone", "苹果")[0].code == "iphone" and checklists_for("phone", "vivo")[0].code == "android_encrypted"
    assert {one.code for one in checklists_for("laptop")} == {"mac", "chromeos", "windows"} and checklists_for("book") == ()
    assert find_checklist("../x") is None


@pytest.mark.parametrize("one", all_checklists(), ids=lambda one: one.code)
def test_a_list_says_what_the_house_promises(one):
    words = [text for step in (*one.steps, *one.looks) for text in (step.question, step.how) if text]
    assert all(not CHINESE.search(text.en) for text in words)
    assert not re.search(r"unrecoverable|GB compliant|military", " ".join(text.en for text in words))
    assert [look.code for look in one.looks][0] == "list", "the second person reads the list first"
    assert {step.part for step in one.steps} == set(PARTS)
    locks = {step.lock for step in one.part("after") if step.lock}
    assert locks, "something is read of locks after the wipe"


def test_powered_tests_come_before_the_wipe_and_the_passcode_is_never_taken():
    for code in ("android_encrypted", "android_plain", "iphone", "mac", "chromeos", "windows"):
        first, second = get_checklist(code).steps[:2]
        assert (first.code, first.part, second.code) == ("power_test", "before", "passcode")
        assert "owner" in first.how.en and "content" in first.how.en


def test_cards_sims_and_bindings_are_steps_of_their_own():
    codes = {step.code for step in get_checklist("android_encrypted").steps}
    assert {"sim", "esim", "memory_card", "wallet", "paired", "cloud"} <= codes
    before = {step.code: step for step in get_checklist("iphone").part("before")}
    assert before["find_my_before"].must == "off", "Find My has to be read as off before the erase"


SLIPS = [
    ('code = "wearable"', 'code = "wearables"', "code must be"),
    ('technique = "maker_reset"', 'technique = "magic"', "technique must be"),
    ('part = "after"\nlock', 'part = "later"\nlock', "part must be"),
    ('photo = "challenge"', 'photo = "selfie"', "photo must be"),
    ('photo = "challenge"', 'photo = "plain"', "need a photo with the job's code"),
    ('reason = "reset_not_done"', 'reason = "whatever"', "reason must be"),
    ('reason = "reset_not_done"\n', "", "reason is needed"),
    ('code = "reset"', 'code = "wallet"', "have the code wallet twice"),
    ('relies_on_maker = false', 'relies_on_maker = true', "must be model and version"),
    ('version = "1"', 'version = "1"\nextra = 1', "extra is not a key"),
    ('[[looks]]\ncode = "tail"', '[[looks]]\ncode = "reboot"', "must ask the second person"),
    ('lock = "accounts"', 'lock = "padlock"', "lock must be one of"),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS, ids=[new[:30] for _, new, _ in SLIPS])
def test_a_slip_of_the_pen_is_named(old: str, new: str, said: str, tmp_path: Path):
    text = (FOLDER / "wearable.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wearable.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDataFile, match=said):
        read_checklist(path)
    path.write_text(text, encoding="utf-8")
    assert read_checklist(path) == get_checklist("wearable")


def test_locks_stay_off_after_the_wipe(tmp_path: Path):
    text = (FOLDER / "wearable.toml").read_text(encoding="utf-8")
    path = tmp_path / "wearable.toml"
    front, last = text.rsplit('part = "after"\nlock = "accounts"\n', 1)
    changed = front + 'part = "after"\nlock = "accounts"\nmust = "read"\n' + last.replace('reason = "account_on"\n', "", 1)
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(BadDataFile, match="has to be off after the wipe"):
        read_checklist(path)


def test_every_declaration_here_is_made_up_and_shown_as_such():
    assert all_declarations(demo=False) == (), "no real maker's declaration has been read yet"
    assert {one.id for one in all_declarations(demo=True)} == {"demo-lingyun-l20", "demo-chenxing-s9"}
    for one in all_declarations(demo=True):
        assert "虚构" in one.maker.zh and "made-up" in one.maker.en and ".example/" in one.source
        assert one.entered_by == () and find_by_id(one.id) == one
    assert find_by_id("nothing") is None


REAL = [("demo = true", "demo = false"), ("https://lingyun.example/declarations/l20", "https://www.lingyun.cn/l20")]
TWO = ("dated = ", 'entered_by = ["Rui Min", "Gao Yan"]\ndated = ')


@pytest.mark.parametrize(("changes", "said"), [
    ([TWO], "must not be there where demo"),
    (REAL, "two different people"),
    ([*REAL, ("dated = ", 'entered_by = ["Rui Min", "rui min "]\ndated = ')], "two different people"),
    ([*REAL, ("dated = ", 'entered_by = ["Rui Min"]\ndated = ')], "two different people"),
    ([*REAL, ("dated = ", 'entered_by = ["Rui Min", "Gao Yan", "Li Na"]\ndated = ')], "two different people"),
    ([REAL[0], TWO], "under .example exactly"),
    ([REAL[1]], "under .example exactly"),
    ([("https://lingyun.example/declarations/l20", "ftp://lingyun.example/l20")], "must be the https address"),
    ([('dated = "2026-10-20"', 'dated = "soon"')], "dated must be a day"),
    ([('until = "16"', 'until = "13"')], "must not be before from"),
    ([('until = "16"', 'until = "sixteen"')], "must be a version"),
    ([('models = ["L20", "L20 Pro"]', "models = []")], "must not be empty"),
    ([('id = "demo-lingyun-l20"', 'id = "other"')], "id must be"),
])  # fmt: skip
def test_a_slip_in_a_declaration_is_named(changes, said, tmp_path):
    with pytest.raises(BadDataFile, match=said):
        read_declaration(written(changes, tmp_path))
    two = read_declaration(written([*REAL, TWO], tmp_path))
    assert two.entered_by == ("Rui Min", "Gao Yan") and not two.demo, "the twin: a real one, with two names"


def written(changes, folder):
    text = (DECLARATIONS / "demo-lingyun-l20.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "demo-lingyun-l20.toml"
    path.write_text(text, encoding="utf-8")
    return path


# --- profiles' examples -------------------------------------------------------------------------------------

EXAMPLES = [
    pytest.param(profile_id, row.id, example, id=f"{profile_id}-{row.id}-{number}")
    for profile_id in profile_ids()
    for row in get_profile(profile_id).rows
    for number, example in enumerate(row.examples)
    if example.platform
]


@pytest.mark.parametrize(("profile_id", "row_id", "example"), EXAMPLES)
def test_the_profiles_examples_of_lists_hold(profile_id, row_id, example):
    """`answers` changes single answers of a list that is well filled in; `photos = "none"` leaves the photos out, and
    `declaration = "none"` is a model whose maker has declared nothing."""
    checklist, said = get_checklist(example.platform), dict(example.answers)
    found: Found = NONE if said.pop("declaration", "listed") == "none" else LISTED
    good = all_good(checklist)
    photos = frozenset() if said.pop("photos", "all") == "none" else good.photos
    assert set(said) <= {step.code for step in checklist.asked()}, "an example names a step that the list doesn't ask"
    filled = type(good)(answers={**good.answers, **{k: str(v) for k, v in said.items()}}, photos=photos)
    verdict = judge_checklist(checklist, filled, found, get_profile(profile_id), TODAY, False)
    assert (verdict.verdict, verdict.reasons) == (example.verdict, example.reasons)


def test_every_row_that_goes_by_a_list_has_an_example_that_passes_and_one_that_does_not():
    for profile_id in profile_ids():
        for row in get_profile(profile_id).rows:
            if row.route == "checklist":
                verdicts = {example.verdict for example in row.examples if example.platform in row.platforms}
                assert {"pass", "fail"} <= verdicts, f"{profile_id} {row.id}"
