"""Each reason of a verdict in a sentence for people, with the way on. Plain English msgids; Chinese in
evidence.po."""

from core.i18n import N_
from privacy.clearance.rules import FAILS, UNKNOWNS

REASONS: dict[str, str] = {
    "verify_only": N_(
        "The tool only looked at the medium and wrote nothing, although it says “Erased”. "
        "Run a wiping method."
    ),
    "aborted": N_("The wipe was stopped before it was finished. Wipe the medium again from the beginning."),
    "failed": N_(
        "The tool reports that the wipe failed. "
        "Wipe the medium again; if it fails once more, remove and destroy it."
    ),
    "errors": N_(
        "Errors occurred while the medium was written or read. "
        "Wipe it again; if errors remain, remove and destroy it."
    ),
    "contradiction": N_(
        "The file contradicts itself and can't be used. "
        "Send the log exactly as the tool wrote it, or wipe again."
    ),
    "serial_mismatch": N_(
        "The file is about another medium. Find the log with this medium's serial number, or wipe this one."
    ),
    "hidden_sectors": N_(
        "The medium has hidden sectors that were not wiped. "
        "Make them visible with the drive's own commands, then wipe again."
    ),
    "too_few_passes": N_(
        "The medium was overwritten fewer times than the profile asks for. "
        "Wipe it again with a method of enough passes."
    ),
    "no_random_pass": N_(
        "None of the passes wrote random data, which the profile asks for. "
        "Wipe it again with a method that does."
    ),
    "bytes_short": N_("Not every pass reached the end of the medium. Wipe the whole medium again."),
    "not_verified": N_("The result was not verified by the tool. Wipe again with verification switched on."),
    "read_from_memory": N_(
        "What the tool read back came faster than this medium can be read, so it came from the computer's memory. "
        "Wipe again with nwipe 0.40 or newer, which reads past the memory."
    ),
    "no_device": N_("The file names no medium. Send the log of the run that wiped it."),
    "several_devices": N_(
        "More than one row could be this medium. "
        "Name its serial number, or send a log of this medium's last run only."
    ),
    "no_serial": N_(
        "The file has no usable serial number of the medium, so it can't be tied to it. "
        "Connect the drive directly, without an adapter, and wipe again."
    ),
    "anonymised": N_(
        "The serial number was hidden by the tool's quiet option. Wipe again without that option (-q)."
    ),
    "truncated": N_(
        "The file is cut off or lines are missing. Send the whole log; if there is none, wipe again."
    ),
    "kind_untold": N_(
        "The file doesn't say whether the medium is a magnetic disk or flash, and for a disk this wipe wouldn't do. "
        "Attach what smartctl -x -j or the station tool reads from it, or let a verifier look at it."
    ),
    "capacity_unknown": N_(
        "The file doesn't say how large the medium is or how much was written. "
        "Enter the medium's native size, or wipe again."
    ),
    "hidden_unknown": N_(
        "The tool couldn't tell whether the medium has hidden sectors. "
        "Connect the drive directly, without an adapter, and wipe again, or attach the station's file with the drive's "
        "native size."
    ),
    "method_unknown": N_(
        "The wiping method isn't known to this program, so its passes can't be judged. "
        "Wipe again with a known method."
    ),
    "never_wiped": N_(
        "The medium reports that it was never wiped by its own command. Start the wipe and attach the file afterwards."
    ),
    "data_written_since": N_(
        "Data was written to the medium after it was wiped. Wipe it again, and don't start it from this medium in between."
    ),
    "technique_insufficient": N_(
        "What was done to the medium isn't enough for the profile. "
        "Read in the profile which ways are accepted for this medium, and wipe it again."
    ),
    "medium_mismatch": N_(
        "The file says that this is another kind of medium than was entered. "
        "If the entry is wrong, end this job and enter the medium anew in a new one."
    ),
    "security_left_on": N_(
        "A drive password is still set on the medium. Remove it with the drive's own command and read its state again."
    ),
    "version_unknown": N_(
        "The tool's version isn't known to this program, so its words can't be trusted. Wipe again with a known version."
    ),
    "in_progress": N_("The wipe was still running when the file was written. Wait for its end and read the state again."),
    "erasure_unconfirmed": N_(
        "The file doesn't say whether data was written after the wipe. Read the medium's state again with a newer tool."
    ),
    "not_a_wipe": N_(
        "The file tells how the medium is, not that it was wiped. Attach the file of the wipe as well."
    ),
    "statement_only": N_(
        "An unsigned report is only a statement: anybody can write one. Wipe the medium with a tool whose log can be read here."
    ),
    "format_unproven": N_(
        "No real file of this format has been read here yet, so it counts as a statement only. Use a tool whose log is known."
    ),
    "not_covered": N_("No evidence was brought for this medium. Every medium of a device needs its own."),
}

if set(REASONS) != {*FAILS, *UNKNOWNS}:
    raise RuntimeError("every reason needs its sentence, and every sentence its reason")


def sentence(code: str) -> str:
    """The sentence for a reason code. Raises KeyError for a code that doesn't exist."""
    return REASONS[code]
