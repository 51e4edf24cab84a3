"""Grading standards as files: complete, versioned, and refused when a worse answer could win."""

import hashlib
from pathlib import Path

import pytest

from appraisal.standards.loader import FOLDER, all_standards, find_standard, get_standard, read_standard
from appraisal.standards.standard import Standard
from core.data_files import BadDataFile, Bilingual
from core.errors import NotFound
from core.goods.cards import all_cards
from tests.appraisal.standards.frozen import FROZEN, FROZEN_CROSSREFERENCES

CHAIR = """
id = "house-chair"
version = 3
names = { zh = "椅子分级", en = "Grading of chairs" }
effective_from = "2026-11-01"
sources = [{ zh = "自有规则", en = "Our own rule" }]
scale = [
    { code = "X", name = { zh = "好", en = "Good" }, meaning = { zh = "好", en = "Good" } },
    { code = "Y", name = { zh = "中", en = "Fair" }, meaning = { zh = "中", en = "Fair" } },
    { code = "Z", name = { zh = "差", en = "Poor" }, meaning = { zh = "差", en = "Poor" } },
]
undetermined = { code = "U", name = { zh = "未定级", en = "None" }, meaning = { zh = "未定", en = "None" } }
refused = { code = "reject", name = { zh = "不受理", en = "No" }, meaning = { zh = "不受理", en = "No" } }
axes = [{ code = "all", name = { zh = "全部", en = "All" }, graded = true }]
areas = [{ code = "chair", name = { zh = "椅子", en = "Chair" } }]

[texts]
gate = { zh = "{name}{value}拒收", en = "{name} {value} refused" }
limit = { zh = "{name}{value}至多{limit}", en = "{name} {value} at best {limit}" }
disclose = { zh = "{name}{value}告知", en = "{name} {value} told" }
below = { zh = "{name}低于{below}{unit}至多{limit}", en = "{name} below {below} {unit} at best {limit}" }
untested = { zh = "{name}未检至多{limit}", en = "{name} not tested at best {limit}" }
ungraded = { zh = "{name}未检", en = "{name} not tested" }

[value_sets]
sound = [
    { code = "yes", name = { zh = "好", en = "sound" } },
    { code = "worn", name = { zh = "旧", en = "worn" } },
    { code = "no", name = { zh = "坏", en = "broken" } },
]

[[checks]]
code = "legs"
area = "chair"
axis = "all"
method = "visual"
name = { zh = "椅腿", en = "Legs" }
question = { zh = "椅腿稳吗？", en = "Do the legs stand?" }
help = { zh = "坐一坐", en = "Sit on it" }
required = true
value_set = "sound"
limits = { worn = "Y" }
gate = ["no"]

[[checks]]
code = "seat"
area = "chair"
axis = "all"
method = "visual"
name = { zh = "坐垫", en = "Seat" }
question = { zh = "坐垫好吗？", en = "Is the seat sound?" }
help = { zh = "坐一坐", en = "Sit on it" }
required = false
untested_limit = "Z"
value_set = "sound"
limits = { worn = "Y", no = "Z" }
disclose = ["no"]

[[checks]]
code = "load"
area = "chair"
axis = "all"
kind = "measure"
method = "tool"
name = { zh = "承重", en = "Load" }
question = { zh = "能承重多少？", en = "What does it carry?" }
help = { zh = "加重物", en = "Put weights on" }
required = false
untested_limit = "Z"
unit = "kg"
least = 0
most = 300
bands = [{ below = 150, limit = "Y" }, { below = 80, limit = "Z", disclose = true }]

[[checks]]
code = "cushion"
area = "chair"
axis = "all"
method = "visual"
name = { zh = "靠枕", en = "Cushion" }
question = { zh = "有靠枕吗？", en = "Is there a cushion?" }
help = { zh = "看", en = "Look" }
required = false
when_missing = "no"
values = [
    { code = "yes", name = { zh = "有", en = "yes" } },
    { code = "no", name = { zh = "无", en = "no" } },
]

[[counts]]
code = "both_worn"
axis = "all"
checks = ["legs", "seat"]
at = "worn"
many = 2
missing = true
limit = "Z"
text = { zh = "两处旧，至多{limit}", en = "Both worn, at best {limit}" }
"""


TOP = '{ code = "X", name = { zh = "好", en = "Good" }, meaning = { zh = "好", en = "Good" } }'


def standard_from(folder: Path, content: str, name: str = "house-chair-3.toml") -> Standard:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_standard(path)


def test_the_standard_in_use_stands_as_it_was_published() -> None:
    for name, digest in FROZEN.items():
        assert hashlib.sha256((FOLDER / f"{name}.toml").read_bytes()).hexdigest() == digest
    assert {f"{standard.id}-{standard.version}": standard.digest for standard in all_standards()} == FROZEN
    assert FROZEN["xunshi-laptop-1"] == "b045ed6235f76d9a6f1449268813161ca4191b959fe9214259fbcb5b3dabc4e7"
    tables = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "crossreferences").glob("*.toml")}
    assert tables == FROZEN_CROSSREFERENCES


