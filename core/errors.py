"""What can go wrong, said so that a person knows the way on. Each carries a status and a sentence to translate."""

from collections.abc import Mapping

from core.i18n import N_


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """A rule says no. `reasons` are codes; `sentence` is English for gettext; `field` names the form field."""

    status = 409

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        field: str = "",
        reasons: tuple[str, ...] = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.sentence, self.field = code, sentence, field
        self.reasons, self.values = reasons or (code,), dict(values or {})


class Invalid(Refused):
    """What was typed can't be used; the form is shown again with everything kept."""

    status = 422


class NotFound(Refused):
    """No such thing, or not for you: the answer is the same, so that nothing leaks."""

    status = 404

    def __init__(self, code: str = "not_found", sentence: str = N_("There is nothing here any more.")) -> None:
        super().__init__(code, sentence)


class Forbidden(Refused):
    """Known who you are, and the answer is no."""

    status = 403

    def __init__(
        self,
        code: str = "forbidden",
        sentence: str = N_("You may not do this with your present roles."),
        *,
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code, sentence, values=values)


class Busy(Refused):
    """Somebody else was quicker; nothing was changed."""

    status = 409

    def __init__(
        self,
        code: str = "changed_meanwhile",
        sentence: str = N_("Somebody else changed this a moment ago. Look again and decide anew."),
    ) -> None:
        super().__init__(code, sentence)
