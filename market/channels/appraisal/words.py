"""Audit words about booked appraisals, each with its sentence."""

from core.i18n import N_

WORDS = {
    "market:appraisal_desk:offered": N_("An agency said when it takes bookings, and of what"),
    "market:appraisal_desk:charged": N_("An agency named its fees for appraisals"),
    "market:appraisal_booking:made": N_("An appraisal was booked"),
    "market:appraisal_booking:paid": N_("The fee for a booked appraisal was paid"),
    "market:appraisal_booking:checked_in": N_("A thing was taken in for its booked appraisal"),
    "market:appraisal_booking:drawn_anew": N_("Somebody else was drawn for a booked appraisal, with a reason"),
    "market:appraisal_booking:graded": N_("A booked appraisal was signed"),
    "market:appraisal_booking:ended": N_("A booked appraisal ended"),
    "market:appraisal_booking:paid_back": N_("A fee for an appraisal goes back"),
    "market:appraisal_booking:address_erased": N_("The address of an appraiser's visit was erased"),
}
