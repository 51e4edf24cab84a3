"""Reads logs of nwipe and ShredOS, versions 0.30 to 0.42, as written by `--logfile` or captured from its
output."""

import re

from core.i18n import N_
from privacy.evidence.model import DeviceRow, Evidence, Finding, Unreadable
from privacy.evidence.readers.nwipe_case import cases
from privacy.evidence.readers.nwipe_core import core
from privacy.evidence.readers.nwipe_device_checks import device_findings
from privacy.evidence.readers.nwipe_notes import notes_in
from privacy.evidence.readers.nwipe_plan import version_of
from privacy.evidence.readers.nwipe_rows import row_of
from privacy.evidence.readers.nwipe_run_checks import run_findings, together_findings
from privacy.evidence.readers.nwipe_runs import Run, sort_runs
from privacy.evidence.readers.nwipe_versions import version_findings
from privacy.evidence.readers.text import Text

FORMAT = "nwipe-log"
MOST_DEVICES = 1000  # over all runs in the file
PARSER = "nwipe 3"  # raise the number whenever the same file could be read differently

_STAMPED = r"\[[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}\] {1,4}[a-z]{4,7}: "
_OWN_WORDS = re.compile(
    _STAMPED + r"(?:  banner {1,9}= nwipe |Program options are set as follows|Invoking method '|Nwipe "
    r"|Found /dev/\S{1,200}, .*S/N=|Starting (?:round|pass) |nwipe [0-9])"
)


def recognises(text: Text) -> bool:
    """Does any line speak in nwipe's own words?"""
    return any(line[:1] == "[" and _OWN_WORDS.match(line) for line in text.lines)


def _read_run(run: Run) -> tuple[list[DeviceRow], list[Finding]]:
    found = cases(run)
    findings = [*run_findings(run), *version_findings(run), *together_findings(run, found)]
    for case in found:
        findings += device_findings(case)
    return [row_of(case, core(case)) for case in found], findings


def _about_options(run: Run) -> list[Finding]:
    """The version is what the tool calls itself, and its times have no zone: neither is known better."""
    findings = []
    for code, option in (("exact_version", "banner"), ("time_zone", "options")):
        lines = tuple(event.line for event in run.options.get(option, [])[:1])
        findings.append(Finding(code=code, value=None, lines=lines))
    allowed = run.options.get("block_errors_allowed", [])
    if allowed:
        findings.append(Finding(code="block_errors_allowed", value=True, lines=(allowed[0].line,)))
    return findings


def _counted(runs: list[Run]) -> list[Run]:
    if sum(max(1, len(run.jobs)) for run in runs) > MOST_DEVICES:
        raise Unreadable(
            "too_many_devices",
            N_("The file names more than %(limit)s devices. Send the log of one run only."),
            {"limit": MOST_DEVICES},
        )
    return runs


def read(text: Text, sha256: str) -> Evidence:
    """The whole file. Raises Unreadable for more devices than any house has."""
    runs = _counted(sort_runs(text.lines))
    rows: list[DeviceRow] = []
    findings = list(text.findings)
    for run in runs:
        some_rows, some_findings = _read_run(run)
        rows += some_rows
        findings += [*_about_options(run), *some_findings]
    if len(runs) > 1:
        findings.append(Finding(code="several_runs", value=True))
    versions = {version_of(run) for run in runs}
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="nwipe",
        tool_version=versions.pop() if len(versions) == 1 else None,
        complete=not any(finding.code in ("gap", "long_lines") for finding in findings),
        devices=tuple(rows),
        findings=tuple(findings),
        kind="run",
        texts=notes_in(text.lines),
    )
