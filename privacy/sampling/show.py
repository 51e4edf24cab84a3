"""What other pages of the room say about drawing: on a wipe's own page, on its certificate, and where a device is kept."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.i18n import N_
from privacy.sampling import marks, queries
from privacy.sampling.models import RecoveryTry, SampleCheck
from privacy.wipes.show import when

SHARED = N_("Operator and verifier signed in the same browser; the verifier signed in afresh with a second factor.")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence with its tone and, for those who may read more, the way on."""

    text: str
    tone: str
    href: str = ""
    way: str = ""


def of_job(job_id: str, *, staff: bool) -> list[Said]:
    """Was it drawn, what came out, was one computer used for both. `staff` get the ways on."""
    draw = queries.find_draw(g.db, job_id)
    said = [Said(_(SHARED), "neutral")] if marks.is_shared(g.db, job_id) else []
    if draw is not None and (staff or draw.drawn):
        words = _("Drawn for a recovery try by a third person.") if draw.drawn else _("Not drawn for a recovery try.")
        said.append(Said(words, "neutral", f"/sampling/draws/{draw.id}" if staff else "", _("How it was drawn")))
    return said + [_check(one, staff) for one in queries.checks_of(g.db, job_id)]


def _check(check: SampleCheck, staff: bool) -> Said:
    href = f"/sampling/checks/{check.id}" if staff else ""
    if check.state == "open" and not queries.is_within_reach(g.db, check):
        return Said(
            _("Its clearance ended before a third person could try to recover data."), "warn", href, _("The recovery try")
        )
    return Said(_outcome(check), {"open": "info", "clean": "good", "found": "bad"}[check.state], href, _("The recovery try"))


def _outcome(check: SampleCheck) -> str:
    if check.state == "found":
        return str(_("A third person tried to recover data and found some. The certificate was revoked."))
    if check.state == "clean":
        last = _last(check)
        return str(
            _(
                "A third person tried to recover data with another tool (%(tool)s) and found nothing, %(time)s.",
                tool=f"{last.tool} {last.version}",
                time=when(last.at),
            )
        )
    if check.mandatory:
        return str(_("It is checked once more: data was found after another wipe of that day. Until then it isn't on sale."))
    return str(
        _("A third person will try to recover data with another tool. Until then it is neither reserved, sold nor sealed.")
    )


def _last(check: SampleCheck) -> RecoveryTry:
    return queries.tries_of(g.db, check.id)[-1]


def of_certificate(clearance_id: str) -> list[Said]:
    """What a certificate's reader is told: the last word on its wipe."""
    return [_check(one, False) for one in queries.checks_on_clearance(g.db, clearance_id)][-1:]
