"""What must be ticked, looked at and decided in a wipe. Pure: codes with their sentences."""

from collections.abc import Iterable, Mapping
from typing import Final

from core.i18n import N_

# what the owner does before the wipe: one unticked box each
TICKS: Final = {
    "backup": N_("I have copied everything I want to keep."),
    "final": N_("I know that the wipe can't be undone."),
    "accounts": N_("I have signed out of my accounts and switched off the finder and locks (Find My, BitLocker, BIOS)."),
    "cards": N_("I have taken out memory cards, SIM cards and USB sticks."),
    "chats": N_("I have saved or moved my chat history (WeChat keeps it on this device only)."),
    "wallet": N_("I have moved transit cards, door cards, eSIM and wallet."),
    "watch": N_("I have unpaired my watch, earphones and car."),
}
# what an owner may agree to besides, where the category's card has powered tests before the wipe
POWER_TEST: Final = "power_test"
MAY_BE_TESTED: Final = N_(
    "It may be switched on and tested before the wipe, at the counter, unlocked by me in person. No content of mine is opened."
)
# every device is asked these; a computer keeps chats, too; what goes along in a pocket is asked everything
BASE_TICKS: Final = ("backup", "final", "accounts", "cards")
COMPUTER_TICKS: Final = (*BASE_TICKS, "chats")
COMPUTERS: Final = frozenset({"laptop", "desktop"})
POCKET: Final = frozenset({"phone", "tablet", "wearable"})
# whose data may be on it: the last two are a hard stop (GB 46864 leaves state-secret devices out [press])
ORIGINS: Final = {
    "private": N_("My own, or my family's"),
    "business": N_("A business's, and I may have it wiped and sold"),
    "public_body": N_("A public body's or an institution's asset"),
    "state_secret": N_("It has held state secrets or is marked as classified"),
}
STOPS: Final = {
    "public_body": N_(
        "Devices of public bodies are not taken in here: they are disposed of through the body's own asset office. "
        "Please take it back there. Nothing was wiped, and the refusal is on record."
    ),
    "state_secret": N_(
        "Devices that have held state secrets are never taken in, wiped or sold here. Hand it to your unit's secrecy "
        "office (the state secrets administration names licensed destruction centres). The refusal is on record."
    ),
}
# what the verifier has done with own eyes and hands
CHECKS: Final = {
    "serial": N_("I read the device's serial number myself, and it equals the registered one."),
    "media": N_("I checked how many storage media are inside and of which kind; the inventory is complete and right."),
    "log": N_("I have read the tool's file myself; it is of these media."),
    "start": N_("I switched the device on: it shows the set-up screen or finds no system."),
    "accounts": N_("No account, finder, firmware password or lock asks for its former owner."),
    "slots": N_("Nothing is left in card slots, trays and drives."),
}
# what the third person has done before a wipe is confirmed
CONFIRMS: Final = {
    "read": N_("I have read the files or the list, and what the verifier found."),
    "seen": N_("I have the device itself before me and have looked at it."),
}
# what a computer's former owner may have left on; phones and the like are asked by their check-lists
LOCKS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "laptop": ("find_my", "firmware", "enrolment"),
    "desktop": ("find_my", "firmware", "enrolment"),
}
LOCK_STATES: Final = ("off", "on", "unknown")
REJECTIONS: Final = {
    "serial_differs": N_("The serial number is not the registered one."),
    "medium_missed": N_("There is a storage medium that the inventory doesn't know."),
    "medium_kind": N_("A medium is of another kind than the inventory says."),
    "lock": N_("An account or a lock still asks for its former owner."),
    "data_found": N_("There is still data on it."),
    "file_doubtful": N_("The tool's file is doubtful."),
    "damaged": N_("The device can't be checked: it doesn't start or is damaged."),
}
KEPT: Final = {
    "at_point": N_("It stays here at the point"),
    "sealed_bag": N_("It goes back to its owner in a sealed bag"),
}
GIVE_UPS: Final = {
    "unwipeable": N_("A medium can't be wiped as the rules ask."),
    "broken": N_("A medium is broken or can't be reached."),
    "owner_wish": N_("The owner asked to stop."),
}
REVOCATIONS: Final = {
    "file_forged": N_("The tool's file turned out to be forged or of another device."),
    "verifier_error": N_("The verification was wrong or not done properly."),
    "data_found": N_("Data of a former owner was found on the device."),
    "inspection": N_("An inspection ordered it."),
}


def ticks_for(category: str) -> tuple[str, ...]:
    """Which boxes the owner of a device of this category is asked, in order."""
    if category in POCKET:
        return tuple(TICKS)
    return COMPUTER_TICKS if category in COMPUTERS else BASE_TICKS


def unticked(ticks: Mapping[str, bool], asked: Iterable[str] = BASE_TICKS) -> list[str]:
    """Which of the owner's boxes are missing, in order."""
    return [code for code in asked if not ticks.get(code)]


def locks_of(category: str) -> tuple[str, ...]:
    """Which account locks are read before and after the wipe of such a device, where no check-list asks for them."""
    return LOCKS_OF.get(category, ())


def unchecked(checks: Iterable[str]) -> list[str]:
    """Which of the verifier's checks are missing, in order."""
    done = set(checks)
    return [code for code in CHECKS if code not in done]


def may_confirm(operator_id: str | None, owner_id: str, attached_by: Iterable[str], verifier_id: str, person: str) -> str | None:
    """Why this person may not confirm what a verifier has accepted, or None: a third person, always."""
    if person == verifier_id:
        return "validator_verified"
    why = may_verify(operator_id, owner_id, attached_by, person)
    return why and why.replace("verifier_", "validator_")


def may_verify(operator_id: str | None, owner_id: str, attached_by: Iterable[str], verifier_id: str) -> str | None:
    """Why this person may not verify this job, or None. Another hand, always (R2v3 Appendix B [press]; HKSAR guide [seen])."""
    if verifier_id == owner_id:
        return "verifier_owns"
    if verifier_id == operator_id or verifier_id in set(attached_by):
        return "verifier_wiped"
    return None
