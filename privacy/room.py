"""Opens the privacy room: its permissions, audit words, ports and pages."""

from datetime import timedelta

from flask import Flask

import privacy.clearance.models
import privacy.wipes.models  # noqa: F401  (tables)
from core import audit, runner
from core.access import permissions
from core.goods import custody
from core.i18n import N_
from core.ports import CustodyRaised, provide, subscribe
from core.web import nav
from privacy import ports
from privacy.access import PERMISSIONS
from privacy.clearance import actions as clearances
from privacy.clearance.profiles import get_profile
from privacy.clearance.settings import validity
from privacy.clearance.views import blueprint as clearance_pages
from privacy.clearance.views import certificates, verify  # noqa: F401  (pages)
from privacy.clearance.views import custody as custody_pages  # noqa: F401  (pages)
from privacy.inspection import log as log_pages  # noqa: F401  (pages)
from privacy.inspection import words as inspection
from privacy.inspection.views import blueprint as inspection_pages
from privacy.wipes import actions as wipes
from privacy.wipes.consents import all_texts
from privacy.wipes.views import bench, desk, files, owner  # noqa: F401  (pages)
from privacy.wipes.views import blueprint as wipe_pages
from privacy.words import WORDS


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below. A wrong profile, setting or text stops the start."""
    get_profile(app.extensions["xunshi"].policy_profile)
    validity()
    all_texts()
    audit.words({**custody.WORDS, **WORDS})
    permissions(PERMISSIONS)
    permissions(inspection.PERMISSIONS)
    app.register_blueprint(wipe_pages)
    app.register_blueprint(clearance_pages)
    app.register_blueprint(inspection_pages)
    nav("/wipes", N_("Wipes"), "wipe", "wipe_operator", "shop_clerk", "shop_manager", "wipe_verifier")
    nav("/regulator", N_("Inspection"), "eye", "regulator")
    nav("/regulator/log", N_("Audit log"), "chain", "administrator")
    subscribe(CustodyRaised, clearances.follow_custody)
    subscribe(CustodyRaised, wipes.follow_custody)
    provide("dossier", "privacy", ports.dossier)
    provide("personal_data", "privacy", ports.personal_data)
    provide("retention", "privacy", ports.retention)
    runner.sweep("privacy_expiry", timedelta(minutes=10), clearances.expire_due)
