"""The words of profiles and verdicts for people: techniques, levels, how a wipe is proven, how well a rule is known."""

from typing import Final

from core.i18n import N_

TECHNIQUES: Final = {
    "overwrite": N_("overwriting"),
    "sanitize_overwrite": N_("overwriting by the medium's own command"),
    "block_erase": N_("block erase by the medium's own command"),
    "crypto_erase": N_("crypto erase"),
    "security_erase": N_("security erase"),
    "security_erase_enhanced": N_("enhanced security erase"),
    "format": N_("format by the medium's own command"),
    "trim": N_("trimming"),
    "factory_reset": N_("factory reset"),
}
LEVELS: Final = {
    "clear": N_("Clear: holds against ordinary means"),
    "purge": N_("Purge: holds against a laboratory"),
    "destroy": N_("Destroy: no storage is possible any more"),
}
SHORT_LEVELS: Final = {"clear": N_("level Clear"), "purge": N_("level Purge"), "destroy": N_("level Destroy")}
ROUTES: Final = {
    "tool_log": N_("A tool's file is judged"),
    "checklist": N_("The maker's function, gone through with a check-list"),
    "destroy": N_("Destruction before a witness"),
    "none": N_("Nothing to prove"),
    "refuse": N_("Never taken in"),
    "statement": N_("The seller's word only"),
}
KNOWN: Final = {
    "seen": N_("text read"),
    "quoted": N_("somebody's quotation read"),
    "press": N_("news pages only"),
    "memory": N_("not verified"),
}
DUTIES: Final = {
    False: N_("The verifier is never the one who wiped."),
    True: N_("The verifier is never the one who wiped; a third person confirms."),
}
