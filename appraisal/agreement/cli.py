"""`flask appraisers agreement` and `appeals`: how far appraisers agree and who was right, for scripts and the yearly report."""

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database


@click.group(cls=Group)
def appraisers() -> None:
    """Appraisers: how far they agree, and how often appeals changed a grade."""


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


@appraisers.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def appeals(as_json: bool) -> None:
    """How often appeals changed a grade, in total, by appraiser and by organisation; under five no rate. Exit 0."""
    from appraisal.appeals.figures import appeals_data, appeals_words, overturned

    with open_database() as session:
        data = appeals_data(session, overturned(session))
    answer(data, as_json, appeals_words(data))
