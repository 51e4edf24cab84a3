"""Audit words about consignors' files, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:consignor:opened": N_("A shop opened a consignor's file"),
    "market:consignor:looked_up": N_("Staff looked for a consignor's file by a number or contact"),
    "market:consignor:shown_in_full": N_("Staff saw a consignor's file in full, with a reason"),
    "market:consignor:changed": N_("Contact or address in a consignor's file were changed"),
    "market:consignor:choices_changed": N_("How a consignor is paid and what happens to their goods was changed"),
    "market:consignor:confirmed": N_("Somebody confirmed that a consignor's file is theirs"),
    "market:consignor:denied": N_("Somebody said that a consignor's file with their contact isn't theirs"),
    "market:consignor:mistyped": N_("The last four signs of a paper were wrong"),
    "market:consignor:unlinked": N_("A consignor's file no longer belongs to an account: the person left"),
    "market:consignor:slip_made": N_("A paper slip for a consignor's file was printed; one before ended"),
    "market:consignor:slip_ended": N_("The paper slip of a consignor's file was ended"),
    "market:consignor:closed": N_("A consignor's file was closed"),
    "market:consignor:reopened": N_("A consignor's file was opened again"),
    "market:consignor:erased": N_("A consignor's file was erased, all but its number"),
    "market:consignor_delegate:named": N_("A consignor named somebody who may collect for them"),
    "market:consignor_delegate:ended": N_("Somebody may no longer collect for a consignor"),
    "market:consignor_delegate:checked": N_("The paper of who came to collect for a consignor was checked"),
}
