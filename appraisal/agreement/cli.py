"""`flask appraisers agreement`: how far appraisers agree, for scripts and the yearly report."""

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database


@click.group(cls=Group)
def appraisers() -> None:
    """Appraisers: how far they agree."""


@appraisers.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def agreement(as_json: bool) -> None:
    """Weighted kappa and Krippendorff's alpha, between, within and against the standard. Exit 0, also with nothing to compare."""
    from appraisal.agreement import figures, queries
    from appraisal.agreement.shape import agreement_data, agreement_words

    with open_database() as session:
        data = agreement_data(figures.agreements(session), figures.checks(session), queries.counts(session))
    answer(data, as_json, agreement_words(data))
