"""Opens the privacy room: its permissions, audit words, ports and pages."""

import logging
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.wrappers import Response
from flask_babel import gettext as _

import privacy.booking.models
import privacy.clearance.corrections.models
import privacy.clearance.declarations.models
import privacy.clearance.log.models
import privacy.clearance.models
import privacy.devices.models
import privacy.devices.reading_models
import privacy.keys.models
import privacy.looks.models
import privacy.readback.models
import privacy.sampling.models
import privacy.sampling.people_models
import privacy.wipes.checklist_models
import privacy.wipes.duty_models
import privacy.wipes.models  # noqa: F401  (tables)
from core import audit, runner
from core.access import permissions
from core.files import Damaged, NotStored
from core.goods import custody
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised, PersonClosing, PersonSuspended, RoleEnded, provide, subscribe
from core.queue import kinds
from core.web import error_page, nav
from privacy import closing, ports
from privacy.access import PERMISSIONS
from privacy.booking import access as booking_access
from privacy.booking import words as booking_words
from privacy.booking.actions import remind_and_clear
from privacy.booking.views import blueprint as booking_pages
from privacy.booking.views import point, public  # noqa: F401  (pages)
from privacy.clearance import actions as clearances
from privacy.clearance import redaction, second_person
from privacy.clearance.declarations import all_declarations
from privacy.clearance.log import room as public_log
from privacy.clearance.profiles import get_profile
from privacy.clearance.settings import validity
from privacy.clearance.views import blueprint as clearance_pages
from privacy.clearance.views import certificates, photo, verify, verify_third  # noqa: F401  (pages)
from privacy.clearance.views import corrections as correction_pages
from privacy.clearance.views import custody as custody_pages  # noqa: F401  (pages)
from privacy.clearance.views import declarations as declaration_pages
from privacy.clearance.views import profiles as profile_pages  # noqa: F401  (pages)
from privacy.devices import access as device_access
from privacy.devices import words as device_words
from privacy.devices.views import after, power, record  # noqa: F401  (pages)
from privacy.devices.views import blueprint as device_pages
from privacy.devices.views import leaving as leaving_pages  # noqa: F401  (pages)
from privacy.inspection import log as log_pages  # noqa: F401  (pages)
from privacy.inspection import words as inspection
from privacy.inspection.views import blueprint as inspection_pages
from privacy.keys import actions as person_keys
from privacy.keys import house_views as house_key_pages
from privacy.keys import views as key_pages
from privacy.looks import pattern_views  # noqa: F401  (pages)
from privacy.looks import views as look_pages
from privacy.readback import station_words
from privacy.readback.station_views import blueprint as station_pages
from privacy.sampling import access as sampling_access
from privacy.sampling import actions as sampling
from privacy.sampling import cookie, own, relations
from privacy.sampling import words as sampling_words
from privacy.sampling.settings import shares
from privacy.sampling.views import blueprint as sampling_pages
from privacy.sampling.views import desk as sampling_desk  # noqa: F401  (pages)
from privacy.sampling.views import own as own_pages  # noqa: F401  (pages)
from privacy.sampling.views import relations as relation_pages  # noqa: F401  (pages)
from privacy.sampling.views import trying  # noqa: F401  (pages)
from privacy.waiting import waiting
from privacy.wipes import actions as wipes
from privacy.wipes.checklists import all_checklists
from privacy.wipes.consents import all_texts
from privacy.wipes.views import again as again_pages  # noqa: F401  (pages)
from privacy.wipes.views import bench, checklist, checklist_send, desk, duties, files, models_waiting, owner  # noqa: F401  (pages)
from privacy.wipes.views import blueprint as wipe_pages
from privacy.words import WORDS


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below. A wrong profile, setting or text stops the start."""
    get_profile(app.extensions["xunshi"].policy_profile)
    validity()
    all_texts()
    all_checklists()
    all_declarations(demo=True)
    audit.words({**custody.WORDS, **WORDS})
    permissions(PERMISSIONS)
    permissions(inspection.PERMISSIONS)
    permissions(device_access.PERMISSIONS)
    audit.words(device_words.WORDS)
    permissions(station_words.PERMISSIONS)
    audit.words(station_words.WORDS)
    app.register_blueprint(wipe_pages)
    app.register_blueprint(clearance_pages)
    permissions(booking_access.PERMISSIONS)
    audit.words(booking_words.WORDS)
    for more in (declaration_pages, correction_pages):
        permissions(more.PERMISSIONS)
        audit.words(more.WORDS)
    permissions(house_key_pages.PERMISSIONS)
    app.register_blueprint(house_key_pages.blueprint)
    for pages in (key_pages, look_pages):
        permissions(pages.PERMISSIONS)
        audit.words(pages.WORDS)
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(device_pages)
    app.register_blueprint(booking_pages)
    app.register_blueprint(inspection_pages)
    app.register_blueprint(station_pages)
    nav("/wipes", N_("Wipes"), "wipe", "wipe_operator", "shop_clerk", "bench_manager", "wipe_verifier")
    register_sampling(app)
    nav("/declarations", N_("Declarations"), "certificate", "reviewer", "administrator")
    nav("/stations", N_("Stations"), "drive", "bench_manager")
    nav("/regulator", N_("Inspection"), "eye", "regulator")
    nav("/regulator/log", N_("Audit log"), "chain", "administrator")
    nav("/admin/keys", N_("Keys"), "key", "administrator")
    nav("/me/keys", N_("My signing key"), "key", "wipe_operator", "wipe_verifier")
    subscribe(CustodyRaised, clearances.follow_custody)
    subscribe(CustodyRaised, wipes.follow_custody)
    subscribe(PersonSuspended, person_keys.follow_suspension)
    subscribe(PersonClosing, person_keys.follow_leaving)
    subscribe(RoleEnded, person_keys.follow_role)
    subscribe(PersonClosing, redaction.leave)
    audit.words(redaction.WORDS)
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    kinds.source("declaration", second_person.declarations)
    kinds.source("correction", second_person.corrections)
    provide("dossier", "privacy", ports.dossier)
    provide("personal_data", "privacy", ports.personal_data)
    provide("retention", "privacy", ports.retention)
    provide("holds", "privacy", closing.holds)
    provide("waiting", "privacy", waiting)
    provide("relations", "privacy", relations.ties)
    leads("devices", "/wipes", "/certificates", "/log", "/items")
    leads("roles", "/me/keys", "/me/relations")
    runner.sweep("privacy_slots", timedelta(minutes=10), remind_and_clear)
    runner.sweep("privacy_expiry", timedelta(minutes=10), clearances.expire_due)
    runner.sweep("privacy_redaction", timedelta(hours=1), redaction.sweep)
    public_log.register(app)
    for fault in (Damaged, NotStored):
        app.register_error_handler(fault, _not_as_it_was)


def _not_as_it_was(fault: Exception) -> Response:
    """A photo or file that somebody changed on the disk is shown to nobody, and said so."""
    logging.getLogger("xunshi.files").error("%s", fault)
    return error_page(409, _("The stored file is missing or changed on the disk. Tell the administrator."))


def register_sampling(app: Flask) -> None:
    """Drawn checks, relations and own statements. Told of a sale before the clearance ends: what is drawn isn't sold."""
    shares()
    permissions(sampling_access.PERMISSIONS)
    audit.words(sampling_words.WORDS)
    app.register_blueprint(sampling_pages)
    cookie.register(app)
    nav("/sampling", N_("Recovery tries"), "search", "wipe_verifier", "bench_manager", "regulator")
    subscribe(CustodyRaised, sampling.hold_back)
    subscribe(PersonClosing, relations.leave)
    subscribe(PersonClosing, own.leave)
    runner.sweep("sample_draws", timedelta(milliseconds=400), sampling.draw_due)
