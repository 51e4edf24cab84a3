"""Whoever reads a standard's page knows what each answer leads to: nothing that decides a grade stays in the file only."""

import html
import re

import pytest

from appraisal.standards.loader import all_standards
from core.data_files import text as words

EVERY = [one for one in all_standards() if not one.unknown]


def read(client, standard):
    answer = client.get(f"/standards/{standard.id}/{standard.version}")
    assert answer.status_code == 200
    main = answer.text.split("<main")[1].split("</main")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "\n", main)))


def lines(client, path, check):
    page = html.unescape(client.get(path).text).split(f'id="check-{check}"')[1].split("</section>")[0]
    return re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page)


@pytest.mark.parametrize("standard", EVERY, ids=lambda one: one.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_answer_and_every_rule_is_told(li, standard, language):
    said = read(li.client(language=language), standard)
    for check in standard.checks:
        for value in check.values:
            assert re.sub(r"\s+", " ", words(value.name, language)) in said
        for band in check.bands:
            assert str(band.bound) in said
    for outcome in [one.outcome for one in (*standard.counts, *standard.rules)]:
        assert words(outcome.text, language) in said
    for index in standard.indexes:
        assert all(str(step.bound) in said and step.shown in said for step in index.steps)
    for lookup in standard.lookups:
        cells = [one for row in lookup.rows for cell in row.cells.values() for one in ((cell,) if isinstance(cell, str) else cell or ())]
        assert all(cell in said for cell in cells)


def test_a_weak_battery_of_a_phone(li, anonymous):
    path = "/standards/xunshi-phone/1"
    told = lines(li.client(language="zh"), path, "battery_health")
    assert ("低于 80 %", "最高 C；须告知买家") in told and ("低于 98 %", "最高 S") in told
    assert told[-1] == ("未检测", "最高 C"), "what is not tested is no better than the worst"
    assert ("below 85 %", "at best B") in lines(li.client(language="en"), path, "battery_health")


def test_what_is_refused_what_stops_a_grade_and_what_is_harmless(li):
    told = dict(lines(li.client(language="zh"), "/standards/xunshi-phone/1", "blacklist"))
    assert told == {"查过，没有记录": "不受限", "查不出": "不定级", "在黑名单中": "不予受理", "未检测": "不定级"}


def test_what_a_published_scheme_only_pays_less_for(li):
    said = read(li.client(language="en"), next(one for one in EVERY if one.id == "tradex"))
    assert "changes the price, not the grade" in said


def test_how_a_published_index_is_reckoned(li):
    said = read(li.client(language="en"), next(one for one in EVERY if one.id == "eu-repairability"))
    assert "R = 0.25 × Disassembly depth" in said and "4.00 or more" in said


def test_a_check_left_out_and_one_said_to_be_untested_may_differ(li):
    told = lines(li.client(language="en"), "/standards/ctia-to-rec/1", "data_sanitised")
    assert told[-2:] == [("not tested", "no grade"), ("not mentioned at all", "counts as “yes”")]


def test_a_rule_over_several_findings_names_what_it_counts(li):
    said = read(li.client(language="en"), next(one for one in EVERY if one.id == "xunshi-phone"))
    assert "Counted: “does not work” or worse, or not tested at Wireless charging, " in said
    assert "at Back, Frame, Camera glass" in said
