"""What can't be listed for now, for staff and regulators: models without their maker's declaration, kinds without a route."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import needs
from core.goods.describe import category_name
from core.page import Page
from privacy.bench import bench
from privacy.clearance.declarations.entries import in_force
from privacy.wipes.checklist_show import DeclarationShown, declaration_of
from privacy.wipes.views import blueprint
from privacy.wipes.waiting_models import kinds_waiting, models_waiting


@dataclass(frozen=True, kw_only=True)
class ModelsPage(Page):
    template = "privacy/models_waiting.html"
    models: Sequence[tuple[str, str, int]]
    kinds: Sequence[tuple[str, int]]
    declarations: Sequence[DeclarationShown]


@blueprint.get("/wipes/waiting-models")
@needs("privacy:waiting:see")
def show_models_waiting() -> object:
    why = {"no_declaration": _("no declaration on record"), "declared_other_system": _("declared for other system versions only")}
    found = [declaration_of(one) for one in in_force(g.db, demo=bench().made_up)]
    return ModelsPage(
        models=[
            (" ".join(part for part in (one.brand, one.model) if part) or _("Model not named"), why[one.why], one.devices)
            for one in models_waiting(g.db)
        ],
        kinds=[(category_name(one.category, g.language), one.things) for one in kinds_waiting(g.db)],
        declarations=[one for one in found if one is not None],
    ).answer()
