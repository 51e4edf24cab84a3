"""The screen on which a thing's numbers are read, and the words for what they and the lists say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import Length

from appraisal.grades import number_answers
from appraisal.grades.models import Appraisal
from appraisal.identity import queries
from appraisal.identity import rules as numbers
from appraisal.identity.actions import HOW, Typed
from appraisal.identity.list_rules import STATES, why_unknown
from appraisal.identity.places import Fed, ListCheck, all_places
from appraisal.identity.show import ListShown, list_shown, why_shown
from appraisal.standards.standard import Check, Standard
from core import clock
from core.data_files import text as words
from core.forms import Form
from core.goods.models import Item
from core.goods.words import IDENTIFIER_KINDS
from core.i18n import N_, listed
from core.number_ports import ListTold

LABELS = IDENTIFIER_KINDS | {"imei2": N_("Second IMEI, if it has two")}
AS_TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
WHY_NONE = N_("Or why there is none")
REFUSES = N_(
    "What stands at these places isn't what stands elsewhere or is registered: %(places)s. Look once more and type it anew. If "
    "it really is so, go on: the answer is “%(answer)s”, and the grade is refused."
)
ANSWERS = N_(
    "What stands at these places isn't what stands elsewhere or is registered: %(places)s. Look once more and type it anew. If "
    "it really is so, go on: the answer is “%(answer)s”."
)
SAYS_HOW = N_("Looked up by the appraiser: %(how)s, %(day)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown:
    """`fields`: names of its inputs in the form; `said`: what was read there, masked, or why not; `open`: is it unfolded?"""

    code: str
    name: str
    fields: Sequence[str]
    why: str
    said: str
    tone: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersShown:
    places: Sequence[PlaceShown]
    registered: Sequence[str]
    state: tuple[str, str]
    model: tuple[str, str] | None
    answer: str
    by_hand: str
    look_for: str
    differs: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """What all lists of a kind say together; `why`: a sentence where they can't say it, or ""."""

    name: str
    said: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookShown:
    """What the lists say beside a check, by kind, and whether the appraiser has to say where they looked (`asked`)."""

    states: Sequence[KindShown]
    lists: Sequence[ListShown]
    asked: bool
    said: str


def numbers_form(fed: Fed, check: Check, **more: Any) -> Form:
    """The fields of `number_fields`, and values that a person chooses under the check's own code."""
    fields = number_fields(fed)
    fields[check.code] = RadioField(_("Or without any number"), choices=by_hand_choices(fed, check), validate_choice=False)
    return type("NumbersForm", (Form,), fields)(**more)  # type: ignore[no-any-return]


def by_hand_choices(fed: Fed, check: Check) -> list[tuple[str, str]]:
    return [(value.code, words(value.name, g.language)) for value in check.values if value.code in fed.by_hand]


def number_fields(fed: Fed) -> dict[str, Field]:
    """For each place its numbers and why there is none: `<place>_<nth>` and `<place>_why`."""
    fields: dict[str, Field] = {}
    why = [("", "—"), *((code, _(name)) for code, name in numbers.WHY_NOT.items())]
    for place in fed.places:
        name = words(place.name, g.language)
        for nth, code in enumerate(fed.numbers, 1):
            label = f"{_(LABELS[code])} · {name}"
            fields[f"{place.code}_{nth}"] = StringField(label, validators=[Length(max=60)], render_kw=dict(AS_TYPED))
        fields[f"{place.code}_why"] = SelectField(f"{_(WHY_NONE)} · {name}", choices=why, validate_choice=False)
    return fields


def typed_places(fed: Fed, form: Form) -> Mapping[str, Typed]:
    return {
        place.code: Typed(
            numbers=[(kind, str(form[f"{place.code}_{nth}"].data or "")) for nth, kind in enumerate(fed.kinds, 1)],
            why_not=str(form[f"{place.code}_why"].data or ""),
        )
        for place in fed.places
    }


def numbers_shown(made: Appraisal, item: Item, standard: Standard, fed: Fed, form: Form) -> NumbersShown:
    read, check = queries.readings_of(g.db, made.id), standard.find_check(fed.check)
    found = queries.compared(read, item, fed)
    label, tone = numbers.RESULTS[found.state]
    value = check.find_value(number_answers.derived(read, item, standard, fed) or "-") if check else None
    shown = [_place(fed, place.code, read, form, odd=place.code in found.odd) for place in fed.places]
    unfold = next((at for at, one in enumerate(shown) if one.open), None)
    first = next((at for at, one in enumerate(shown) if not one.said), None) if unfold is None else None
    model = numbers.MODELS[queries.model_said(read)] if "imei" in fed.kinds and found.read else None
    return NumbersShown(
        places=[one if at != first else _opened(one) for at, one in enumerate(shown)],
        registered=[one.masked for one in item.identifiers if one.live],
        state=(_(label), tone), model=(_(model[0]), model[1]) if model else None,
        answer=words(value.name, g.language) if value else "", by_hand=fed.check if fed.by_hand else "",
        look_for=words(fed.help or check.help, g.language) if check else "", differs=_differs(standard, fed, found.odd),
    )  # fmt: skip


