"""Findings that only the readers of reports and of phones make, in words: label and which answer is the good one."""

from typing import Final

from core.i18n import N_

REPORT_FINDINGS: Final[dict[str, tuple[str, bool | None]]] = {
    "account_history": (N_("Accounts were added to the phone since its last reset"), None),
    "accounts": (N_("Accounts are signed in on the phone"), False),
    "activated": (N_("The phone is activated"), None),
    "after_reset": (N_("The phone stands before its first set-up"), None),
    "boot_locked": (N_("The phone's bootloader is locked"), True),
    "brick_state": (N_("The phone waits to be activated"), None),
    "device_provisioned": (N_("The phone's set-up was gone through"), None),
    "emulator": (N_("An emulator answered, not a phone"), False),
    "encrypted": (N_("The phone's storage is encrypted"), True),
    "erase_not_executed": (N_("The file lists erase commands that its tool never ran"), False),
    "esim": (N_("An eSIM was set up on the phone"), False),
    "factory_reset_marker": (N_("The phone's own mark of a factory reset"), None),
    "firmware_erase": (N_("An erase command of the drive's own was used; which one isn't said"), None),
    "frp_supported": (N_("The phone has factory reset protection"), None),
    "imei_check_digit": (N_("An IMEI in the file has a wrong check digit"), False),
    "io_retries": (N_("Reading or writing had to be repeated"), None),
    "listed_as_stolen": (N_("The report lists the phone as lost or stolen"), False),
    "os_version": (N_("The version of the phone's system"), None),
    "partial_range": (N_("Only a part of the medium was to be wiped"), False),
    "sd_card": (N_("A memory card is in the phone"), False),
    "secure_frp_mode": (N_("Factory reset protection asks for the old account"), False),
    "signature_not_checked": (N_("The report carries a signature that can't be checked here"), None),
    "sim_inserted": (N_("A SIM card is in the phone"), False),
    "stated_only": (N_("The file states an erasure of which it tells no step"), False),
    "suspicious_activation": (N_("The phone is activated in a way that no ordinary phone is"), False),
    "unsigned_report": (N_("Nobody has signed the report: anyone could have written it"), None),
    "user_setup_complete": (N_("The user's own set-up was finished"), None),
    "verified_boot": (N_("The phone started a system that its maker signed"), True),
}
