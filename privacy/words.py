"""The privacy room's audit words, each with its sentence for readers."""

from core.i18n import N_

WORDS = {
    "privacy:job:opened": N_("A wipe job was opened"),
    "privacy:job:consented": N_("The owner agreed to the wipe"),
    "privacy:job:stopped": N_("A device was refused for good: state secrets or a public body"),
    "privacy:job:received": N_("A device was received at the counter"),
    "privacy:job:started": N_("An operator began to wipe a device"),
    "privacy:job:judged": N_("Every medium of a device passed the rules"),
    "privacy:job:judged_again": N_("What was judged was judged again, for comparison"),
    "privacy:job:verified": N_("A verifier accepted or rejected a wipe"),
    "privacy:job:confirmed": N_("A third person confirmed a verified wipe, or didn't"),
    "privacy:locks:read": N_("The account locks of a device were read"),
    "privacy:medium:kind_seen": N_("A verifier looked at what kind a medium is"),
    "privacy:job:given_up": N_("An operator gave up a wipe"),
    "privacy:job:cancelled": N_("A wipe job was cancelled"),
    "privacy:evidence:attached": N_("A wiping tool's file was attached"),
    "privacy:evidence:read": N_("A wiping tool's file was looked at"),
    "privacy:evidence:downloaded": N_("A wiping tool's file was downloaded"),
    "privacy:checklist:begun": N_("A check-list was begun at the bench"),
    "privacy:medium:judged": N_("A medium was judged by a file"),
    "privacy:medium:corrected": N_("The inventory of a device was corrected"),
    "privacy:clearance:issued": N_("A device was cleared for listing"),
    "privacy:clearance:sealed": N_("A cleared device was sealed for its owner"),
    "privacy:clearance:ended": N_("A clearance ended"),
    "privacy:seal:broken": N_("A broken seal was reported"),
    "privacy:certificate:issued": N_("A wipe certificate was issued"),
    "privacy:certificate:ended": N_("A wipe certificate ended or was delivered"),
    "privacy:certificate:revoked": N_("A wipe certificate was revoked"),
}
