"""Why a seven-day return may be excluded: a closed list that nobody widens (Consumer Protection Law 25 with its 2017 rules on
returns, article numbers not read; Implementing Regulation 2024, art. 19). Each needs the buyer's own tick on that very order."""

from core.i18n import N_

GROUNDS: dict[str, str] = {
    "hygiene": N_("Opening it may harm health or safety, or changes what it is"),
    "value_lost": N_("It loses much of its value once it is activated or tried"),
    "stated_defects": N_("It is near its end or has defects that were stated at the sale"),
    "custom_made": N_("It was made for one person"),
    "fresh": N_("It spoils soon"),
    "opened_media": N_("Audio, video or software whose seal is broken"),
    "periodical": N_("A newspaper or magazine"),
}


def ground_words(code: str) -> str:
    return GROUNDS.get(code, code)
