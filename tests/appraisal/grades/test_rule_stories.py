"""The kinds of rule one by one: what null and absent mean, days, tables, indexes, points, and other schemes' words."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appraisal.grades.crossreference_rules import cross_reference
from appraisal.grades.effect_rules import last_day
from appraisal.grades.rules import UnknownCheck, UnknownValue, grade, read_answers
from appraisal.standards.crossreference import find_crossreference
from appraisal.standards.loader import get_standard, read_standard
from core.data_files import BadDataFile

BIKE = """
id = "house-bike"
version = 1
purpose = "comparison"
names = { zh = "自行车", en = "Bikes" }
effective_from = "2026-11-30"
sources = [{ zh = "自有", en = "Own", known = "derived" }]
scale = [
    { code = "X", name = { zh = "好", en = "Good" }, meaning = { zh = "好", en = "Good" } },
    { code = "Y", name = { zh = "差", en = "Poor" }, meaning = { zh = "差", en = "Poor" } },
]
undetermined = { code = "U", name = { zh = "未定", en = "None" }, meaning = { zh = "未定", en = "None" } }
refused = { code = "no", name = { zh = "不收", en = "No" }, meaning = { zh = "不收", en = "No" }, silent = true }

[texts]
gate = { zh = "{name}", en = "{name}" }
limit = { zh = "{name}", en = "{name}" }
disclose = { zh = "{name}", en = "{name}" }
below = { zh = "{name}", en = "{name}" }
untested = { zh = "{name}", en = "{name}" }
ungraded = { zh = "{name}", en = "{name}" }
yes = { zh = "是", en = "yes" }
no = { zh = "否", en = "no" }

[value_sets]

[[checks]]
code = "rust"
name = { zh = "锈", en = "Rust" }
kind = "flag"
required = true
when_missing = "no"

[[checks]]
code = "load_test"
name = { zh = "承重", en = "Load test" }
kind = "flag"
worse_answer = "no"
optional = true
gate = ["no"]

[score]
start = "100"
most = { overall = "7.5" }

[[rules]]
reason = "rusty"
when = [{ check = "rust", is = ["yes"] }]
deduct = "5.5"
text = { zh = "锈", en = "rust" }

[[rules]]
reason = "rusty_again"
when = [{ check = "rust", is = ["yes"] }]
deduct = "3"
text = { zh = "锈", en = "rust" }

