"""Audit words about booked visits, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:consignment_desk:offered": N_("A shop said when people may come and bring things"),
    "market:consignment_visit:booked": N_("A visit with things to be sold was booked"),
    "market:consignment_visit:moved": N_("A booked visit was moved to another time"),
    "market:consignment_visit:list_changed": N_("The list of a booked visit was changed"),
    "market:consignment_visit:came": N_("Whoever had booked a visit came"),
    "market:consignment_visit:ended": N_("A booked visit didn't take place"),
    "market:consignment_visit:contact_seen": N_("Staff saw the contact of who had booked without an account, with a reason"),
    "market:consignment_visit:unlinked": N_("A booked visit no longer belongs to an account: the person left"),
    "market:consignment_visit:erased": N_("The list, name and contact of a booked visit were erased"),
}
