"""What `flask value refit | import | forget` do in this house's database."""

from flask.cli import with_appcontext

from appraisal.prices import actions
from appraisal.prices.importing import bring_in
from appraisal.prices.models import PriceFit, SalesImport
from core import clock
from core.commands.output import answer, open_database, refuse
from core.csv_files import BadFile
from core.work import Actor, work

CONSOLE = Actor("system:console")


@with_appcontext
def refit_now(as_json: bool) -> None:
    """Fit and tell what came of it; exit 1 where the sales are too few for a model."""
    with open_database() as session:
        fit_id, new = actions.refit(session, CONSOLE, clock.now())
        fit = session.get_one(PriceFit, fit_id)
        told = {
            "fit": fit.id, "new": new, "as_of": fit.day, "digest": fit.digest or None, "sales": fit.sales,
            "imported": fit.imported, "models": fit.models, "left_out": fit.left_out,
        }  # fmt: skip
    said = f"{told['sales']} sales of {told['models']} models, {told['imported']} from elsewhere, as of {told['as_of']}"
    answer(told, as_json, f"{said}: {told['digest'] or 'too few for prices'}{'' if new else ' (nothing new)'}")
    if not told["digest"]:
        raise SystemExit(1)


@with_appcontext
def bring_in_file(name: str, raw: bytes, source: str, as_json: bool) -> None:
    with open_database() as session:
        try:
            with work(session, CONSOLE, clock.now()) as w:
                found = bring_in(w, raw, source)
        except BadFile as no:
            refuse("bad_data", f"{name}: {no}")
    told = {"import": found.id, "sales": found.sales, "left_out": dict(found.left_out), "new": found.new}
    left = "".join(f"; left out: {count} ({reason})" for reason, count in found.left_out.items())
    again = "" if found.new else "; this file was brought in before"
    answer(told, as_json, f"{found.id}: {found.sales} sales{left}{again}. The night learns from them, or `value refit` now.")


@with_appcontext
def forget_import(import_id: str, as_json: bool) -> None:
    with open_database() as session, work(session, CONSOLE, clock.now()) as w:
        one = w.session.get(SalesImport, import_id)
        if one is None:
            refuse("unknown_import", f"there is no import {import_id[:40]}")
        told = {"import": one.id, "sales": one.sales}
        actions.forget(w, one)
    answer(told, as_json, f"{told['sales']} sales of {told['import']} are taken back")
