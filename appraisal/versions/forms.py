"""The forms of a draft: a check with its answers and limits, findings that count together, names and day, the whole text."""

from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from appraisal.standards.effect_words import METHODS
from appraisal.standards.standard import Standard
from core.data_files import text as words
from core.forms import Form, Part, Rows, text
from core.i18n import N_

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}
_NUMBER = {"inputmode": "decimal", **_PLAIN}
MOST_TYPED = 2_000  # what is too long to stand is said by the rules, what nobody types is refused here
OPS = {"below": N_("below"), "upto": N_("up to"), "over": N_("over"), "from": N_("from … on")}
LEFT_OUT = {
    "required": N_("no grade: it must be made"),
    "when_missing": N_("it counts as the worst answer"),
    "untested_as": N_("it counts as the worst answer, and is named"),
    "optional": N_("it is only named"),
}


def _both(label_zh: str, label_en: str) -> tuple[Any, Any]:
    return StringField(text(label_zh), [Length(max=MOST_TYPED)]), StringField(text(label_en), [Length(max=MOST_TYPED)])


class ValueForm(Part):
    code = StringField(text(N_("Code word")), [Length(max=60)], render_kw=_PLAIN)
    zh, en = _both(N_("Answer, Chinese"), N_("Answer, English"))
    effect = SelectField(text(N_("What it leads to")), validate_choice=False)
    disclose = BooleanField(text(N_("A buyer must be told")))
    after = SelectField(text(N_("Stands after")), validate_choice=False)
    remove = BooleanField(text(N_("Take this answer out")))


class BandForm(Part):
    op = SelectField(text(N_("Which numbers")), validate_choice=False)
    bound = StringField(text(N_("Bound")), [Length(max=40)], render_kw=_NUMBER)
    effect = SelectField(text(N_("What it leads to")), validate_choice=False)
    disclose = BooleanField(text(N_("A buyer must be told")))


class CheckForm(Rows):
    name_zh, name_en = _both(N_("Name, Chinese"), N_("Name, English"))
    question_zh, question_en = _both(N_("Question, Chinese"), N_("Question, English"))
    help_zh = TextAreaField(text(N_("What to look for, Chinese")), [Length(max=MOST_TYPED)])
    help_en = TextAreaField(text(N_("What to look for, English")), [Length(max=MOST_TYPED)])
    area = SelectField(text(N_("Area")), validate_choice=False)
    axis = SelectField(text(N_("Axis")), validate_choice=False)
    method = SelectField(text(N_("How it is done")), choices=[(c, text(w)) for c, w in METHODS.items()], validate_choice=False)
    photo = SelectField(text(N_("Photo view")), validate_choice=False)
    untested = SelectField(text(N_("If not tested")), validate_choice=False)
    answers = FieldList(FormField(ValueForm), max_entries=30, label=text(N_("Answers, best first")))
    unit = StringField(text(N_("Unit")), [Length(max=60)], render_kw=_PLAIN)
    least = StringField(text(N_("Least number")), [Length(max=40)], render_kw=_NUMBER)
    most = StringField(text(N_("Largest number")), [Length(max=40)], render_kw=_NUMBER)
    bands = FieldList(FormField(BandForm), max_entries=30, label=text(N_("Limits by number")))

    def offer(self, standard: Standard, views: dict[str, str], language: str) -> None:
        """The choices that this standard has."""
        self.area.choices = [(area.code, words(area.name, language)) for area in standard.areas]
        self.axis.choices = [(axis.code, words(axis.name, language)) for axis in standard.axes]
        self.photo.choices = [("", text(N_("none"))), *views.items()]
        limits = [(f"limit:{grade.code}", grade_label(standard, grade.code)) for grade in standard.scale[1:]]
        left = [(code, text(said)) for code, said in LEFT_OUT.items()]
        self.untested.choices = [left[0], *limits, *left[1:]]
        effects = [("", text(N_("no limit"))), *limits, ("ungraded", text(N_("no grade"))), ("gate", text(N_("not accepted")))]
        shown = [row.form for row in self.answers]
        for row in shown:
            row.effect.choices = effects
            places = [(one.code.data or "", one.zh.data if language == "zh" else one.en.data) for one in shown if one.code.data]
            row.after.choices = [("", text(N_("the last place"))), ("-", text(N_("the first place"))), *places]
        for row in self.bands:
            row.form.effect.choices = [*limits, ("gate", text(N_("not accepted")))]
            row.form.op.choices = [(code, text(said)) for code, said in OPS.items()]


def grade_label(standard: Standard, code: str) -> Any:
    return text(N_("at best %(grade)s")) % {"grade": code}


