"""Between the forms and the plain values of a standard's text. What was typed wrongly is said at its field."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _

from appraisal.standards.standard import Check, Standard
from appraisal.versions.forms import CheckForm, CountForm, HeadForm, NewCheckForm
from core.errors import Invalid
from core.i18n import N_

OPS = ("below", "upto", "over", "from")
_NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,4})?", re.ASCII)
Raw = dict[str, Any]


def _plain(typed: str | None) -> str:
    return unicodedata.normalize("NFKC", typed or "").strip()


def number(typed: str | None, field: str) -> int | str:
    """A whole number, or one with decimals as the exact text that the file has. Raises Invalid."""
    plain = _plain(typed)
    if not _NUMBER.fullmatch(plain):
        raise Invalid("not_a_number", N_("Please enter a plain number."), field=field)
    return plain if "." in plain else int(plain)


def whole(typed: str | None, field: str) -> int:
    found = number(typed, field)
    if not isinstance(found, int):
        raise Invalid("not_a_number", N_("Please enter a plain number."), field=field)
    return found


def both(form: Any, name: str) -> Raw:
    """A text in both languages. Raises Invalid at the one that is missing."""
    found = {
        language: " ".join((form[f"{name}_{language}" if name else language].data or "").split()) for language in ("zh", "en")
    }
    for language, words in found.items():
        if not words:
            raise Invalid("language_missing", N_("Both languages are needed."), field=f"{name}_{language}" if name else language)
    return found


# ---- a check


def fill_check(form: CheckForm, raw: Raw, check: Check) -> None:
    """Show what stands in the text. `raw`: the row; `check`: the same as it is read."""
    for name in ("name", "question", "help"):
        form[f"{name}_zh"].data, form[f"{name}_en"].data = raw[name]["zh"], raw[name]["en"]
    form.area.data, form.axis.data, form.method.data, form.photo.data = check.area, check.axis, check.method, check.photo or ""
    form.untested.data = _left_out(check)
    form.unit.data, form.least.data, form.most.data = check.unit, str(check.least), str(check.most)
    for value in check.values if check.kind == "choice" else ():
        o = value.outcome
        effect = "gate" if o and o.gate else "ungraded" if o and o.ungraded else f"limit:{o.limit}" if o and o.limit else ""
        form.answers.append_entry(
            {
                "code": value.code,
                "zh": value.name.zh,
                "en": value.name.en,
                "effect": effect,
                "disclose": value.code in raw.get("disclose", []),
            }
        )
    for band in check.bands:
        effect = "gate" if band.outcome.gate else f"limit:{band.outcome.limit}"
        form.bands.append_entry({"op": band.op, "bound": str(band.bound), "effect": effect, "disclose": band.outcome.disclose})


def _left_out(check: Check) -> str:
    if check.required:
        return "required"
    if check.untested.limit:
        return f"limit:{check.untested.limit}"
    return "when_missing" if check.when_missing is not None else "untested_as" if check.untested_as is not None else "optional"


def add_blanks(form: CheckForm, check: Check, own_values: bool) -> None:
    """One empty answer and two empty bands, where the check has such."""
    if check.kind == "choice" and own_values and all(row.form.code.data for row in form.answers):
        form.answers.append_entry({})
    while check.kind == "measure" and sum(not row.form.bound.data for row in form.bands) < 2 and len(form.bands) < 20:
        form.bands.append_entry({"op": "below" if check.worse == "less" else "over"})


def check_row(form: CheckForm, raw: Raw, check: Check) -> Raw:
    """The row as it was typed; what the form doesn't show stays. Raises Invalid at a field."""
    row = {
        key: value
        for key, value in raw.items()
        if key not in ("required", "untested_limit", "when_missing", "untested_as", "optional")
    }
    row |= {name: both(form, name) for name in ("name", "question", "help")}
    row |= {"area": form.area.data, "axis": form.axis.data, "method": form.method.data}
    row.pop("photo", None)
    if form.photo.data:
        row["photo"] = form.photo.data
    if check.kind == "choice":
        row = _answers(form, row)
    elif check.kind == "measure":
        row |= {"unit": form.unit.data or "", "least": whole(form.least.data, "least"), "most": whole(form.most.data, "most")}
        row["bands"] = _bands(form, raw)
    return row | _untested(form, row, check)


