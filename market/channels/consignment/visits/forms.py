"""The forms of a visit: the list of things, a time, who comes, what a desk offers."""

from datetime import datetime
from typing import Any

from flask import g
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from core.errors import Invalid
from core.forms import Form, OnceForm, Part, Rows, text
from core.goods.cards import all_cards, find_card
from core.goods.cards import text as words
from core.i18n import N_
from core.money import CNY, BadAmount, Money, parse_yuan
from core.slot_form import NEEDED, WHOLE, HoursForm
from market.channels.consignment.visits import rules
from market.channels.consignment.visits.models import VisitDesk
from market.channels.consignment.visits.offering import LIMITS, Offered
from market.channels.consignment.visits.receiving import Caller
from market.channels.consignment.visits.rules import Thing

_OFF = {"autocomplete": "off"}
_CHOOSE = ("", text(N_("Choose one")))
UNFINISHED = N_("Please check these entries")
SHOWN_ROWS = 2
MORE_ROWS = 3


def kinds() -> list[tuple[str, Any]]:
    return [_CHOOSE, *((card.code, words(card.names, g.language)) for card in all_cards())]


class ThingForm(Part):
    category = SelectField(text(N_("Kind of thing")), choices=kinds, validate_choice=False)
    name = StringField(text(N_("What it is")), [Length(max=60)], render_kw=_OFF)
    pieces = StringField(text(N_("Pieces")), [Length(max=4)], render_kw=WHOLE, default="1")
    wish = StringField(
        text(N_("Wished price each")), [Length(max=12)], render_kw={"inputmode": "decimal", **_OFF}
    )

    def is_empty(self) -> bool:
        return not any(str(one.data or "").strip() for one in (self.category, self.name, self.wish))

    def read(self) -> Thing | None:
        """What was typed; None where a field is blamed."""
        name, pieces = " ".join(str(self.name.data or "").split()), str(self.pieces.data or "").strip() or "1"
        if find_card(str(self.category.data or "")) is None:
            self.category.errors = [text(N_("Choose the kind that fits best."))]
        if not rules.NAME_LENGTH[0] <= len(name) <= rules.NAME_LENGTH[1]:
            self.name.errors = [text(N_("Say in 2 to 60 signs what it is, such as the brand and model."))]
        if not (pieces.isascii() and pieces.isdigit() and 1 <= int(pieces) <= rules.MOST_PIECES):
            self.pieces.errors = [text(N_("1 to 99"))]
        wish = self._wish()
        if self.category.errors or self.name.errors or self.pieces.errors or self.wish.errors:
            return None
        return Thing(category=str(self.category.data), name=name, pieces=int(pieces), wish=wish)

    def _wish(self) -> int | None:
        typed = str(self.wish.data or "").strip()
        try:
            minor = parse_yuan(typed).minor if typed else None
        except BadAmount as bad:
            self.wish.errors = [text(bad.sentence)]
            return None
        if minor is not None and not 0 <= minor <= rules.DEAREST:
            self.wish.errors = [text(N_("Enter a price up to a million yuan."))]
        return minor


def _things(label: str) -> FieldList:
    return FieldList(FormField(ThingForm, label=text(N_("Thing"))), label=text(label), max_entries=rules.MOST_LINES)


class ListForm(Rows, OnceForm):
    things = _things(N_("What you bring"))

    def with_rows(self, more: int = 0) -> "ListForm":
        """With empty rows to write into."""
        wanted = min(max(SHOWN_ROWS, len(self.things) + more), rules.MOST_LINES)
        while len(self.things) < wanted:
            self.things.append_entry()
        return self

    def listed(self) -> list[Thing]:
        """What was typed, empty rows left out. Raises Invalid; each field that is wrong is blamed."""
        rows = [row.form for row in self.things if not row.form.is_empty()]
        fits = self.validate()
        read = [one.read() for one in rows]
        if not fits or any(one is None for one in read):
            raise Invalid("form_unfit", UNFINISHED)
        return [one for one in read if one is not None]


def typed_things(things: list[Thing]) -> dict[str, Any]:
    """What a form begins with where there is a list."""
    return {
        "things": [
            {
                "category": one.category, "name": one.name, "pieces": str(one.pieces),
                "wish": "" if one.wish is None else Money(one.wish, CNY).plain(),
            }
            for one in things
        ]
    }  # fmt: skip


class SlotForm(OnceForm):
    slot = SelectField(text(N_("Day and time")), validate_choice=False)

    def moment(self) -> datetime:
        """The chosen slot. Raises Invalid at field `slot`."""
        try:
            found = datetime.fromisoformat(str(self.slot.data or ""))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise Invalid("slot_missing", N_("Choose a day and a time."), field="slot")
        return found


class BookForm(ListForm, SlotForm):
    pass


class CallerForm(BookForm):
    """For staff. A file's number, or else a name and a contact."""

    things = _things(N_("What they bring"))
    file = StringField(
        text(N_("Number of their file")), [Length(max=20)], render_kw=_OFF,
        description=text(N_("Such as C-0001. Then name and contact are known already.")),
    )  # fmt: skip
    name = StringField(text(N_("Their name")), [Length(max=60)], render_kw=_OFF)
    contact = StringField(text(N_("Mobile number or e-mail")), [Length(max=254)], render_kw=_OFF)

    def caller(self) -> Caller:
        return Caller(file=str(self.file.data or ""), name=str(self.name.data or ""), contact=str(self.contact.data or ""))


class CallOffForm(Form):
    why = SelectField(
        text(N_("Why the shop can't keep it")), validate_choice=False,
        choices=[_CHOOSE, *((code, text(said)) for code, said in rules.REASONS.items())],
    )  # fmt: skip


class LookForm(Form):
    look = SelectField(
        text(N_("Why you need the contact")), validate_choice=False,
        choices=[_CHOOSE, *((code, text(said)) for code, said in rules.LOOKS.items())],
    )  # fmt: skip


def _count(label: str, name: str) -> IntegerField:
    return IntegerField(text(label), [NEEDED, NumberRange(*LIMITS[name])], render_kw=WHOLE)


class DeskForm(HoursForm):
    note = None  # how to find it stands with the point
    taking = BooleanField(text(N_("People can book visits here")))
    places = _count(N_("Visits in one slot"), "places")
    most_things = _count(N_("Most pieces in one visit"), "most_things")
    not_taken = TextAreaField(text(N_("What you don't take at present")), [Length(max=300)])
    not_taken_en = TextAreaField(text(N_("The same in English")), [Length(max=300)])

    def offered(self) -> Offered:
        """What was typed. Raises Invalid at field `closed`."""
        return Offered(
            taking=bool(self.taking.data), hours=self.hours, closed=self.closed_days(), minutes=int(self.minutes.data),
            places=int(self.places.data), most_things=int(self.most_things.data), not_taken=str(self.not_taken.data or ""),
            not_taken_en=str(self.not_taken_en.data or ""),
        )  # fmt: skip


def desk_form(desk: VisitDesk | None, hours: dict[str, str]) -> DeskForm:
    """With what stands, or with the hours of the point as a beginning."""
    told: dict[str, Any] = {f"day_{day}": (desk.hours if desk else hours).get(str(day), "") for day in range(7)}
    if desk is None:
        return DeskForm(formdata=None, data=told | {"taking": True, "minutes": 30, "places": 1, "most_things": 10})
    names = ("taking", "minutes", "places", "most_things", "not_taken", "not_taken_en")
    told |= {name: getattr(desk, name) for name in names} | {"closed": ", ".join(desk.closed)}
    return DeskForm(formdata=None, data=told)
