"""What a report tells of numbers and lists, on paper."""

from collections.abc import Mapping
from typing import Any

from appraisal.grades.number_show import KIND_WORDS, SAYS_HOW, told_list
from appraisal.identity import rules as numbers
from appraisal.identity.actions import HOW
from appraisal.identity.list_rules import FRESH_DAYS, STATES, WHY, why_unknown
from appraisal.identity.places import all_places
from appraisal.identity.show import NAMES
from core import i18n, pdf
from core.data_files import text as words
from core.i18n import N_


def identity_blocks(told: Mapping[str, Any], language: str) -> list[pdf.Block]:
    """Nothing for things without numbers."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    if told["state"] == "not_needed":
        return []
    places, look = all_places(), told["own_look"]
    rows = [(_(N_("State")), _(numbers.RESULTS[told["state"]][0]))]
    read = [words(places[code].name, language) for code in told["read"]]
    rows += [(_(N_("Read at")), i18n.listed(read, language))] if read else []
    rows += [(words(places[one["place"]].name, language), _(numbers.WHY_NOT[one["why"]])) for one in told["unread"]]
    rows += [(_(KIND_WORDS[kind]), _kind_says(kind, state, told, language)) for kind, state in told["lists"]["states"].items()]
    rows += [(_list_name(one, language), _list_says(one, language)) for one in told["lists"]["of"]]
    said = [pdf.Paragraph(_(SAYS_HOW, how=_(HOW[look["how"]]), day=look["day"]))] if look else []
    return [pdf.Heading(_(N_("Numbers and lists"))), pdf.Facts(rows), *said]


def _kind_says(kind: str, state: str, told: Mapping[str, Any], language: str) -> str:
    why = why_unknown(kind, [told_list(one) for one in told["lists"]["of"]]) if state == "unknown" else ""
    return " · ".join(part for part in (i18n.say(STATES[state][0], language), _why(why, language)) if part)


def _why(code: str, language: str) -> str:
    return i18n.say(WHY[code], language, days=FRESH_DAYS) if code else ""


def _list_name(one: Mapping[str, Any], language: str) -> str:
    return " · ".join(part for part in (i18n.say(NAMES[one["kind"]], language), one["source"]) if part)


def _list_says(one: Mapping[str, Any], language: str) -> str:
    state = i18n.say(STATES[one["state"]][0], language)
    why = _why(one["why"] or "", language)
    of = N_("version %(version)s of %(day)s, numbers on it: %(lines)s")
    told = i18n.say(of, language, version=one["version"], day=one["day"], lines=one["lines"]) if one["lines"] else ""
    return " · ".join(part for part in (state, told, why) if part)
