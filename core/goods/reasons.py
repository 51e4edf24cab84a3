"""Sentences for the codes `rules.py` gives: what is wrong and what to do about it."""

from typing import Final

from core.i18n import N_

REASONS: Final = {
    "identifier_missing": N_("This number is needed here. Look on the label or in the settings."),
    "identifier_none": N_("This is no number: a number has letters A to Z or digits."),
    "identifier_not_asked": N_("This category is not asked for this number. Leave it out."),
    "identifier_too_many": N_("There are more numbers here than a thing of this category can have."),
    "identifier_twice": N_("The same number stands here twice."),
    "serial_placeholder": N_(
        "This is what makers leave in when no number was set, not a serial number. Look on the label instead."
    ),
    "serial_characters": N_("A serial number has letters A to Z and digits only. Please check for a slip."),
    "serial_too_short": N_("A serial number has at least four characters. Please look again."),
    "serial_too_long": N_("This is too long for a serial number. Enter one number only."),
    "imei_digits": N_("An IMEI has digits only. Dial *#06# to see it."),
    "imei_length": N_("An IMEI has 15 digits (16 with the software version). Dial *#06# to see it."),
    "imei_checksum": N_("The last digit does not fit the others: one digit of this IMEI is mistyped."),
    "meid_format": N_("An MEID has 14 hexadecimal characters or 18 digits. Dial *#06# to see it."),
    "meid_checksum": N_("The check digit does not fit: one character of this MEID is mistyped."),
    "attribute_missing": N_("Please fill this in."),
    "attribute_too_long": N_("This is too long. Please say it in fewer words."),
    "attribute_choice": N_("Please choose one of the answers offered."),
    "attribute_number": N_("Please enter a plain number."),
    "attribute_decimals": N_("This number has more decimal places than make sense here."),
    "attribute_range": N_("This number is outside what is possible here."),
    "attribute_year": N_("Please enter a year with four digits, not in the future."),
    "disclosure_missing": N_("A buyer has to be told this. Please answer it."),
    "disclosure_answer": N_("Please answer yes, no or don't know."),
    "disclosure_detail": N_("You answered yes. Please say more: a buyer has to know."),
    "smart_missing": N_("Please say whether it can hold data or go online."),
    "media_too_few": N_("A thing of this category has more storage than this. Please look again."),
    "media_too_many": N_("A thing of this category can't have this many storage media. Please look again."),
    "media_kind": N_("This kind of storage does not occur in this category."),
}
