"""Numbers that come in with a form: kept, looked for on the lists, and what they answer."""

from collections.abc import Mapping

from appraisal.grades import number_answers, rules
from appraisal.grades.models import Appraisal
from appraisal.identity import actions as identity
from appraisal.identity import lists
from appraisal.identity.actions import Typed
from appraisal.identity.places import Fed
from appraisal.identity.queries import compared, digests_of, readings_of
from appraisal.standards.standard import Standard
from core.goods.models import Item
from core.work import Work


def read(w: Work, made: Appraisal, item: Item, fed: Fed, typed: Mapping[str, Typed]) -> int:
    """Keep what places showed; a thing whose number stands on a list is frozen. Returns how many places were kept.

    Raises Invalid at the field of a number that is none."""
    kept = identity.read_places(w, made.id, item, fed, typed)
    if kept:
        lists.see(w, item, digests_of(item, readings_of(w.session, made.id)))
    return kept


def answered(
    w: Work, made: Appraisal, standard: Standard, fed: Fed, typed: Mapping[str, Typed], said: rules.Given | None, *, told: bool
) -> rules.Given | None:
    """The answer to the check of the numbers, sent with a whole list. `said`: what was ticked; `told`: the form had such a field.

    What was typed answers it; else what was ticked; a list that shows places only, and came without any, leaves it as it was."""
    item, before = w.session.get_one(Item, made.item_id), made.answers.get(fed.check)
    read(w, made, item, fed, typed)
    known = readings_of(w.session, made.id)
    if all(one.empty for one in typed.values()):
        if said is not None or (told and not fed.by_hand):
            return said
        if before not in fed.by_hand:
            return before  # type: ignore[no-any-return]
    elif not compared(known, item, fed).read:
        return said
    return number_answers.derived(known, item, standard, fed)
