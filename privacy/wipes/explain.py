"""Codes of verdicts and findings in words: what the file shows, and what to do next."""

from typing import Final

from core.i18n import N_

AGAIN: Final = N_("Wipe the medium again with the right settings and attach the new log.")
# what to do next, by reason; the sentence itself stands beside the rules
REMEDIES: Final = {
    "verify_only": N_("Run a real wipe: a look at the medium writes nothing, although the log says Erased."),
    "aborted": N_("Start the wipe anew and let it finish."),
    "failed": N_("Look at the tool's messages. If the medium is broken it can't be wiped: remove and destroy it."),
    "errors": N_("Try once more with another cable or adapter. If errors stay, remove and destroy the medium."),
    "contradiction": N_("Attach the log exactly as the tool wrote it, of a new run."),
    "serial_mismatch": N_("Compare the serial on the medium's label: correct the inventory, or attach the right log."),
    "hidden_sectors": N_("Take away the hidden area (HPA or DCO) with hdparm, then wipe the whole medium again."),
    "too_few_passes": N_("Choose a method with enough passes, for hard disks DoD Short or more, and wipe again."),
    "no_random_pass": N_("Choose a method with a random pass, such as DoD Short, and wipe again."),
    "bytes_short": N_("The wipe has to reach the end of the medium. Wipe it again as a whole."),
    "not_verified": N_("Switch the tool's verification on (last pass or all passes) and wipe again."),
    "no_device": N_("Attach the log of a run that really wiped a medium."),
    "several_devices": N_("Wipe this medium alone, or so that each serial stands once in the log."),
    "no_serial": N_("Connect the medium directly (no USB adapter), so that the tool can read its serial, and wipe again."),
    "anonymised": N_("Run the tool without its quiet option: a hidden serial proves nothing."),
    "truncated": N_("Attach the whole log, copied after the tool had ended."),
    "capacity_unknown": N_("Use a version of the tool that writes the size of the medium into its log."),
    "method_unknown": N_("Use one of the tool's own methods: for this one it isn't known which passes are random."),
    "not_covered": N_("Attach a log of this medium."),
    "replayed": N_("A new wipe needs a new run of the tool."),
}
REPLAYED: Final = N_("This very file has proven this medium before; it can't prove it a second time.")

# label and which answer is the good one (None: only stated)
FINDINGS: Final[dict[str, tuple[str, bool | None]]] = {
    "ambiguous_rows": (N_("Rows of the table could be of more than one device"), False),
    "anonymised": (N_("The tool was told to hide serial numbers"), False),
    "block_errors_allowed": (N_("The tool was told to go on after write errors"), None),
    "contradiction": (N_("Lines of the file contradict each other"), False),
    "encoding_gbk": (N_("The file is encoded in GBK"), None),
    "exact_version": (N_("The tool's exact version"), None),
    "gap": (N_("Lines that the tool always writes are missing"), False),
    "hidden_sectors": (N_("Hidden sectors on the medium"), False),
    "insanity": (N_("The tool found its own state impossible"), False),
    "long_lines": (N_("Lines longer than the tool writes"), False),
    "mixed_line_ends": (N_("Mixed line ends: the file was edited or joined"), None),
    "nothing_wiped": (N_("The run ended before anything was wiped"), False),
    "serial_twice": (N_("One serial number stands for two devices"), False),
    "several_runs": (N_("The file holds several runs"), None),
    "solid_state": (N_("The tool says that it is a solid-state medium"), None),
    "terminal_codes": (N_("Terminal codes were taken out"), None),
    "time_zone": (N_("The zone of the file's times"), None),
    "unknown_method": (N_("A method this reader doesn't know"), False),
    "usb_bridge": (N_("A USB adapter stood between tool and medium"), None),
    "verify_only": (N_("The run only looked at the medium"), False),
}


def remedy(code: str) -> str:
    return REMEDIES.get(code, AGAIN)


def finding_words(code: str) -> tuple[str, bool | None]:
    return FINDINGS.get(code, (N_("Something else the reader noticed"), None))