def test_the_cards_name_standards_that_exist() -> None:
    named = {card.grading_standard for card in all_cards(environ={}) if card.grading_standard}
    assert named and all(find_standard(name) for name in named)


def test_the_laptop_standard_is_whole() -> None:
    laptop = get_standard("xunshi-laptop")
    assert [grade.code for grade in laptop.scale] == list("NSABCDR")
    assert (laptop.undetermined.code, laptop.refused.code) == ("U", "reject")
    assert 25 <= len(laptop.checks) <= 32
    assert sum(len(laptop.checks_of(area.code)) for area in laptop.areas) == len(laptop.checks)
    assert [check.code for check in laptop.checks_of("body")] == [
        "lid",
        "base",
        "inside",
        "hinge",
        "parts_missing",
    ]
    photos = {photo.code for card in all_cards(environ={}) if card.code == "laptop" for photo in card.photos}
    assert {check.photo for check in laptop.checks if check.photo} <= photos
    grade = laptop.find_grade("B")
    assert grade and grade.near and "9成新" in grade.near.zh and "参考" in grade.near.zh
    assert laptop.find_grade("U") == laptop.undetermined and laptop.find_grade("reject") == laptop.refused
    assert laptop.find_grade("E") is None and laptop.find_grade(None) is None
    assert laptop.find_check("lid") and laptop.find_check("roof") is None


def test_ranks_run_from_new_to_refused() -> None:
    laptop = get_standard("xunshi-laptop")
    assert [laptop.rank(code) for code in ("N", "S", "R", "U", "reject")] == [0, 1, 6, 7, 8]
    assert laptop.worst([]) == "N" and laptop.worst(["B", "U", "C"]) == "U"


def test_no_conformity_is_claimed() -> None:
    words = (FOLDER / "xunshi-laptop-1.toml").read_text(encoding="utf-8")
    assert "仅供参考" in words
    assert not any(claim in words for claim in ("GB compliant", "certified", "符合国家标准"))


def test_versions_are_found_and_the_newest_is_taken(tmp_path: Path) -> None:
    standard_from(tmp_path, CHAIR)
    standard_from(tmp_path, CHAIR.replace("version = 3", "version = 12"), "house-chair-12.toml")
    assert get_standard("house-chair", None, tmp_path).version == 12
    assert get_standard("house-chair", 3, tmp_path).version == 3
    assert find_standard("house-chair", 4, tmp_path) is None
    assert find_standard("house-chair") is None
    with pytest.raises(NotFound):
        get_standard("house-chair", 4, tmp_path)
    other = tmp_path / "again"
    other.mkdir()
    standard_from(other, CHAIR)
    with pytest.raises(BadDataFile, match="house-chair-3.toml: this version stands in two files"):
        all_standards(tmp_path, other)


def test_the_newest_file_is_the_one_without_a_number(tmp_path: Path) -> None:
    standard_from(tmp_path, CHAIR)
    newer = CHAIR.replace("version = 3", "version = 12").replace("2026-11-01", "2026-12-01")
    standard_from(tmp_path, newer, "house-chair-12.toml")
    assert get_standard("house-chair", None, tmp_path).version == 12, "the newest there is, in force or not"


