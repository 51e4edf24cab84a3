"""`flask readback …`: the same command among the house's own; its words go on unread."""

import click

from privacy.readback.cli import main


@click.command(
    "readback",
    help="Read a wiped medium back; keygen and prove for its station. --help after it tells all.",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def readback(words: tuple[str, ...]) -> None:
    raise SystemExit(main(words, "flask readback"))
