"""Audit words about consignment agreements, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:consignment_terms:drafted": N_("A version of a shop's consignment terms was drafted"),
    "market:consignment_terms:edited": N_("A draft of a shop's consignment terms was changed"),
    "market:consignment_terms:activated": N_("A version of a shop's consignment terms came into use"),
    "market:consignment_terms:retired": N_("A version of a shop's consignment terms went out of use"),
    "market:consignment_terms:withdrawn": N_("A draft of a shop's consignment terms was given up"),
    "market:consignment_agreement:drafted": N_("A consignment agreement was written"),
    "market:consignment_agreement:offered": N_("A shop signed a consignment agreement and offered it"),
    "market:consignment_agreement:signed": N_("A consignor signed a consignment agreement"),
    "market:consignment_agreement:withdrawn": N_("A consignment agreement was withdrawn before it was signed"),
    "market:consignment_agreement:terminated": N_("Notice was given of a consignment agreement"),
    "market:consignment_agreement:ended": N_("A consignment agreement ended"),
    "market:consignment_agreement:looked": N_(
        "Somebody at the shop opened the names or the signature of a consignment agreement"
    ),
    "market:consignment_agreement:erased": N_("Names and signature of a consignment agreement were erased: its time was over"),
}
