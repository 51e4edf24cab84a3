"""Forms: CSRF on each, an idempotency key where asked, and a rule's refusal shown at its field with nothing lost."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField
from wtforms.validators import Length

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.web import sentence

NO_KEY = N_("This page was sent without its own number, so nothing was done. Look through it, and send it once more from here.")


def without_nul(typed: Any) -> Any:
    """PostgreSQL keeps no NUL in a text, and nobody types one."""
    return typed.replace("\x00", "") if isinstance(typed, str) else typed


class Form(FlaskForm):  # type: ignore[misc]
    """`form.problems` are sentences that belong to no field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filters = [without_nul, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []

    def blame(self, refusal: Refused) -> None:
        """Show a refusal at the field it names, else at the top of the form."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.problems.append(sentence(refusal))
        else:
            field.errors = [*field.errors, sentence(refusal)]


class Rows(Form):
    """A form that holds rows: a row cleans its own fields, so the list of them takes no filter."""

    class Meta(Form.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if unbound_field.field_class in (FieldList, FormField):
                return unbound_field.bind(form=form, **options)
            return super().bind_field(form, unbound_field, options)


class Part(Rows):
    """A part of a larger form, or one that only asks: no token of its own."""

    class Meta(Rows.Meta):
        csrf = False


class KeyField(HiddenField):  # type: ignore[misc]
    """The key that a page gave its form. One that wasn't sent isn't made up; the page that is shown again has a new one."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else ""

    def _value(self) -> str:
        return str(self.data or ids.new_id())


class OnceForm(Form):
    """A form whose sending changes money or stock: sent twice, done once."""

    # without an id of its own: a page may hold several such forms
    once = KeyField(default=ids.new_id, validators=[Length(max=64)], render_kw={"id": False})

    def key(self) -> str:
        """For what would count each time it is sent. Raises Invalid without: then a second time looks like a first."""
        if not self.once.data:
            raise Invalid("key_missing", NO_KEY)
        return str(self.once.data)


def text(sentence_: str) -> Any:
    """A label or message of a form field: English for gettext, translated when shown."""
    return lazy_gettext(sentence_)
