"""The key of a keyed last pass: given at the bench, downloaded by who writes the pass and by who checks it."""

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _

from core.access import needs
from core.doing import doing, done
from core.errors import Forbidden, NotFound
from core.goods.models import StorageMedium
from privacy.devices.access import OnBench, load_on_bench
from privacy.looks import patterns, queries
from privacy.looks.views import blueprint
from privacy.wipes.views.parts import again


@blueprint.post("/wipes/<job_id>/media/<medium_id>/pattern")
@needs("privacy:pattern:give", on=load_on_bench)
def give_pattern(one: OnBench) -> object:
    job_id, medium_id = one.job.id, one.medium.id
    with doing() as w:
        patterns.give(w, again(w, job_id), w.session.get_one(StorageMedium, medium_id))
    said = _("Here is the key. Write its keystream as the last pass, after the tool has finished.")
    return done(said, f"/wipes/{job_id}/bench#media")


@blueprint.get("/wipes/<job_id>/media/<medium_id>/pattern.key")
@needs("privacy:pattern:read", on=load_on_bench)
def pattern_key(one: OnBench) -> Response:
    """The key itself, for the tools of operator and verifier; every download is on record."""
    job_id, medium_id = one.job.id, one.medium.id
    if one.job.owner_id == g.visitor.account_id:
        raise Forbidden()
    with doing() as w:
        row = queries.find_pattern(w.session, job_id, medium_id)
        if row is None:
            raise NotFound()
        text, name = patterns.opened(w, row), row.key_id
    answer = Response(text + "\n", mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.key"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
