"""For the demonstration: a made-up report for each recovery try that waits, so that the third person can play that step."""

from flask import Blueprint, g, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import public
from core.errors import NotFound
from core.goods.intake import serial_of
from core.people.demo import Row, Section, find_demo_people
from core.web import config
from privacy.sampling import figures
from privacy.sampling.queries import get_check
from privacy.wipes.queries import get_item, present_media
from privacy.wipes.show import title_of

blueprint = Blueprint("demo_tries", __name__)
REPORT = """Made up for the demonstration. No tool has written this, and it proves nothing.

PhotoRec 7.2, Data Recovery Utility
{media}
Search for known headers over the whole medium: 0 files found, 0 files recovered.
"""


def waiting(session: Session) -> Section:
    """The tries that wait, each with a report to attach."""
    return Section(
        title=_("Reports for a recovery try"),
        text=_("Made up, with the serial numbers that such a report has to name. Attach one at “Recovery tries”, as a person of "
               "another shop than the one that wiped, with any photo."),
        headers=(_("Wipe"), _("Device")),
        rows=[
            Row(
                (one.job.number, title_of(get_item(session, one.job.item_id))),
                links=((_("Download the report"), url_for("demo_tries.report", check_id=one.check.id)),),
            )
            for one in figures.due(session) if one.reachable
        ],
    )  # fmt: skip


@blueprint.get("/demo/tries/<check_id>.txt")
@public
def report(check_id: str) -> Response:
    """Raises NotFound outside a demonstration."""
    if config().production or not find_demo_people(g.db):
        raise NotFound()
    media = present_media(g.db, get_check(g.db, check_id).item_id)
    lines = "\n".join(f"Disk {one.model or one.kind}, S/N {serial_of(one)}" for one in media)
    answer = Response(REPORT.format(media=lines), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="photorec-{check_id[-6:]}.txt"'
    return answer