def _untested(form: CheckForm, row: Raw, check: Check) -> Raw:
    """What follows from not testing; the worst answer is the last one, of a number the worst end."""
    told = form.untested.data or ""
    if told.startswith("limit:"):
        return {"required": False, "untested_limit": told.removeprefix("limit:")}
    if told == "optional":
        return {"required": False, "optional": True}
    if told not in ("when_missing", "untested_as"):
        return {"required": True}
    values = row.get("values") or [{"code": value.code} for value in check.values]
    worst = values[-1]["code"] if values else str(row["least"] if check.worse == "less" else row["most"])
    return {"required": False, told: worst}


def _answers(form: CheckForm, row: Raw) -> Raw:
    """Limits, gates and disclosures by answer; and the answers themselves, unless they are a shared list."""
    entries = [
        entry.form
        for entry in form.answers
        if _plain(entry.form.code.data) or _plain(entry.form.zh.data) or _plain(entry.form.en.data)
    ]
    for entry in entries:
        if not _plain(entry.code.data):
            raise Invalid("code_missing", N_("Give the new answer a code."), field=entry.code.id)
    kept = [entry for entry in entries if not entry.remove.data]
    if "value_set" not in row:
        row["values"] = _in_order(kept, {value["code"]: value for value in row["values"]})
    codes = {_plain(entry.code.data): entry for entry in kept}
    for key in ("limits", "gate", "ungraded", "disclose"):
        row.pop(key, None)
    limits = {
        code: e.effect.data.removeprefix("limit:") for code, e in codes.items() if (e.effect.data or "").startswith("limit:")
    }
    for key in ("gate", "ungraded"):
        found = [code for code, entry in codes.items() if entry.effect.data == key]
        row |= {key: found} if found else {}
    told = [code for code, entry in codes.items() if entry.disclose.data]
    return row | ({"limits": limits} if limits else {}) | ({"disclose": told} if told else {})


def _in_order(entries: list[Any], before: dict[str, Raw]) -> list[Raw]:
    """New answers go where they are put; what else a value has (other spellings) stays with it."""
    found: list[Raw] = []
    for entry in entries:
        code = _plain(entry.code.data)
        words = {language: " ".join((entry[language].data or "").split()) for language in ("zh", "en")}
        for language, said in words.items():
            if not said:
                raise Invalid("language_missing", N_("Both languages are needed."), field=entry[language].id)
        value = before.get(code, {}) | {"code": code, "name": words}
        codes = [one["code"] for one in found]
        after = entry.after.data or ""
        at = 0 if after == "-" else codes.index(after) + 1 if after in codes else len(found)
        found.insert(at if code not in before else len(found), value)
    return found


def _bands(form: CheckForm, raw: Raw) -> list[Raw]:
    before = {(op, str(one[op])): one for one in raw.get("bands", []) for op in OPS if op in one}
    found = []
    for entry in (entry.form for entry in form.bands if _plain(entry.form.bound.data)):
        op = entry.op.data if entry.op.data in OPS else "below"
        bound = number(entry.bound.data, entry.bound.id)
        words = {"text": before[op, str(bound)]["text"]} if "text" in before.get((op, str(bound)), {}) else {}
        effect = {"gate": True} if entry.effect.data == "gate" else {"limit": (entry.effect.data or "").removeprefix("limit:")}
        found.append({op: bound} | effect | ({"disclose": True} if entry.disclose.data else {}) | words)
    return found


def new_check_row(form: NewCheckForm) -> Raw:
    """A check that must be made, with two answers or one limit by number. Raises Invalid at a field."""
    row = {"code": _plain(form.code.data), "area": form.area.data, "axis": form.axis.data, "method": "visual"}
    row |= {name: both(form, name) for name in ("name", "question", "help")} | {"required": True}
    if form.kind.data == "measure":
        band = {"below": number(form.bound.data, "bound"), "limit": form.limit.data}
        return row | {
            "kind": "measure",
            "method": "measurement",
            "unit": form.unit.data or "",
            "least": whole(form.least.data, "least"),
            "most": whole(form.most.data, "most"),
            "bands": [band],
        }
    values = [{"code": "good", "name": both(form, "good")}, {"code": "bad", "name": both(form, "bad")}]
    return row | {"values": values, "limits": {"bad": form.limit.data}, "disclose": ["bad"]}


# ---- findings that count together, names and day


def fill_count(form: CountForm, raw: Raw) -> None:
    form.code.data, form.axis.data, form.checks.data = raw["code"], raw["axis"], raw["checks"]
    form.at.data, form.many.data, form.limit.data = raw["at"], str(raw["many"]), raw["limit"]
    form.zh.data, form.en.data = raw["text"]["zh"], raw["text"]["en"]


def count_row(form: CountForm, raw: Raw | None) -> Raw:
    """`raw`: what stood there, None for a new one. What was not tested counts, so that leaving out never pays."""
    chosen = [code for code, _name in form.checks.choices if code in (form.checks.data or [])]
    code = raw["code"] if raw else _plain(form.code.data)
    return {
        "code": code,
        "axis": form.axis.data,
        "checks": chosen,
        "at": _plain(form.at.data),
        "many": whole(form.many.data, "many"),
        "missing": raw["missing"] if raw else True,
        "limit": form.limit.data,
        "text": both(form, ""),
    }


def fill_head(form: HeadForm, raw: Raw, standard: Standard) -> None:
    form.effective_from.data = raw["effective_from"]
    form.names_zh.data, form.names_en.data = raw["names"]["zh"], raw["names"]["en"]
    for grade in (*standard.scale, standard.undetermined, standard.refused):
        form.grades.append_entry(
            {"name_zh": grade.name.zh, "name_en": grade.name.en, "meaning_zh": grade.meaning.zh, "meaning_en": grade.meaning.en}
        )


def head_rows(form: HeadForm, raw: Raw) -> Raw:
    """The whole text's values with other names, day, grades' words, and one more source."""
    data = raw | {"effective_from": _plain(form.effective_from.data), "names": both(form, "names")}
    grades = [*data["scale"], data["undetermined"], data["refused"]]
    if len(form.grades.entries) != len(grades):
        raise Invalid("odd_form", N_("This form doesn't fit any more: load the page again."))
    worded = [grade | _grade_words(entry.form) for grade, entry in zip(grades, form.grades, strict=True)]
    data |= {"scale": worded[:-2], "undetermined": worded[-2], "refused": worded[-1]}
    if _plain(form.source_zh.data) or _plain(form.source_en.data):
        data["sources"] = [*data["sources"], both(form, "source") | {"known": form.known.data}]
    return data


def _grade_words(entry: Any) -> Raw:
    found = {}
    for name in ("name", "meaning"):
        found[name] = {language: " ".join((entry[f"{name}_{language}"].data or "").split()) for language in ("zh", "en")}
        for language, said in found[name].items():
            if not said:
                raise Invalid("language_missing", N_("Both languages are needed."), field=entry[f"{name}_{language}"].id)
    return found


def blame(form: Any, no: Invalid) -> None:
    """Show it at its field, also at one inside a row (named by its id); else at the top."""
    for field in _all_fields(form):
        if no.field and field.id == no.field:
            field.errors = [*field.errors, str(_(no.sentence))]
            if field.name != field.short_name:
                form.problems.append(f"{field.label.text}: {_(no.sentence)}")
            return
    form.blame(no)


def _all_fields(form: Any) -> Any:
    for field in form:
        yield field
        for entry in getattr(field, "entries", []):
            yield from entry.form
