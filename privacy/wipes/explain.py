"""Codes of verdicts and findings in words."""

from typing import Final

from core.i18n import N_
from privacy.clearance.checklist_reasons import MARKS
from privacy.clearance.checklist_reasons import REASONS as OF_LISTS
from privacy.clearance.reasons import REASONS
from privacy.wipes.explain_devices import DEVICE_FINDINGS
from privacy.wipes.explain_reports import REPORT_FINDINGS

REPLAYED: Final = N_(
    "This very run of the tool was used before: for another medium, or for this one at an earlier time. "
    "Wipe the medium anew and attach the new file."
)
AT_HOME: Final = N_(
    "A seller has stated this run as a wipe made at home. It stays a statement, whoever brings the file. "
    "Wipe the medium anew at the bench and attach the new file."
)
AHEAD: Final = N_(
    "By the tool's clock it ended after the file was attached, which can't be. Set the clock of the machine that wipes, wipe the "
    "medium anew and attach the new file."
)
OWN_REASONS: Final = {"replayed": REPLAYED, "wiped_at_home": AT_HOME, "clock_ahead": AHEAD}

# label and which answer is the good one (None: only stated)
FINDINGS: Final[dict[str, tuple[str, bool | None]]] = {
    "ambiguous_rows": (N_("Rows of the table could be of more than one device"), False),
    "anonymised": (N_("The tool was told to hide serial numbers"), False),
    "block_errors_allowed": (N_("The tool was told to go on after write errors"), None),
    "clock_ahead": (N_("By the tool's clock it ran after the file was attached"), False),
    "clock_before_job": (N_("By the tool's clock it ran before this job"), False),
    "clock_before_version": (N_("By the tool's clock it ran before its version was published"), False),
    "contradiction": (N_("Lines of the file contradict each other"), False),
    "encoding_gbk": (N_("The file is encoded in GBK"), None),
    "exact_version": (N_("The tool's exact version"), None),
    "gap": (N_("Lines that the tool always writes are missing"), False),
    "hidden_sectors": (N_("Hidden sectors on the medium"), False),
    "insanity": (N_("The tool found its own state impossible"), False),
    "long_lines": (N_("Lines longer than the tool writes"), False),
    "mixed_line_ends": (N_("Mixed line ends: the file was edited or joined"), None),
    "never_wiped": (N_("According to the file, a medium was never wiped"), False),
    "nothing_wiped": (N_("The run ended before anything was wiped"), False),
    "sanitize": (N_("The medium's own erase command (SANITIZE) was run and reported success"), None),
    "sanitize_failed": (N_("The medium's own erase command (SANITIZE) was run and failed"), False),
    "serial_twice": (N_("One serial number stands for two devices"), False),
    "several_runs": (N_("The file holds several runs"), None),
    "solid_state": (N_("The tool says that it is a solid-state medium"), None),
    "terminal_codes": (N_("Terminal codes were taken out"), None),
    "time_zone": (N_("The zone of the file's times"), None),
    "unknown_state": (N_("An outcome this reader doesn't know"), False),
    "unknown_method": (N_("A method this reader doesn't know"), False),
    "usb_bridge": (N_("A USB adapter stood between tool and medium"), None),
    "version_unknown": (N_("The tool's version is not one that this reader knows"), False),
    "verify_only": (N_("The run only looked at the medium"), False),
    **REPORT_FINDINGS,
    **DEVICE_FINDINGS,
}


def finding_words(code: str) -> tuple[str, bool | None]:
    if code in MARKS:
        return MARKS[code], None
    return FINDINGS.get(code, (N_("Something else the reader noticed"), None))


def sentence(code: str) -> str:
    """What a reason's code says, with the way on (English for gettext)."""
    return OWN_REASONS.get(code) or REASONS.get(code) or OF_LISTS.get(code, code)