[[rules]]
reason = "rust_needs_a_load_test"
when = [{ check = "rust", is = ["yes"] }]
require = "load_test"
text = { zh = "要承重", en = "load test needed" }
"""


def bike(folder: Path, content: str = BIKE) -> Any:
    path = folder / "house-bike-1.toml"
    path.write_text(content, encoding="utf-8")
    return read_standard(path)


def test_a_further_check_is_asked_for_only_where_the_rule_holds(tmp_path: Path) -> None:
    standard = bike(tmp_path)
    assert grade(standard, {"rust": False}).grade == "X"
    asked = grade(standard, {"rust": True})
    assert (asked.grade, asked.untested) == ("U", ("load_test",))
    assert asked.reasons[-1].checks == ("rust", "load_test")
    assert grade(standard, {"rust": True, "load_test": True}).grade == "X"
    refused = grade(standard, {"rust": True, "load_test": False})
    assert refused.grade == "no" and standard.shown(refused.grade) is None


def test_points_stop_at_the_bound_and_never_move_the_grade(tmp_path: Path) -> None:
    standard = bike(tmp_path)
    assert grade(standard, {"rust": False}).score == Decimal(100)
    rusty = grade(standard, {"rust": True, "load_test": True})
    assert (rusty.score, rusty.grade) == (Decimal("92.5"), "X")
    assert grade(get_standard("tradex"), {}).score is None


def test_absent_is_assumed_where_said_and_null_is_not_tested(tmp_path: Path) -> None:
    standard = bike(tmp_path)
    absent, null = grade(standard, {}), grade(standard, {"rust": None})
    assert (absent.grade, absent.assumed, absent.untested) == ("X", ("rust",), ("load_test",))
    assert (null.grade, null.assumed, null.untested) == ("U", (), ("rust", "load_test"))
    assert grade(get_standard("swappa-gate"), {"blocked_esn": None}).grade == "U"
    assert grade(get_standard("swappa-gate"), {"blocked_esn": None, "water_damage": True}).grade == "reject"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('is = ["yes"] }]\ndeduct = "5.5"', 'is = ["maybe"] }]\ndeduct = "5.5"', r"rules\[1\].when\[1\].is may hold"),
        ('deduct = "5.5"', "deduct = 5.5", r"rules\[1\].deduct must be text"),
        ('deduct = "5.5"', 'deduct = "5,5"', r"rules\[1\].deduct must be a number written as text"),
        ('deduct = "5.5"\n', "", r"rules\[1\].limit or one of"),
        ('require = "load_test"', 'require = "ride"', r"rules\[3\].require must be one of"),
        ('check = "rust", is', 'check = "rust", over = "1", is', r"rules\[1\].when\[1\].is or exactly one"),
        ('when = [{ check = "rust", is = ["yes"] }]\ndeduct = "3"', 'deduct = "3"', r"rules\[2\].when or any"),
        ('known = "derived"', 'known = "heard"', r"sources\[1\].known must be one of"),
        (', known = "derived"', "", r"sources\[1\].known is missing"),
        ('yes = { zh = "是", en = "yes" }\n', "", r"checks\[1\].kind flag needs the texts"),
        ('text = { zh = "锈", en = "rust" }', 'text = { zh = "锈", en = "" }', r"rules\[1\].text needs a zh and an en"),
        ('when_missing = "no"', 'when_missing = "perhaps"', r"checks\[1\].when_missing and untested_as"),
        ('required = true\nwhen_missing = "no"\n', "", r"checks\[1\].required or untested_limit"),
        ('start = "100"', 'start = "100"\nspare = 1', "score.spare is not a key"),
        ('purpose = "comparison"', 'purpose = "conformity"', "purpose must be one of"),
    ],
)
def test_a_slip_of_the_pen_is_refused(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in BIKE
    with pytest.raises(BadDataFile, match=f"^house-bike-1.toml: {place}"):
        bike(tmp_path, BIKE.replace(old, new, 1))


def test_other_names_mean_the_same_check_and_none_stands_twice() -> None:
    gate = get_standard("swappa-gate")
    assert grade(gate, {"missing_water_indicator": True}).grade == "reject"
    with pytest.raises(UnknownCheck):
        grade(gate, {"missing_water_indicator": True, "missing_moisture_indicator": True})
    with pytest.raises(UnknownValue):
        grade(gate, {"water_damage": 1})


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [("2016-11-22", 10, "2026-11-22"), ("2016-02-29", 1, "2017-02-28"), ("2016-02-29", 8, "2024-02-29")],
)
def test_a_life_ends_on_the_day_that_corresponds(first: str, years: int, last: str) -> None:
    from datetime import date

    assert last_day(date.fromisoformat(first), years) == date.fromisoformat(last)


@pytest.mark.parametrize("days", [{"sold": "2026-11-23"}, {"produced": "2027-01-01"}, {"sold": "2026-13-01"},
                                  {"sold": "20261101"}, {"sold": "2026-11-1"}, {"sold": 20261101}])  # fmt: skip
def test_no_thing_is_sold_after_today_nor_on_a_day_that_is_none(days: dict[str, Any]) -> None:
    with pytest.raises(UnknownValue):
        grade(get_standard("appliance-age"), {"category": "dryer", "sold": "2020-01-01", "today": "2026-11-22"} | days)


def test_a_table_says_nothing_where_what_is_missing_could_matter() -> None:
    table = get_standard("ctia-to-rec")
    unknown = grade(table, {"ctia_functional": 0, "ctia_cosmetic": None})
    assert (unknown.grade, unknown.results) == ("U", {"F": None, "C": None, "stream": None})
    sure = grade(table, {"ctia_functional": 5, "ctia_cosmetic": None})
    assert (sure.grade, sure.results["stream"]) == ("stream", "R2 Controlled Stream")


def test_an_index_is_exact_and_silent_while_a_part_is_missing() -> None:
    law = get_standard("eu-repairability")
    scores = {"SDD": Decimal("3.35"), "SF": Decimal("3.35"), "ST": Decimal("3.35"), "SSP": Decimal("3.35"), "SSU": Decimal("3.35")}
    edge = grade(law, scores | {"SRI": Decimal("3.35")})
    assert edge.results == {"R": Decimal("3.35"), "cls": "B"}
    assert grade(law, scores | {"SRI": Decimal("3.3499999999")}).results["cls"] == "C"
    assert grade(law, scores | {"SRI": None}).results == {"R": None, "cls": None}


def labels(changed: dict[str, Any], kind: str = "laptop") -> dict[str, str | None]:
    standard = get_standard(f"xunshi-{kind}", 1)
    steps = {check.code: check.values[0].code if check.values else check.most for check in standard.checks}
    inputs = steps | {"unused": "used"} | changed
    result = grade(standard, inputs)
    found = cross_reference(find_crossreference(standard), result.grade, result.axes, read_answers(standard, inputs))
    return {label.scheme: label.text.en if label.text else None for label in found}


def test_each_scheme_speaks_of_its_own_things_and_a_repair_holds_the_trade_label_down() -> None:
    assert set(labels({}, "phone")) == {"ctia_cosmetic", "rec_cosmetic", "rec_functional", "chengse"}
    assert set(labels({}, "desktop")) == {"rec_cosmetic", "rec_functional", "chengse"}, "CTIA grades what is carried about"
    assert find_crossreference(get_standard("xunshi-book")) is None, "nobody calls a book 99新"
    assert labels({}, "phone")["chengse"] == "99新"
    for check, told in (("display_part", "genuine"), ("battery_part", "unknown_part"), ("mainboard", "repaired"), ("mainboard", None)):
        assert labels({check: told}, "phone")["chengse"] in ("7成新 or less", "未鉴定 (not appraised)"), check
    assert labels({"display_part": "genuine"}, "phone")["rec_cosmetic"] == "C7", "the twin: looks are what they are"
    assert labels({"repair": "upgraded"}, "desktop")["chengse"] != "7成新 or less", "memory put in is no repair"
    assert labels({"repair": "genuine"}, "desktop")["chengse"] == "7成新 or less"


def test_one_appraisal_in_the_words_of_other_schemes() -> None:
    best = {"ctia_cosmetic": "A", "rec_cosmetic": "C7", "rec_functional": "F6", "chengse": "99新"}
    assert labels({}) == best
    assert labels({"lid": "S2"}) == best | {"ctia_cosmetic": "B", "rec_cosmetic": "C5", "chengse": "9成新"}
    assert labels({"repair": "genuine"})["chengse"] == "7成新 or less", "8成 and above only without any repair"
    assert labels({"camera": None})["rec_functional"] == "F3–F4"
    assert labels({"lid": None}) == {"ctia_cosmetic": None, "rec_cosmetic": "C0", "rec_functional": None,
                                     "chengse": "未鉴定 (not appraised)"}  # fmt: skip
    assert set(labels({"locks": "managed"}).values()) == {None}
    assert find_crossreference(get_standard("tradex")) is None
