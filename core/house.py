"""The ground floor's register: people, goods, photos, the log's sealer, and the pages that belong to no room."""

from flask import Flask

import core.goods.life_models
import core.goods.models
import core.mail
import core.once  # noqa: F401  (tables)
from core import audit, own_data, views
from core.access import has_role, permissions, public, signed_in
from core.goods import dossier, pictures
from core.i18n import N_
from core.people import room as people
from core.ports import provide
from core.queue import room as queue
from core.twins import room as twins


def register(app: Flask) -> None:
    permissions(PERMISSIONS)
    audit.words(WORDS)
    people.register(app)
    queue.register(app)
    twins.register(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(pictures.blueprint)
    public(app.view_functions["static"])
    provide("dossier", "core", dossier.lines)
    provide("personal_data", "core", own_data.personal_data)
    provide("retention", "core", own_data.retention)
    provide("holds", "core", own_data.holds)
    provide("waiting", "core", queue.waiting)


PERMISSIONS = {
    "core:inbox:read": ((signed_in,),),
    "core:audit:read": ((has_role("regulator"),), (has_role("administrator"),)),
}
WORDS = {
    "core:item:registered": N_("A thing was registered"),
    "core:item:coded": N_("A thing got its code for life"),
    "core:item:frozen": N_("A thing was frozen: its number stands on a list"),
    "core:item:unfrozen": N_("A thing isn't frozen any more"),
    "core:medium:added": N_("A storage medium was added to a device"),
    "core:photo:added": N_("A photo was added"),
    "core:photo:removed": N_("A photo was removed"),
    "core:lookup:made": N_("A member of staff looked something up"),
    "core:log:exported": N_("The audit log was exported"),
    "core:log:verified": N_("The audit log's chain was checked"),
}
