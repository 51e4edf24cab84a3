"""What a new version of terms says otherwise, in words: clause by clause, what went and what came."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.data_files import text
from core.i18n import N_, say
from market.channels.consignment.agreements.clauses import Clause, clauses
from market.channels.consignment.agreements.terms import Terms


@dataclass(frozen=True, slots=True)
class Difference:
    title: str
    before: Sequence[str]
    after: Sequence[str]


def differences(old: Terms, new: Terms, language: str) -> list[Difference]:
    """Only what differs; nothing for the same terms."""
    before, after = ({one.code: one for one in clauses(terms, language)} for terms in (old, new))
    found = [_compared(before.get(code), after.get(code)) for code in dict.fromkeys([*before, *after])]
    named = [
        _lines(say(N_("Blanks of an agreement"), language), _blanks(old, language), _blanks(new, language)),
        _lines(say(N_("Title"), language), [text(old.title, language)], [text(new.title, language)]),
    ]
    return [one for one in (*named, *found) if one.before or one.after]


def _compared(old: Clause | None, new: Clause | None) -> Difference:
    title = (new or old).title if (new or old) else ""  # type: ignore[union-attr]
    return _lines(title, old.sentences if old else (), new.sentences if new else ())


def _lines(title: str, old: Sequence[str], new: Sequence[str]) -> Difference:
    return Difference(title, [one for one in old if one not in new], [one for one in new if one not in old])


def _blanks(terms: Terms, language: str) -> list[str]:
    return blanks(terms, language)


def blanks(terms: Terms, language: str) -> list[str]:
    """What an agreement may fill in otherwise, in sentences."""
    term, span = terms.term, terms.pay.span
    found = []
    if (term.least, term.most) != (term.days, term.days):
        found.append(say(N_("Term: %(least)s to %(most)s days"), language, least=term.least, most=term.most))
    if span:
        found.append(say(N_("Commission: %(least)s %% to %(most)s %%"), language, least=span[0], most=span[1]))
    return found
