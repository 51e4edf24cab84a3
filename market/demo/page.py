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
from market.demo.logs import Log, find_file, unused_logs

MEDIA = {"magnetic": N_("Magnetic (hard disk)"), "semiconductor": N_("Semiconductor (solid-state drive)")}
STEPS = (
    ("Alice", N_("Sells a laptop at “Sell”: photo first, then model, serial number and the storage with one of the "
                 "serials below, then price and place. A coat goes the same way and is on sale at once.")),
    ("Alice", N_("Opens the laptop under “My things” and asks for the wipe: reads it, ticks every box, agrees, "
                 "books a slot at West Lake Second-hand, and copies the drop-off code.")),
    ("Wang", N_("At “Wipes”, “Take in a device”: types the drop-off code, takes the device to the bench, counts the media, reads "
                "the account locks and attaches the log of that serial from below.")),
    ("Wang", N_("Reads what the log proves: the rule set judges it, nobody can make it pass. Try a log of another "
                "serial first. Then signs the wipe.")),
    ("Zhao", N_("Opens it at “Wipes”, checks with own eyes, types the last four of the serial number, adds a photo (any will do "
                "here), ticks that the counters can't be read (the disks here are emulated), and accepts: clearance and "
                "certificate are there. A real verifier shows the second factor first; the button here has done that.")),
    ("Wei", N_("Only if the certificate says that the wipe was drawn (one in five here): Wang first hands the device on to "
               "Gongshu, under “Who holds it”. There a third person tries to recover data at “Recovery tries”, with a photo and "
               "a report that names the disk's serial (below), and hands the device back; till then it isn't reserved.")),
    ("Li", N_("Answers the check-list of the laptop at “Appraisals” and signs: it has a grade with reasons.")),
    ("Alice", N_("Puts the laptop on sale. Before step 5 the house refuses, even to its own database.")),
    ("Bob", N_("Finds it: try a Chinese word, an English one, a filter.")),
    ("Bob", N_("Reserves and orders it, meets Alice, answers the check in person on his phone, pays in cash and shows his "
               "receipt code; Alice types it.")),
    ("Wang", N_("At “Give out”: opens the order, types the same receipt code and hands out the laptop that the shop has kept.")),
    ("Ines", N_("At “Inspection”: looks up the certificate by number or serial, reads the chain of events and verifies "
                "the log.")),
)  # fmt: skip
blueprint = Blueprint("demo_evidence", __name__)


def walk(session: Session) -> Section:
    """Steps 1 to 10 for a stranger: who does what."""
    people = {one.name.rpartition("(")[2].rstrip(")"): one for one in find_demo_people(session)}
    rows = [Row((people[who].name, _(text)), person=people[who].id) for who, text in STEPS if who in people]
    return Section(
        title=_("The walk, step by step"),
        text=_("Press the button of a step to be that person, do it, and come back here for the next one."),
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
        links=(
            (_("Download the log"), url_for("demo_evidence.download", file=log.file)),
            *(((_("What it is made of"), url_for("demo_evidence.download", file=log.kind_file)),) if log.kind_file else ()),
        ),
    )


@blueprint.get("/demo/evidence/<file>")
@public
def download(file: str) -> Response:
    """A log by its name in the manifest, in a demonstration only. Raises NotFound for anything else."""
    raw = find_file(file)
    if raw is None or config().production or not find_demo_people(g.db):
        raise NotFound()
    answer = Response(raw, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer
