"""The demo page's own sections: the ten steps of the walk, and the real logs that no device has used yet."""

from flask import Blueprint, g, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import public
from core.errors import NotFound
from core.i18n import N_
from core.people.demo import Row, Section, find_demo_people
from core.web import config
from market.demo.logs import Log, find_log, unused_logs

MEDIA = {"magnetic": N_("Magnetic (hard disk)"), "semiconductor": N_("Semiconductor (solid-state drive)")}
STEPS = (
    ("Alice", N_("Sells a laptop at “Sell”: photo first, then model, serial number and the storage with one of the "
                 "serials below, then price and place. A coat goes the same way and is on sale at once.")),
    ("Alice", N_("Opens the laptop under “My things” and asks for the wipe: reads it, ticks every box, agrees, "
                 "and books a slot at a point.")),
    ("Wang", N_("Takes the job to the wiping bench, counts the media and attaches the log of that serial from below.")),
    ("Wang", N_("Reads what the log proves: the rule set judges it, nobody can make it pass. Try a log of another "
                "serial first. Then signs the wipe.")),
    ("Zhao", N_("Shows the second factor, checks with own eyes, and accepts: clearance and certificate are there.")),
    ("Wei", N_("Only if the certificate says that the wipe was drawn (one in five here): a third person, of the other shop, "
               "tries to recover data at “Recovery tries”; till then it isn't reserved.")),
    ("Li", N_("Answers the check-list of the laptop and signs: it has a grade with reasons.")),
    ("Alice", N_("Puts the laptop on sale. Before step 5 the house refuses, even to its own database.")),
    ("Bob", N_("Finds it: try a Chinese word, an English one, a filter.")),
    ("Bob", N_("Reserves it, meets Alice, answers the check in person on his phone, pays in cash and shows his receipt "
               "code; Alice types it.")),
    ("Ines", N_("Shows the second factor, looks up the certificate by number or serial, reads the chain of events and "
                "verifies the log.")),
)  # fmt: skip
blueprint = Blueprint("demo_evidence", __name__)


def walk(session: Session) -> Section:
    """Steps 1 to 10 for a stranger: who does what."""
    names = {one.name.rpartition("(")[2].rstrip(")"): one.name for one in find_demo_people(session)}
    rows = [Row((names.get(who, who), _(text))) for who, text in STEPS]
    return Section(
        title=_("The walk, step by step"),
        text=_("Be the person named, do the step, come back here for the next one."),
        headers=(_("Person"), _("What to do")), rows=rows, numbered=True,
    )  # fmt: skip


def unused(session: Session) -> Section:
    """The logs to try it with, by the manifest."""
    return Section(
        title=_("Real wipe logs that no device has used yet"),
        text=_("Each is the genuine file of one run of nwipe on an emulated disk of 64 MiB: small, so that a run takes seconds. "
               "Register a device with the serial, then attach its file."),
        headers=(_("Serial number"), _("Kind of storage"), _("Model"), _("True capacity")),
        rows=[_row(log) for log in unused_logs(session)],
    )  # fmt: skip


def _row(log: Log) -> Row:
    size = _("%(mib)s MiB (%(bytes)s bytes), an emulated disk", mib=log.capacity_bytes >> 20, bytes=log.capacity_bytes)
    return Row(
        (log.serial, _(MEDIA[log.medium]), log.model, size),
        copies=((_("Serial number"), log.serial),),
        links=((_("Download the log"), url_for("demo_evidence.download", file=log.file)),),
    )


@blueprint.get("/demo/evidence/<file>")
@public
def download(file: str) -> Response:
    """A log by its name in the manifest, in a demonstration only. Raises NotFound for anything else."""
    log = find_log(file)
    if log is None or config().production or not find_demo_people(g.db):
        raise NotFound()
    answer = Response(log.raw, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{log.file}"'
    return answer