def test_a_standard_is_read_whole(tmp_path: Path) -> None:
    chair = standard_from(tmp_path, CHAIR)
    legs, seat, load, cushion = chair.checks
    assert [value.outcome and value.outcome.gate for value in legs.values] == [None, False, True]
    assert legs.values[2].outcome and legs.values[2].outcome.text == Bilingual(zh="椅腿坏拒收", en="Legs broken refused")
    assert legs.values[1].outcome and legs.values[1].outcome.text.en == "Legs worn at best Y"
    assert legs.untested.limit is None and legs.untested.text.en == "Legs not tested"
    assert seat.untested.limit == "Z" and seat.untested.text.zh == "坐垫未检至多Z"
    assert seat.untested.code == "seat_not_tested"
    assert seat.values[2].outcome and seat.values[2].outcome.disclose and seat.values[2].outcome.code == "seat_no"
    assert seat.values[1].outcome and not seat.values[1].outcome.disclose
    assert [(band.below, band.outcome.limit, band.outcome.disclose) for band in load.bands] == [
        (150, "Y", False),
        (80, "Z", True),
    ]
    assert load.bands[1].outcome.text.en == "Load below 80 kg at best Z"
    assert load.bands[1].outcome.code == "load_below_80" and (load.least, load.most, load.unit) == (
        0,
        300,
        "kg",
    )
    assert cushion.when_missing == "no" and cushion.values[1].outcome is None
    assert chair.counts[0].outcome.text.zh == "两处旧，至多Z" and chair.counts[0].many == 2
    assert chair.sources == (Bilingual(zh="自有规则", en="Our own rule"),)
    assert seat.place("worn") == 1


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "house-chair"', 'id = "chair"', "id and version must be the file's name"),
        ("version = 3", "version = 0", "version must be at least 1"),
        (
            'limits = { worn = "Y", no = "Z" }',
            'limits = { worn = "Z", no = "Y" }',
            r"checks\[2\].limits must begin",
        ),
        (
            'limits = { worn = "Y", no = "Z" }',
            'limits = { yes = "Y", no = "Z" }',
            r"checks\[2\].limits must begin",
        ),
        ('limits = { worn = "Y", no = "Z" }', 'limits = { worn = "Y" }', r"checks\[2\].limits must begin"),
        (
            'limits = { worn = "Y", no = "Z" }',
            'limits = { worn = "Q" }',
            r"checks\[2\].limits.worn must be one of",
        ),
        (
            'limits = { worn = "Y", no = "Z" }',
            'limits = { bad = "Z" }',
            r"checks\[2\].limits.bad is not a key",
        ),
        ('gate = ["no"]', 'gate = ["worn"]', r"checks\[1\].limits must begin"),
        ('gate = ["no"]', 'gate = ["bad"]', r"checks\[1\].gate may hold"),
        ('value_set = "sound"', 'value_set = "fine"', r"checks\[1\].values must be at least two"),
        ("below = 80", "below = 160", r"checks\[3\].bands must fall"),
        ("below = 80", "below = 0", r"checks\[3\].bands must fall"),
        ("below = 150", "below = 301", r"checks\[3\].bands must fall"),
        ("below = 150", "below = 80", r"checks\[3\].bands must fall"),
        ('{ below = 80, limit = "Z"', '{ below = 80, limit = "X"', r"checks\[3\].bands must begin"),
        ('untested_limit = "Z"', 'untested_limit = "Y"', r"checks\[2\].untested_limit must not be better"),
        (
            'required = false\nuntested_limit = "Z"',
            "required = false",
            r"checks\[2\].untested_limit is for a check",
        ),
        (
            "required = true",
            'required = true\nuntested_limit = "Z"',
            r"checks\[1\].untested_limit is for a check",
        ),
        ('when_missing = "no"', 'when_missing = "yes"', r"checks\[4\].when_missing must be the worst"),
        (
            'when_missing = "no"',
            'when_missing = "no"\nuntested_limit = "Z"',
            r"checks\[4\].when_missing goes",
        ),
        ("many = 2", "many = 3", r"counts\[1\].many can't be more than the 2"),
        ("many = 2", "many = 1", r"counts\[1\].many must be at least 2"),
        ("missing = true", "missing = false", r"counts\[1\].missing must be true"),
        ('checks = ["legs", "seat"]', 'checks = ["legs", "load"]', r"counts\[1\].at must be an answer"),
        ('checks = ["legs", "seat"]', 'checks = ["legs", "arm"]', r"counts\[1\].checks may hold"),
        ('code = "load"', 'code = "cushion"', "checks have cushion twice"),
        ('code = "both_worn"', 'code = "seat_worn"', "counts have seat_worn twice"),
        ("scale = [", f"scale = [{TOP},", "scale have X twice"),
        ('undetermined = { code = "U"', 'undetermined = { code = "Z"', "scale have Z twice"),
        ('method = "visual"', 'method = "smell"', r"checks\[1\].method must be one of"),
        ('kind = "measure"', 'kind = "colour"', r"checks\[3\].kind must be one of"),
        ('axis = "all"', 'axis = "some"', r"checks\[1\].axis must be one of"),
        (
            '[[checks]]\ncode = "legs"',
            '[[checks]]\nprice = 1\ncode = "legs"',
            r"checks\[1\].price is not a key",
        ),
        ("[value_sets]", "[value_sets]\nspare = []", "value_sets.spare is not a key"),
        (
            'gate = { zh = "{name}{value}拒收"',
            'gate = { zh = "{nome}拒收"',
            "{nome} is not a word for this text",
        ),
        (
            "areas = [",
            'areas = [{ code = "moon", name = { zh = "月", en = "Moon" } }, ',
            "areas have one without",
        ),
        ('sources = [{ zh = "自有规则"', 'sources = [{ zhe = "自有规则"', r"sources\[1\].zh is missing"),
    ],
)
def test_a_standard_in_which_a_worse_answer_could_win_is_refused(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in CHAIR
    with pytest.raises(BadDataFile, match=f"^house-chair-3.toml: {place}"):
        standard_from(tmp_path, CHAIR.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ below = 150, limit = "Y" }', '{ below = 150, limit = "Z" }'),
        ("below = 80", "below = 1"),
        ("below = 150", "below = 300"),
        ('limits = { worn = "Y", no = "Z" }', 'limits = { worn = "Y", no = "Y" }'),
        ('required = false\nuntested_limit = "Z"', "required = true"),
        ('gate = ["no"]', 'gate = ["worn", "no"]'),
        ('checks = ["legs", "seat"]', 'checks = ["seat", "legs"]'),
    ],
)
def test_its_genuine_twin_is_read(tmp_path: Path, old: str, new: str) -> None:
    assert old in CHAIR
    assert standard_from(tmp_path, CHAIR.replace(old, new, 1)).version == 3
