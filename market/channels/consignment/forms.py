"""The forms of a consignor's file: at the counter, and on the consignor's own page."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import Length

from core import clock
from core.errors import Invalid
from core.forms import Form, OnceForm, text
from core.i18n import N_
from core.people.rules import Address, read_address
from market.channels.consignment import rules
from market.channels.consignment.actions import ACCOUNT, CHOOSE, Choices, Shown
from market.channels.consignment.delegates import Named
from market.channels.consignment.models import Consignor
from market.channels.consignment.rules import Paper

_OFF = {"autocomplete": "off"}
_CHOOSE = ("", text(N_("Choose one")))


def _choices(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, text(said)) for code, said in words.items()]


def _typed(field: Any) -> str:
    return str(field.data or "")


def _all(form: Form, **readers: Callable[[], Any]) -> dict[str, Any]:
    """What each reader made of what was typed. What is wrong is told at every field at once: the last one by raising Invalid."""
    read, wrong = {}, list[Invalid]()
    for name, reader in readers.items():
        try:
            read[name] = reader()
        except Invalid as no:
            wrong.append(no)
    if not wrong:
        return read
    for one in wrong[:-1]:
        form.blame(one)
    raise wrong[-1]


class ChoicesForm(OnceForm):
    payout = RadioField(
        text(N_("How the consignor is paid")), validate_choice=False, choices=_choices(rules.PAYOUT_WORDS), default="cash"
    )
    payout_account = StringField(
        text(N_("Number of the account or card")), [Length(max=60)], render_kw={**_OFF, "inputmode": "numeric"},
        description=text(N_("For a transfer only. It is kept encrypted and shown as its last four digits.")),
    )  # fmt: skip
    no_discount = BooleanField(text(N_("Never mark the goods down without asking")))
    donate_unsold = BooleanField(text(N_("Donate what isn't sold in time, instead of fetching it")))

    def wanted(self) -> Choices:
        """What was chosen. Raises Invalid at field `payout_account`."""
        account = _typed(self.payout_account).strip() if self.payout.data == "transfer" else ""
        return Choices(
            payout=_typed(self.payout), account=rules.read_account(account) if account else "",
            no_discount=bool(self.no_discount.data), donate_unsold=bool(self.donate_unsold.data),
        )  # fmt: skip


class OwnForm(ChoicesForm):
    """The same, as the consignor reads it."""

    payout = RadioField(text(N_("How you are paid")), validate_choice=False, choices=_choices(rules.PAYOUT_WORDS), default="cash")


def choices_form(row: Consignor, kind: type[ChoicesForm] = ChoicesForm) -> ChoicesForm:
    """With what stands in the file; the account stays empty, which keeps it."""
    stands = {"payout": row.payout, "no_discount": row.no_discount, "donate_unsold": row.donate_unsold}
    return kind(formdata=None, data=stands)


class OpenForm(ChoicesForm):
    name = StringField(text(N_("Name as on the paper")), [Length(max=100)], render_kw=_OFF)
    paper_kind = SelectField(
        text(N_("Paper that was shown")), validate_choice=False, default="resident_id",
        choices=[_CHOOSE, *_choices(rules.PAPER_WORDS)],
    )  # fmt: skip
    paper_no = StringField(text(N_("Number of the paper")), [Length(max=40)], render_kw={**_OFF, "autocapitalize": "characters"})
    of_age = BooleanField(
        text(N_("I read on the paper that the person is 18 or older")),
        description=text(N_("Needed where the number doesn't tell the birthday: passports, travel permits, older cards.")),
    )  # fmt: skip
    contact = StringField(text(N_("Mobile number or e-mail")), [Length(max=254)], render_kw=_OFF)
    address = StringField(text(N_("Address")), [Length(max=200)], render_kw=_OFF)

    def shown(self) -> Shown:
        """What was typed. Raises Invalid; what is wrong is told at each field."""
        read = _all(
            self, once=self.key, paper=self._paper, name=lambda: rules.read_full_name(_typed(self.name), _typed(self.paper_kind)),
            contact=lambda: read_address(_typed(self.contact)), choices=self._first_choices,
        )  # fmt: skip
        return Shown(**read, address=_typed(self.address), of_age=bool(self.of_age.data))

    def _paper(self) -> Paper:
        """Of somebody who is of age."""
        paper = rules.read_paper(_typed(self.paper_kind), _typed(self.paper_no))
        rules.check_age(paper, clock.local(clock.now()).date(), bool(self.of_age.data))
        return paper

    def _first_choices(self) -> Choices:
        """A new file has no account yet that an empty field could keep."""
        wanted = self.wanted()
        if wanted.payout not in rules.PAYOUTS:
            raise Invalid("payout_missing", CHOOSE, field="payout")
        if wanted.payout == "transfer" and not wanted.account:
            raise Invalid("account_missing", ACCOUNT, field="payout_account")
        return wanted


class ChangeForm(ChoicesForm):
    """Contact and address stay empty: they are masked, and empty keeps what is there."""

    contact = StringField(text(N_("New mobile number or e-mail")), [Length(max=254)], render_kw=_OFF)
    address = StringField(text(N_("New address")), [Length(max=200)], render_kw=_OFF)

    def new_contact(self) -> Address | None:
        """Raises Invalid at field `contact`."""
        return read_address(_typed(self.contact)) if _typed(self.contact).strip() else None

    def new_address(self) -> str | None:
        return _typed(self.address).strip() or None


class FindForm(Form):
    sought = StringField(
        text(N_("Find a file")), [Length(max=254)], render_kw={**_OFF, "type": "search"},
        description=text(N_(
            "File number, whole mobile number or e-mail, or whole number of a paper. It never stands in the address line."
        )),
    )  # fmt: skip


class LookForm(Form):
    why = SelectField(text(N_("Why you need it in full")), validate_choice=False, choices=[_CHOOSE, *_choices(rules.LOOKS)])


class ConfirmForm(Form):
    last_four = StringField(
        text(N_("Last four signs of the paper you showed")), [Length(max=20)], render_kw={**_OFF, "autocapitalize": "characters"}
    )


class CheckForm(Form):
    last_four = StringField(
        text(N_("Last four signs of their paper")), [Length(max=20)], render_kw={**_OFF, "autocapitalize": "characters"}
    )


class EndForm(Form):
    why = SelectField(
        text(N_("Why they may not collect any more")), validate_choice=False, choices=[_CHOOSE, *_choices(rules.DELEGATE_ENDS)]
    )


class DelegateForm(OnceForm):
    name = StringField(text(N_("Name as on the paper")), [Length(max=100)], render_kw=_OFF)
    paper_kind = SelectField(
        text(N_("Paper that was shown")), validate_choice=False, default="resident_id",
        choices=[_CHOOSE, *_choices({code: said for code, said in rules.PAPER_WORDS.items() if code != rules.BODY})],
    )  # fmt: skip
    paper_no = StringField(text(N_("Number of the paper")), [Length(max=40)], render_kw={**_OFF, "autocapitalize": "characters"})
    goods = BooleanField(text(N_("May collect goods")))
    money = BooleanField(text(N_("May collect money")))

    def named(self) -> Named:
        """Raises Invalid; what is wrong is told at each field."""
        read = _all(
            self, paper=lambda: rules.read_paper(_typed(self.paper_kind), _typed(self.paper_no)),
            name=lambda: rules.read_full_name(_typed(self.name), _typed(self.paper_kind)),
        )  # fmt: skip
        return Named(**read, goods=bool(self.goods.data), money=bool(self.money.data))
