"""`flask value`: the contract's shapes on any file of sales, quick, and a clear word for a file that can't be used."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from appraisal.prices import valuing, words
from appraisal.prices.cli import value
from tests.independent.own_schema import misfits, schema

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "docs" / "schemas" / "examples"
SALES = EXAMPLES / "value-sales.csv"
COLUMNS = ["--target", "price", "--age", "months", "--model", "model", "--grade", "grade", "--category", "storage",
           "--defects", "defects", "--date", "sold", "--buyer", "buyer", "--seller", "seller"]  # fmt: skip
HEAD, *LINES = SALES.read_text(encoding="utf-8").splitlines()


def run(*words, stdin=None):
    return CliRunner().invoke(value, [str(word) for word in words], input=stdin)


def refused(result):
    assert (result.exit_code, result.stdout) == (2, ""), (result.exit_code, result.output, result.exception)
    said = json.loads(result.stderr)
    assert set(said) == {"error", "message"}
    return said


def answered(result, name, code=0):
    assert (result.exit_code, result.stderr) == (code, ""), (result.output, result.exception)
    found = json.loads(result.stdout)
    for each in found if isinstance(found, list) else [found]:
        assert misfits(each, schema(name)) == []
    return found


def example(name):
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    out = tmp_path_factory.mktemp("value") / "model.json"
    found = answered(run("fit", "--data", SALES, *COLUMNS, "--out", out, "--json"), "value-fit")
    assert found | {"out": "", "digest": ""} == example("value-fit.json") | {"out": "", "digest": ""}
    assert found["digest"] == json.loads(out.read_text(encoding="utf-8"))["digest"]
    return out


def test_the_printed_examples_are_what_the_command_says(model):
    assert answered(run("backtest", "--data", SALES, *COLUMNS, "--json"), "value-backtest") == example("value-backtest.json")
    found = answered(run("predict", "--model", model, "--inputs", EXAMPLES / "value-inputs.json", "--json"), "value-predict")
    assert found | {"model": ""} == example("value-predict.json") | {"model": ""}
    assert sum(step["amount"] for step in found["waterfall"]) == found["p50"]


def test_the_file_is_the_same_each_time_and_holds_nobody(model, tmp_path):
    again = tmp_path / "again.json"
    run("fit", "--data", SALES, *COLUMNS, "--out", again)
    text = again.read_text(encoding="utf-8")
    assert text == model.read_text(encoding="utf-8")
    people = {cell for line in LINES for cell in line.split(",")[-2:]}
    assert len(people) > 200 and [each for each in people if f'"{each}"' in text] == []


def test_major_and_minor_prices_are_the_same_prices():
    minor = "\n".join([HEAD, *(f"{line.split(',', 1)[0].replace('.', '')},{line.split(',', 1)[1]}" for line in LINES)])
    found = answered(run("backtest", "--data", "-", *COLUMNS, "--unit", "minor", "--json", stdin=minor), "value-backtest")
    assert found == example("value-backtest.json")


def rewritten(change, encoding="utf-8"):
    rows = [change(row) for row in csv.reader(io.StringIO("\n".join([HEAD, *LINES])))]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_words_in_any_usual_writing(encoding):
    names = {"M0": "\u534e\u4e3a", "M1": "\u5c0f\u7c73", "price": "\u4ef7\u683c"}
    raw = rewritten(lambda row: [names.get(cell, cell) for cell in row], encoding)
    columns = ["\u4ef7\u683c" if word == "price" else word for word in COLUMNS]
    found = answered(run("backtest", "--data", "-", *columns, "--json", stdin=raw), "value-backtest")
    assert found["n"] == 120 and found["mape"] < 7


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(delimiter):
    raw = "\n".join([HEAD, *LINES]).replace(";", "|").replace(",", delimiter)
    assert answered(run("backtest", "--data", "-", *COLUMNS, "--json", stdin=raw), "value-backtest") == example("value-backtest.json")


LEFT = [
    ("not_a_number", "abc,M0,5,B,64,,2026-11-01,x,y"), ("not_a_number", "1e,M0,5,B,64,,2026-11-01,x,y"), ("no_price", ",M0,5,B,64,,2026-11-01,x,y"),
    ("no_price", "NaN,M0,5,B,64,,2026-11-01,x,y"), ("not_a_number", "inf,M0,5,B,64,,2026-11-01,x,y"),
    ("not_positive", "0,M0,5,B,64,,2026-11-01,x,y"), ("not_positive", "-5,M0,5,B,64,,2026-11-01,x,y"), ("not_positive", "0.001,M0,5,B,64,,2026-11-01,x,y"),
    ("too_large", "1e15,M0,5,B,64,,2026-11-01,x,y"), ("too_large", "1e99,M0,5,B,64,,2026-11-01,x,y"), ("not_a_number", "1e999,M0,5,B,64,,2026-11-01,x,y"),
    ("not_a_number", "5,M0,five,B,64,,2026-11-01,x,y"), ("negative_age", "5,M0,-1,B,64,,2026-11-01,x,y"), ("too_large", "5,M0,1e40,B,64,,2026-11-01,x,y"),
    ("not_a_date", "5,M0,5,B,64,,yesterday,x,y"), ("ragged", "5,M0"), ("ragged", "5,M0,5,B,64,,2026-11-01,x,y,z"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "line"), LEFT)
def test_a_row_that_cannot_be_used_is_counted(reason, line):
    found = answered(run("backtest", "--data", "-", *COLUMNS, "--json", stdin="\n".join([HEAD, *LINES, line])), "value-backtest")
    assert found == example("value-backtest.json") | {"left_out": {reason: 1}}


def test_a_row_with_unknowns_and_a_thousands_comma_is_used():
    more = '"2,000.005",M0,,,,,,,'
    found = answered(run("backtest", "--data", "-", *COLUMNS, "--json", stdin="\n".join([HEAD, *LINES, more, ""])), "value-backtest")
    assert (found["n"], found["left_out"]) == (121, {})


BAD = [
    ("", "The file is empty"), (" \n\n", "The file is empty"), (HEAD, "none below the names"), ("\ufeff" + HEAD, "none below the names"),
    (b"\xff\xfea\x00b", "not text"), (b"price,\xff\xff\n1,2", "neither UTF-8 nor GB 18030"),
    (HEAD.replace("price", "cost") + "\n" + LINES[0], "there is no column price; there are: cost, model"),
    (HEAD.replace("model", "price") + "\n" + LINES[0], "price stands twice"),
    ("\n".join([HEAD, *(line.replace(".", "x", 1) for line in LINES)]), "no row can be used (not_a_number 120)"),
    (rewritten(lambda row: ["7" if "." in row[0] else row[0], *row[1:]]), "every price in price is the same"),
    (rewritten(lambda row: [*row[:2], row[2] if row[2] == "months" else "", *row[3:]]), "months holds no numbers"),
    ('price\n"' + "x" * 200_000, "price"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), BAD)
@pytest.mark.parametrize("command", ["backtest", "fit"])
def test_a_file_that_cannot_be_used(command, raw, words, tmp_path):
    out = ["--out", tmp_path / "m.json"] if command == "fit" else []
    said = refused(run(command, "--data", "-", *COLUMNS, *out, "--json", stdin=raw))
    assert said["error"] == "bad_data" and words in said["message"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [1, 2, 19, 24])
def test_too_few_rows(count, tmp_path):
    raw = "\n".join([HEAD, *LINES[:count]])
    said = refused(run("backtest", "--data", "-", *COLUMNS, "--json", stdin=raw))
    assert said["error"] == ("bad_data" if count == 1 else "too_few_sales")
    if count > 19:
        assert run("fit", "--data", "-", *COLUMNS, "--out", tmp_path / "m", stdin=raw).exit_code == 0
        assert answered(run("backtest", "--data", "-", *COLUMNS, "--json", stdin="\n".join([HEAD, *LINES[:25]])), "value-backtest")["n"] == 25


@pytest.mark.parametrize("words", [
    ["backtest"], ["backtest", "--data", SALES], ["backtest", "--data", SALES, "--target", "price", "--folds", "1"],
    ["backtest", "--data", SALES, "--target", "price", "--unit", "cents"], ["backtest", "--data", SALES, "--target", "price", "--number", "price"],
    ["backtest", "--data", SALES, "--target", "price", "--age", "months", "--number", "months"], ["fit", "--data", SALES, "--target", "price"],
    ["backtest", "--data", SALES, "--target", "price", "--category", "defects"], ["predict", "--model", "m"],
    ["predict", "--model", "m", "--inputs", "-", "--data", "-"], ["predict", "--model", "-", "--inputs", "-"], ["nonsense"],
])  # fmt: skip
def test_what_is_asked_wrongly(words):
    assert refused(run(*words))["error"] == "usage"


def test_what_is_missing(tmp_path, model):
    for asked in (["backtest", "--data", tmp_path / "none", *COLUMNS], ["backtest", "--data", tmp_path, *COLUMNS],
                  ["predict", "--model", tmp_path / "none", "--inputs", "-"], ["predict", "--model", model, "--inputs", tmp_path / "none"]):  # fmt: skip
        assert refused(run(*asked))["error"] == "missing"
    assert refused(run("fit", "--data", SALES, *COLUMNS, "--out", tmp_path / "no" / "m"))["error"] == "not_written"


INPUTS = [
    ("{", "not JSON"), ("[]", "one JSON object"), ('{"months": 1, "months": 2}', "stands twice"), ('{"months": NaN}', "NaN is not a number"),
    ('{"wheels": 4}', "no column wheels"), ('{"price": 4}', "no column price"), ('{"months": "old"}', "not_a_number"), ('{"months": -1}', "negative_age"),
    ('{"months": true}', "months must be"), ('{"months": [1]}', "months must be"), ('{"grade": "Z"}', "Z is no grade of this model; there are: N, S"),
    ('{"defects": "screen"}', "must be a list"), ('{"defects": [{"code": "screen", "repair": -1}]}', "whole minor units"),
    ('{"defects": [{"code": "screen", "repair": 1.5}]}', "whole minor units"), ('{"defects": [{"code": "screen", "price": 1}]}', "nothing else"),
    ('{"defects": ["screen", {"code": "screen"}]}', "screen stands twice"), ('{"defects": [7]}', "nothing else"), (b"\xff", "not JSON"), ("[" * 50_000, "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("inputs", "words"), INPUTS)
def test_a_question_that_cannot_be_used(model, inputs, words):
    said = refused(run("predict", "--model", model, "--inputs", "-", "--json", stdin=inputs))
    assert said["error"] == "bad_inputs" and words in said["message"]


@pytest.mark.parametrize(("more", "reasons"), [
    ({}, []),
    ({"months": 14.5}, []),
    ({"grade": "U"}, []),
    ({"grade": None, "storage": None}, []),
    ({"model": "nobody"}, ["too_few_comparables"]),
    ({"months": 10**12}, ["outside_the_sales"]),
    ({"months": 900}, ["outside_the_sales"]),
    ({"grade": "R"}, ["outside_the_sales"]),
])  # fmt: skip
def test_valued_or_not(model, more, reasons):
    asked = json.dumps({"model": "M0", "months": 14, "grade": "B", "storage": "128"} | more)
    found = answered(run("predict", "--model", model, "--inputs", "-", "--json", "--new-price", 500_000, stdin=asked), "value-predict", 1 if reasons else 0)
    assert found["reasons"][:1] == reasons
    assert (found["p50"] is None) == (found["waterfall"] is None) == (found["cost"] is not None) == bool(reasons)
    assert found["verdict"] == ("insufficient_evidence" if reasons else "valued")


def test_a_file_of_things(model):
    found = answered(run("predict", "--model", model, "--data", SALES, "--json"), "value-predict")
    assert len(found) == 120 and all(each["verdict"] == "valued" for each in found)
    assert "row 1: negative_age" in refused(run("predict", "--model", model, "--data", "-", stdin=f"{HEAD}\n1,M0,-3,B,64,,,,"))["message"]


def changed(model, change):
    data = json.loads(model.read_text(encoding="utf-8"))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(("change", "words"), [
    (lambda data: data["weights"].__setitem__(0, "9.0"), "its digest is another"), (lambda data: data.pop("digest"), "its digest is another"),
    (lambda data: data.update(version=2), "version 2"), (lambda data: data.update(kind="other"), "no price model"), (lambda data: data.clear(), "no price model"),
])  # fmt: skip
def test_a_model_that_was_changed(model, change, words):
    said = refused(run("predict", "--model", "-", "--inputs", EXAMPLES / "value-inputs.json", stdin=changed(model, change)))
    assert said["error"] == "bad_model" and words in said["message"]
    twin = run("predict", "--model", "-", "--inputs", EXAMPLES / "value-inputs.json", stdin=changed(model, lambda data: None))
    assert twin.exit_code == 0


@pytest.mark.parametrize("change", [
    lambda data: data.update(weights=data["weights"][:-1]), lambda data: data.update(weights=["nan"] * len(data["weights"])),
    lambda data: data.pop("layout"), lambda data: data.update(shelves=[]), lambda data: data["columns"].update(target=None, wheels=4), lambda data: data.update(ranges={"*": []}),
])  # fmt: skip
def test_a_model_that_is_not_whole_in_spite_of_its_digest(model, change):
    from core import canonical

    data = json.loads(model.read_text(encoding="utf-8"))
    data.pop("digest")
    change(data)
    raw = json.dumps(data | {"digest": canonical.digest(data)})
    assert "isn't whole" in refused(run("predict", "--model", "-", "--inputs", EXAMPLES / "value-inputs.json", stdin=raw))["message"]


def test_in_words_for_people(model):
    said = run("backtest", "--data", "-", *COLUMNS, stdin="\n".join([HEAD, *LINES, "0,M0,5,B,64,,2026-11-01,x,y"])).stdout
    score = example("value-backtest.json")
    assert said.splitlines()[0] == "120 sales, 5 folds, seed 0"
    assert f"The 80 % range held {100 * score['coverage80']:.1f} %; its width was {100 * score['width80']:.1f} % of the price" in said
    assert "Left out: 1 (a price of nothing or less)" in said
    assert "\u672a\u8ba1\u5165" in run("backtest", "--data", "-", *COLUMNS, "--language", "zh", stdin="\n".join([HEAD, *LINES, "5,M0"])).stdout
    found = example("value-predict.json")
    said = run("predict", "--model", model, "--inputs", EXAMPLES / "value-inputs.json").stdout.splitlines()
    assert said[0] == f"{found['p50']}; 80 % lie between {found['p10']} and {found['p90']}" and said[-2] == "  Defects: -30000"
    nothing = run("predict", "--model", model, "--inputs", "-", "--new-price", 9_900, stdin='{"months": 0}').stdout.splitlines()
    assert nothing == ["Insufficient evidence: fewer than five comparable sales", "Comparable sales: 0", "By its price when new and its age alone, of low confidence: 9900"]


def test_every_code_has_its_words():
    reasons = codes_of("value-predict", "reasons")
    assert set(words.REASON_WORDS) == reasons and set(words.STEP_WORDS) == set(valuing.STEPS)
    assert {reason for reason, _ in LEFT} | {"asking", "related", "same_pair", "far_off", "not_whole"} == set(words.LEFT_OUT_WORDS)


def codes_of(name, key):
    return set(schema(name)["properties"][key]["items"]["enum"])


def test_it_loads_nothing_heavy_and_opens_no_database():
    code = (
        "import sys; from appraisal.prices.cli import value;"
        f"value(['backtest', '--data', {str(SALES)!r}, '--target', 'price', '--json'], standalone_mode=False);"
        "print([m for m in ('flask.app', 'sqlalchemy', 'babel', 'numpy') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
