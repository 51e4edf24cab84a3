"""What a verifier ticked waits while the second factor is asked for: in the signed session, for one job and a quarter of an hour.

It only fills the form in again; the person looks at it and sends it anew. A photo can't wait in a cookie."""

import functools
from datetime import datetime, timedelta
from typing import Any

from flask import request, session
from wtforms import BooleanField

from core import clock
from core.access import SecondFactorNeeded, View
from privacy.clearance.forms import RejectForm, VerifyForm

WAITS = timedelta(minutes=15)
_NAME = "verifying"
_LONGEST = 40
_NOT_KEPT = {"FileField", "MultipleFileField", "CSRFTokenField"}


def kept_until_fresh(view: View) -> View:
    """Wrap a door that asks for a fresh sign-in: what was sent is kept when it sends the person away for that."""

    @functools.wraps(view)
    def keeping(**values: Any) -> Any:
        try:
            answer = view(**values)
        except SecondFactorNeeded:
            session[_NAME] = {"job": values["job_id"], "at": clock.now().isoformat(), "typed": _sent()}
            raise
        session.pop(_NAME, None)
        return answer

    return keeping


def find(job_id: str) -> dict[str, Any] | None:
    """Values for the forms' fields, or None where nothing waits for this job."""
    kept = session.get(_NAME)
    if not kept or kept["job"] != job_id or clock.now() - datetime.fromisoformat(kept["at"]) > WAITS:
        return None
    typed: dict[str, Any] = kept["typed"]
    return typed


def _sent() -> dict[str, Any]:
    """Only what the forms know: nothing else gets into the cookie."""
    found: dict[str, Any] = {}
    for field in (*VerifyForm(formdata=None), *RejectForm(formdata=None)):
        typed = request.form.get(field.name, "")[:_LONGEST] if field.type not in _NOT_KEPT else ""
        if typed:
            found[field.name] = True if isinstance(field, BooleanField) else typed
    return found