def _opened(one: PlaceShown) -> PlaceShown:
    return PlaceShown(code=one.code, name=one.name, fields=one.fields, why=one.why, said=one.said, tone=one.tone, open=True)


def _differs(standard: Standard, fed: Fed, odd: Sequence[str]) -> str:
    """That places don't fit, which ones, and what going on leads to; "" where all fit."""
    check = standard.find_check(fed.check)
    value = check.find_value(fed.differ) if check else None
    places = listed((words(all_places()[code].name, g.language) for code in odd), g.language)
    if not places or value is None:
        return ""
    refuses = value.outcome is not None and value.outcome.gate
    return str(_(REFUSES if refuses else ANSWERS, places=places, answer=words(value.name, g.language)))


def _place(fed: Fed, code: str, read: Mapping[str, Any], form: Form, *, odd: bool) -> PlaceShown:
    names = [f"{code}_{nth}" for nth in range(1, len(fed.numbers) + 1)]
    row, place = read.get(code), all_places()[code]
    said, tone = "", "neutral"
    if row is not None:
        said = _(numbers.WHY_NOT[row.why_not]) if row.why_not else ", ".join(number["masked"] for number in row.numbers)
        tone = "bad" if odd else "neutral" if row.why_not else "good"
    wrong = any(form[name].errors for name in (*names, f"{code}_why"))
    filled = any(form[name].data for name in (*names, f"{code}_why"))
    return PlaceShown(
        code=code, name=words(place.name, g.language), fields=names, why=f"{code}_why", said=said, tone=tone,
        open=wrong or filled,
    )  # fmt: skip


def with_look(form: Form, check: Check) -> Form:
    """The same form with two fields more, those of `look_fields`."""
    both: Form = type("LookForm", (type(form),), look_fields())(data={check.code: form[check.code].data})
    both[check.code].choices = form[check.code].choices
    return both


def look_fields() -> dict[str, Field]:
    """Where the appraiser looked the number up, and when."""
    return {
        "how": SelectField(
            _("Where you looked it up"), choices=[("", "—"), *((code, _(name)) for code, name in HOW.items())],
            validate_choice=False,
        ),
        "looked_on": StringField(
            _("On which day"), validators=[Length(max=10)], default=clock.local(clock.now()).date().isoformat(),
            render_kw={"autocomplete": "off"},
        ),
    }  # fmt: skip


def look_shown(made: Appraisal, item: Item, one: ListCheck, now: datetime) -> LookShown:
    known = number_answers.known_of(g.db, made, item, now)
    found, look = known.found, known.look
    state, _why = found.states[one.kind]
    return LookShown(
        states=kinds_shown({kind: said for kind, (said, _why) in found.states.items()}, found.lists),
        lists=[list_shown(each) for each in found.lists],
        asked=bool(one.clear) and state != "clear", said=_(SAYS_HOW, how=_(HOW[look.how]), day=look.day) if look else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityShown:
    """What a report tells of numbers and lists, in words."""

    state: tuple[str, str]
    places: str
    unread: Sequence[tuple[str, str]]
    model: tuple[str, str] | None
    lists: Sequence[ListShown]
    states: Sequence[KindShown]
    own_look: str


def identity_shown(told: Mapping[str, Any] | None) -> IdentityShown | None:
    """None where nothing was told: things without numbers, and papers from before."""
    if not told or told["state"] == "not_needed":
        return None
    label, tone = numbers.RESULTS[told["state"]]
    names = {code: words(place.name, g.language) for code, place in all_places().items()}
    look = told["own_look"]
    model = numbers.MODELS[told["model"]] if told["read"] else None
    lists = [told_list(one) for one in told["lists"]["of"]]
    return IdentityShown(
        state=(_(label), tone), places=listed((names.get(code, code) for code in told["read"]), g.language),
        unread=[(names.get(one["place"], one["place"]), _(numbers.WHY_NOT[one["why"]])) for one in told["unread"]],
        model=(_(model[0]), model[1]) if model and told["model"] != "unknown" else None,
        lists=[list_shown(one) for one in lists], states=kinds_shown(told["lists"]["states"], lists),
        own_look=_(SAYS_HOW, how=_(HOW[look["how"]]), day=look["day"]) if look else "",
    )  # fmt: skip


KIND_WORDS = {"stolen": N_("Lists of stolen goods"), "blocked": N_("Lists of barred numbers")}


def kinds_shown(states: Mapping[str, str], lists: Sequence[ListTold]) -> list[KindShown]:
    """`states`: by kind of list clear, listed or unknown."""
    found = []
    for kind, state in states.items():
        label, tone = STATES[state]
        why = why_unknown(kind, lists) if state == "unknown" else ""
        found.append(KindShown(_(KIND_WORDS[kind]), _(label), tone, why_shown(why)))
    return found


def told_list(one: Mapping[str, Any]) -> ListTold:
    return ListTold(
        kind=one["kind"], source=one["source"], version=one["version"], day=one["day"] or "", lines=one["lines"],
        state=one["state"], why=one["why"] or "",
    )  # fmt: skip
