"""What can be said before a wipe: may a thing of this model be listed afterwards? So that nobody wipes a phone for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.clock import LOCAL_ZONE
from core.goods.cards import get_card
from core.goods.describe import model_name
from core.goods.models import Item
from core.i18n import N_
from privacy.bench import Bench
from privacy.clearance.checklist_rules import needs_declaration
from privacy.clearance.declaration_rules import Declaration
from privacy.clearance.declarations.entries import in_force
from privacy.clearance.profiles import get_profile
from privacy.wipes.checklist import Checklist, is_brand, plain_word
from privacy.wipes.checklist_show import ways_on
from privacy.wipes.checklists import checklists_for


@dataclass(frozen=True, slots=True)
class Outlook:
    """In the reader's language. `ways`: what its owner can do where it can't be listed."""

    title: str
    text: str
    tone: str
    ways: Sequence[str] = ()


def outlook_of(session: Session, bench: Bench, item: Item) -> Outlook | None:
    """None where nobody's word is needed but the tool's: most computers, and what a maker's function clears by itself."""
    profile, today = get_profile(bench.profile), clock.now().astimezone(LOCAL_ZONE).date()
    fitting = _lists_of(item)
    relying = [one for one in fitting if needs_declaration(one, profile)]
    if not relying or (bench.declarations_from is not None and today < bench.declarations_from):
        return None
    codes = {one.code for one in relying}
    model = model_name(item)
    found = [one for one in in_force(session, demo=bench.made_up) if one.platform in codes and _names(one, item)]
    if any(one.dated <= today and (one.withdrawn is None or today < one.withdrawn) for one in found):
        versions = ", ".join(f"{one.versions.first} – {one.versions.until}" for one in found)
        text = _("%(model)s with system %(versions)s: its maker's declaration is on record.", model=model, versions=versions)
        return Outlook(_("It can be listed once it is cleared"), text, "good")
    sentence = N_("No declaration of its maker is on record for %(model)s. It can be cleared, but not put on sale for now.")
    text = _(sentence, model=model)
    if len(relying) < len(fitting):
        text += " " + _("Only if it isn't encrypted can the bench clear it without its maker's word; few are.")
    return Outlook(_("Probably it can't be listed for now"), text, "warn", ways_on())


def _lists_of(item: Item) -> list[Checklist]:
    """Lists that can be meant: of its category, of its maker where they name one. A computer goes by one only if it has to."""
    by_list = get_card(item.category).wipe_route == "checklist"
    mine = [(one, is_brand(item.brand, one.brands)) for one in checklists_for(item.category, item.brand)]
    return [one for one, named in mine if named or (by_list and not one.brands)]


def _names(one: Declaration, item: Item) -> bool:
    return is_brand(item.brand, one.brands) and plain_word(item.model) in {plain_word(name) for name in one.models}
