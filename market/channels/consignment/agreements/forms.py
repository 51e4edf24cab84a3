"""The forms: terms as rows for the manager, an example to reckon, an agreement's blanks, and the signing."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from core.forms import OnceForm, Part, Rows, text
from core.goods.cards import all_cards
from core.goods.describe import category_name
from core.i18n import N_
from market.channels.consignment.agreements.terms import LOSSES, SERVICES, WAYS
from market.channels.consignment.agreements.wording import (
    AUTHORITY_WORDS,
    CHARGE_WORDS,
    COST_WORDS,
    DISPUTE_WORDS,
    LOSS_WORDS,
    PAY_WORDS,
    UNSOLD_WORDS,
)

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}
_MONEY = {"inputmode": "decimal", **_PLAIN}
_COUNT = {"inputmode": "numeric", **_PLAIN}
_SHORT, _NUMBER = [Length(max=40)], [Length(max=12)]


def _coded(words: dict[str, str], codes: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    return [(code, text(words[code])) for code in codes or tuple(words) if code in words]


def _radio(label: str, words: dict[str, str]) -> RadioField:
    return RadioField(text(label), choices=_coded(words), validate_choice=False)


def _whole(label: str, description: str = "") -> StringField:
    return StringField(text(label), _NUMBER, render_kw=_COUNT, description=text(description) if description else "")


def _fen(label: str) -> StringField:
    return StringField(text(label), _SHORT, render_kw=_MONEY)


class BandForm(Part):
    start = _fen(N_("From ¥"))
    percent = StringField(text(N_("Percent")), _NUMBER, render_kw=_MONEY)


class KindForm(Part):
    category = SelectField(text(N_("Kind of thing")), validate_choice=False)
    percent = StringField(text(N_("Percent")), _NUMBER, render_kw=_MONEY)


class StepForm(Part):
    day = _whole(N_("From day"))
    percent = _whole(N_("Percent off"))


class WayForm(Part):
    way = SelectField(
        text(N_("What becomes of it")), validate_choice=False,
        choices=[("", text(N_("Nothing more"))), *_coded(UNSOLD_WORDS, WAYS)],
    )  # fmt: skip
    notice_days = _whole(N_("Days of notice"))


class TermsForm(Rows):
    title_zh = StringField(text(N_("Title, Chinese")), [Length(max=60)])
    title_en = StringField(text(N_("Title, English")), [Length(max=60)])
    authority = _radio(N_("Who sets the price"), AUTHORITY_WORDS)
    lower_percent = _whole(N_("At most so many percent"))
    lower_after = _whole(N_("After so many days"))
    pay = _radio(N_("How it is reckoned"), PAY_WORDS)
    percent = StringField(text(N_("Commission, percent")), _NUMBER, render_kw=_MONEY)
    least = _fen(N_("Not less than"))
    most = _fen(N_("Not more than"))
    bands = FieldList(FormField(BandForm), max_entries=8)
    kinds = FieldList(FormField(KindForm), max_entries=8)
    span_least = StringField(text(N_("Commission may be agreed from, percent")), _NUMBER, render_kw=_MONEY)
    span_most = StringField(text(N_("to, percent")), _NUMBER, render_kw=_MONEY)
    absorber = RadioField(
        text(N_("A discount is borne by")), validate_choice=False,
        choices=[("shop", text(N_("The shop"))), ("seller", text(N_("The consignor"))), ("shared", text(N_("Both, half each")))],
    )  # fmt: skip
    days = _whole(N_("Term in days"))
    days_least = _whole(N_("May be agreed from, days"))
    days_most = _whole(N_("to, days"))
    grace_days = _whole(N_("Days of grace"))
    steps = FieldList(FormField(StepForm), max_entries=12)
    ways = FieldList(FormField(WayForm), max_entries=5)
    storage_day = _fen(CHARGE_WORDS["storage_day"])
    storage_cap = _fen(CHARGE_WORDS["storage_cap"])
    cleaning = _fen(CHARGE_WORDS["cleaning"])
    appraisal = _fen(CHARGE_WORDS["appraisal"])
    wiping = _fen(CHARGE_WORDS["wiping"])
    return_freight = _fen(CHARGE_WORDS["return_freight"])
    costs = _radio(N_("All other costs are borne by"), COST_WORDS)
    loss = RadioField(
        text(N_("For a lost or damaged thing the shop pays")), choices=_coded(LOSS_WORDS, LOSSES), validate_choice=False
    )
    hold_days = _whole(N_("Held after a sale, days"))
    within_days = _whole(N_("Paid within, days"))
    least_paid = _fen(N_("Smallest payment"))
    lien = BooleanField(text(N_("The shop may keep things back until it is paid (lien, 959)")))
    self_purchase = BooleanField(text(N_("The shop may buy a thing itself (956)")))
    answers = BooleanField(text(N_("The shop answers for a buyer who doesn't pay (958)")))
    notice_days = _whole(N_("Notice for ending it, days"))
    dispute = _radio(N_("Who decides a dispute"), DISPUTE_WORDS)
    place_zh = StringField(text(N_("Which one, Chinese")), [Length(max=80)])
    place_en = StringField(text(N_("Which one, English")), [Length(max=80)])
    remarks_zh = TextAreaField(text(N_("Own words, Chinese")), [Length(max=600)])
    remarks_en = TextAreaField(text(N_("Own words, English")), [Length(max=600)])

    def offer(self, language: str) -> None:
        choices = [("", text(N_("No kind"))), *((card.code, category_name(card.code, language)) for card in all_cards())]
        for row in self.kinds:
            row.form.category.choices = choices


class ExampleForm(Part):
    """A thing to reckon with; it only asks."""

    price = _fen(N_("Asking price"))
    reserve = _fen(N_("Reserve or net price"))
    category = SelectField(text(N_("Kind of thing")), default="", validate_choice=False)
    kept_price = BooleanField(text(N_("No markdowns")))
    cleaning = BooleanField(text(CHARGE_WORDS["cleaning"]))
    appraisal = BooleanField(text(CHARGE_WORDS["appraisal"]))
    wiping = BooleanField(text(CHARGE_WORDS["wiping"]))

    @property
    def services(self) -> frozenset[str]:
        return frozenset(one for one in SERVICES if self[one].data)


class DraftForm(OnceForm):
    file = StringField(
        text(N_("Number of the consignor's file")), [Length(max=20)], render_kw=_PLAIN,
        description=text(N_("It stands on the consignor's slip and in the list of files.")),
    )  # fmt: skip
    template = RadioField(text(N_("Terms")), validate_choice=False)
    days = _whole(N_("Term in days"), N_("Empty: as the terms say."))
    percent = StringField(
        text(N_("Commission, percent")),
        _NUMBER,
        render_kw=_MONEY,
        description=text(N_("Only where the terms allow it. Empty: as the terms say.")),
    )
    remarks = TextAreaField(
        text(N_("Agreed besides, Chinese")), [Length(max=600)],
        description=text(N_("It is checked for words that would be void. No names or numbers of people here.")),
    )  # fmt: skip
    remarks_en = TextAreaField(
        text(N_("Agreed besides, English")), [Length(max=600)],
        description=text(N_("Left empty, the Chinese words stand in the English text, too.")),
    )  # fmt: skip


class OfferForm(OnceForm):
    agreed = BooleanField(text(N_("I have read the text and sign it for the shop")))


class SignForm(OnceForm):
    """At the counter. `drawn`: strokes as JSON, written by the page's script; without it the name is typed."""

    drawn = HiddenField(validators=[Length(max=40_000)])
    name = StringField(text(N_("Full name, typed")), [Length(max=80)], render_kw={"autocomplete": "off"})
    agreed = BooleanField(text(N_("I have read this agreement and agree to it")))


class HomeSignForm(OnceForm):
    agreed = BooleanField(text(N_("I have read this agreement and agree to it")))


class NewForm(OnceForm):
    pass
