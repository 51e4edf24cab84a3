"""Each reason of a check-list's verdict in a sentence for people, with the way on. English msgids; Chinese in checklists.po."""

from core.i18n import N_
from privacy.clearance.checklist_rules import FAILS, GROUNDS, NOTES, UNKNOWNS

REASONS: dict[str, str] = {
    "passcode_seen": N_(
        "A passcode was asked for, written down or kept, which is never done here. "
        "Destroy what was written, tell the owner to change it wherever else it is used, and begin the list anew."
    ),
    "not_encrypted": N_(
        "The storage isn't known to be encrypted, so a reset alone leaves data behind. "
        "Take the other list for this kind of device, or wipe it with a tool."
    ),
    "bootloader_unlocked": N_(
        "The device starts software that isn't its maker's own, so what it says of itself can't be relied on. "
        "Put the maker's software back and lock it, then begin the list anew."
    ),
    "key_kept": N_("A recovery key is kept elsewhere. Its owner deletes it there; then read it again."),
    "find_my_on": N_(
        "Find My or Activation Lock is on. The owner signs out and removes the device on the own account; "
        "then read it again and begin the list anew."
    ),
    "frp_on": N_(
        "Factory reset protection still asks for the former account. The owner signs in once more, removes the account, "
        "and the device is reset from within its settings."
    ),
    "account_on": N_("An account of the former owner is still on it. The owner signs out of it; then go on."),
    "maker_lock_on": N_(
        "The maker's account lock is on. The owner signs out of that account and switches its finder off, then it is reset again."
    ),
    "factory_activated": N_(
        "The activation state isn't that of an erased device, which is suspicious. "
        "Read it again from a computer; if it stays, give the device back and tell the platform."
    ),
    "managed": N_("An organisation manages this device. It has to release it first; ask the owner for that organisation's word."),
    "enrolled": N_("The device is enrolled by an organisation. It has to take it off its list first."),
    "firmware_locked": N_("A firmware password or theft module is on. Who set it switches it off; then read it again."),
    "cloud_bound": N_("The device is still bound to an account in the cloud. The owner unbinds it there; a reset doesn't."),
    "still_paired": N_("Another device is still paired with it. The owner unpairs it first."),
    "wallet_left": N_("Bank, transit or door cards are still in its wallet. The owner removes them first."),
    "sim_left": N_("A SIM card is still in it. Take it out and give it back to the owner."),
    "esim_left": N_("An eSIM is still in it. Delete it as a step of its own: a reset may keep it."),
    "card_left": N_(
        "A memory card is still in it. Enter it as a medium of its own and wipe it with a tool, or take it out with a photo."
    ),
    "disk_left": N_(
        "A disk inside isn't entered yet. Enter it as a medium of its own and wipe it with a tool, or take it out and destroy it."
    ),
    "memory_not_cleared": N_(
        "Its own memory isn't cleared yet (address book, stored jobs, networks). Clear it by the maker's menu."
    ),
    "reset_not_done": N_("The reset isn't done to the end. Do it as the list says."),
    "fill_not_done": N_("The user space wasn't filled after the reset. Fill it at least once and reset again."),
    "second_reset_not_done": N_("The last step of the wipe is missing. Do it as the list says, then look at the screen again."),
    "not_as_new": N_("It doesn't look as a cleared device does. Reset it again; if it stays, remove and destroy its storage."),
    "other_device": N_("The number on the device isn't the registered one. Find out which device this is before anything else."),
    "read_too_late": N_(
        "Something that can only be read before the wipe was written down after it had begun. "
        "Set the device up without an account, read it, wipe it once more, and begin the list anew."
    ),
    "no_declaration": N_(
        "No declaration of its maker is on record that the own reset of this model meets the standard, "
        "so it can't be listed for now. Read the ways on."
    ),
    "declared_other_system": N_(
        "Its maker's declaration is for other system versions. Bring the system up to date if its maker offers that, "
        "read the version and begin the list anew."
    ),
    "step_unanswered": N_("A question of the list is unanswered. Answer it."),
    "step_unknown": N_("A step couldn't be told. Look again or ask a colleague: not known is never a pass."),
    "lock_unknown": N_("A lock couldn't be read. Read it as the list says: not known is never off."),
    "photo_missing": N_("A photo that the list asks for is missing. Take it."),
    "challenge_photo_missing": N_(
        "The photo of the screen with the challenge code is missing. Take it: it shows that the list is of this device and day."
    ),
    "system_unread": N_(
        "The system version wasn't read, so nobody can tell whether the maker's declaration covers it. "
        "Read it off the device before the wipe."
    ),
    "platform_not_covered": N_(
        "The rule set has no row for a check-list on this platform. Wipe it with a tool and attach its log, "
        "or remove and destroy the storage."
    ),
}
# what is noticed beside a verdict: label of the finding
MARKS: dict[str, str] = {
    "list": N_("Walked through by a check-list"),
    "relies_on_maker": N_("Relies on its maker's declaration"),
    "demo_declaration": N_("The declaration is made up for demonstrations"),
    "before_declarations": N_("Accepted without a declaration, by this house's dated setting"),
    "ground_standard": N_("The ground is the standard, because a business sells it"),
    "ground_platform_rule": N_("The ground is this platform's own rule"),
}
# how strong the proof is, in the words of a list (a tool's file has others)
GRADES = {
    "E1": N_("A check-list; a photo with this job's code is missing."),
    "E2": N_("A check-list with photos that carry this job's code."),
}

if set(REASONS) != {*FAILS, *UNKNOWNS} or set(MARKS) != {"list", *NOTES, *(f"ground_{one}" for one in GROUNDS)}:
    raise RuntimeError("every reason needs its sentence, and every sentence its reason")
