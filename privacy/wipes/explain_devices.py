"""What devices' own answers (nvme, hdparm, smartctl, openSeaChest, manage-bde, our station) are remarked on for, in words."""

from typing import Final

from core.i18n import N_

# label and which answer is the good one (None: only stated)
DEVICE_FINDINGS: Final[dict[str, tuple[str, bool | None]]] = {
    "byte_swapped": (N_("The letters of the medium's names are in the wrong order"), False),
    "command_failed": (N_("The device didn't answer one of the tool's questions"), None),
    "data_written_since": (N_("Data was written after the medium's own erase command"), False),
    "encoding_utf16": (N_("The file is encoded in UTF-16"), None),
    "in_progress": (N_("The erase or encryption was still running"), False),
    "masked_status": (N_("The file doesn't tell whether data was written since"), False),
    "media_verification_cancelled": (N_("The medium's check after its erase was cancelled"), None),
    "no_identity": (N_("The device told no name of its own"), False),
    "not_answered": (N_("A question to the device was not answered"), None),
    "placeholder_serial": (N_("The serial number identifies nothing"), False),
    "sanitize_frozen": (N_("The medium's own erase commands are locked"), None),
    "sanitize_supported": (N_("The medium has its own erase commands (SANITIZE)"), None),
    "security_left_on": (N_("The medium is still held by an ATA password"), False),
    "signer_unknown": (N_("Signed with a key that isn't known here"), False),
    "smart_failing": (N_("The medium says that it is about to fail"), None),
    "status_unheard": (N_("The medium's answer about its erase didn't arrive"), False),
    "unknown_output": (N_("The file holds an answer that this reader doesn't know"), None),
    "unknown_words": (N_("Words in the file that this reader doesn't know"), None),
    "unsigned": (N_("The station didn't sign this file"), None),
    "used_space_only": (N_("Only used space was encrypted"), False),
    "volume_encrypted": (N_("The volume is encrypted by BitLocker"), None),
}
