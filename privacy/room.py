"""Opens the privacy room: its permissions, audit words, ports and pages."""

from datetime import timedelta

from flask import Flask

import core.numbers
import privacy.clearance.models
import privacy.wipes.models  # noqa: F401  (tables)
from core import audit, runner
from core.goods import custody
from core.ports import CustodyRaised, provide, subscribe
from privacy import ports
from privacy.clearance import actions as clearances
from privacy.clearance.profiles import get_profile
from privacy.clearance.settings import validity
from privacy.wipes import actions as wipes
from privacy.wipes.consents import all_texts
from privacy.words import WORDS


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below. A wrong profile, setting or text stops the start."""
    get_profile(app.extensions["xunshi"].policy_profile)
    validity()
    all_texts()
    audit.words({**custody.WORDS, **WORDS})
    subscribe(CustodyRaised, clearances.follow_custody)
    subscribe(CustodyRaised, wipes.follow_custody)
    provide("dossier", "privacy", ports.dossier)
    provide("personal_data", "privacy", ports.personal_data)
    provide("retention", "privacy", ports.retention)
    runner.sweep("privacy_expiry", timedelta(minutes=10), clearances.expire_due)