class NewCheckForm(Form):
    code = StringField(
        text(N_("Code word")),
        [Length(max=60)],
        render_kw=_PLAIN,
        description=text(N_("a-z, 0-9 and _; it stands in reports and never changes.")),
    )
    area = SelectField(text(N_("Area")), validate_choice=False)
    axis = SelectField(text(N_("Axis")), validate_choice=False)
    kind = RadioField(
        text(N_("Kind of answer")),
        validate_choice=False,
        default="choice",
        choices=[("choice", text(N_("One of several answers"))), ("measure", text(N_("A number")))],
    )
    name_zh, name_en = _both(N_("Name, Chinese"), N_("Name, English"))
    question_zh, question_en = _both(N_("Question, Chinese"), N_("Question, English"))
    help_zh, help_en = _both(N_("What to look for, Chinese"), N_("What to look for, English"))
    good_zh, good_en = _both(N_("Best answer, Chinese"), N_("Best answer, English"))
    bad_zh, bad_en = _both(N_("Worst answer, Chinese"), N_("Worst answer, English"))
    unit = StringField(text(N_("Unit")), [Length(max=60)], render_kw=_PLAIN)
    least = StringField(text(N_("Least number")), [Length(max=40)], render_kw=_NUMBER)
    most = StringField(text(N_("Largest number")), [Length(max=40)], render_kw=_NUMBER)
    bound = StringField(text(N_("Below this number")), [Length(max=40)], render_kw=_NUMBER)
    limit = SelectField(text(N_("the grade is at best")), validate_choice=False)

    def offer(self, standard: Standard, language: str) -> None:
        self.area.choices = [(area.code, words(area.name, language)) for area in standard.areas]
        self.axis.choices = [(axis.code, words(axis.name, language)) for axis in standard.axes]
        self.limit.choices = [(grade.code, f"{grade.code} {words(grade.name, language)}") for grade in standard.scale[1:]]


class CountForm(Form):
    code = StringField(text(N_("Code word")), [Length(max=60)], render_kw=_PLAIN)
    axis = SelectField(text(N_("Axis")), validate_choice=False)
    checks = SelectMultipleField(
        text(N_("Checks that are counted")),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    at = StringField(text(N_("Counted from the answer (its code)")), [Length(max=60)], render_kw=_PLAIN)
    many = StringField(text(N_("How many")), [Length(max=10)], render_kw={"inputmode": "numeric", **_PLAIN})
    limit = SelectField(text(N_("Best grade left")), validate_choice=False)
    zh, en = _both(N_("What the report says, Chinese"), N_("What the report says, English"))

    def offer(self, standard: Standard, language: str) -> None:
        self.axis.choices = [(axis.code, words(axis.name, language)) for axis in standard.axes]
        self.limit.choices = [(grade.code, f"{grade.code} {words(grade.name, language)}") for grade in standard.scale[1:]]
        self.checks.choices = [(check.code, words(check.name, language)) for check in standard.checks if check.values]


class GradeTextForm(Part):
    name_zh, name_en = _both(N_("Name, Chinese"), N_("Name, English"))
    meaning_zh, meaning_en = _both(N_("Meaning, Chinese"), N_("Meaning, English"))


class HeadForm(Rows):
    effective_from = StringField(text(N_("In force from")), [Length(max=40)], render_kw={"type": "date"})
    names_zh, names_en = _both(N_("Name of the standard, Chinese"), N_("Name of the standard, English"))
    source_zh, source_en = _both(N_("One more source, Chinese"), N_("One more source, English"))
    known = SelectField(
        text(N_("How well it is known")),
        validate_choice=False,
        default="derived",
        choices=[
            ("read", text(N_("read by us"))),
            ("memory", text(N_("from memory"))),
            ("derived", text(N_("our own conclusion"))),
        ],
    )
    grades = FieldList(FormField(GradeTextForm), max_entries=20)


class TextForm(Form):
    body = TextAreaField(
        text(N_("The whole text (TOML)")), render_kw={"spellcheck": "false", "autocapitalize": "off", "wrap": "off"}
    )
    file = FileField(text(N_("or a file")))


class HandInForm(Form):
    why = TextAreaField(text(N_("What changes and why")), [Length(max=MOST_TYPED)])


class DecisionForm(Form):
    decision = RadioField(
        text(N_("Decision")),
        validate_choice=False,
        choices=[
            ("approve", text(N_("Approve it: it counts from its day on"))),
            ("send_back", text(N_("Send it back to its drafter"))),
        ],
    )
    reason = TextAreaField(text(N_("Reason")), [Length(max=MOST_TYPED)])
