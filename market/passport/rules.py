"""What of a thing's life everybody may read, what mark it carries, and how many labels are printed at once. Pure."""

from collections.abc import Mapping
from typing import Final

from core.errors import Invalid
from core.i18n import N_

MOST: Final = 400
MOST_COPIES: Final = 20

KINDS: Final = {"life": N_("Life label"), "price": N_("Price tag")}
MARKS: Final = {"used": N_("Used"), "refurbished": N_("Refurbished"), "remanufactured": N_("Remanufactured")}
"""Every tag and page carries one (Circular Economy Promotion Law 39 and 40; Regulation on waste electrical products 12)."""
NOT_WIPED: Final = N_("Waits for information wiping")

HANDED: Final = {
    "taken in at the counter": N_("Taken in at a counter"),
    "taken to the wiping bench": N_("Taken to the wiping bench"),
    "put on the shelf": N_("Put on the shelf"),
    "taken to the appraiser": N_("Taken to an appraiser"),
    "sealed in a numbered bag and handed to its owner": N_("Sealed in a numbered bag"),
    "sold and handed over": N_("Sold and handed over"),
    "returned by its buyer": N_("Came back from its buyer"),
    "given away for repair": N_("Given away for repair"),
    "its seal was broken or missing": N_("Its seal was broken or missing"),
}
"""Why it changed hands (core/goods/custody.py) -> how the public reads it. Who had it, where, and in which bag, never."""

TOLD: Final = {
    "A thing was registered": (N_("Registered"), ()),
    "Wipe %(number)s was begun at the bench": (N_("Its wiping was begun at the bench"), ()),
    "A verifier accepted the wipe %(number)s": (N_("A second person verified the wipe"), ()),
    "A verifier rejected the wipe %(number)s": (N_("A second person didn't accept the wipe"), ()),
    "A third person confirmed the wipe %(number)s": (N_("A third person confirmed the wipe"), ()),
    "A third person didn't confirm the wipe %(number)s": (N_("A third person didn't confirm the wipe"), ()),
    "Certificate %(number)s was issued": (N_("Wipe certificate %(number)s was issued"), ("number",)),
    "The clearance of certificate %(number)s ended: %(state)s": (
        N_("The clearance of wipe certificate %(number)s ended: %(state)s"), ("number", "state"),
    ),
    "An appraisal report was signed and issued": (N_("An appraisal report was signed"), ()),
    "An appraisal report was revoked": (N_("An appraisal report was revoked"), ()),
    "A listing went on sale": (N_("Offered for sale"), ()),
}  # fmt: skip
"""A line of the dossier -> how the public reads it, and which of its values. What isn't here is not told: serial numbers even
masked, digests, orders, parcels, looks by staff, disputes, and every name. Numbers of certificates have public pages anyway."""
CUSTODY: Final = "%(place)s: %(why)s (custody epoch %(epoch)s)"


def public_line(sentence: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The sentence that everybody may read (English for gettext) and its values; None for a line that isn't public."""
    if sentence == CUSTODY:
        told = HANDED.get(values.get("why", ""))
        return (told, {}) if told else None
    if sentence not in TOLD:
        return None
    public, names = TOLD[sentence]
    return public, {name: values.get(name, "") for name in names}


def used_mark(told: str, disclosed: Mapping[str, object]) -> str:
    """A key of MARKS: as its channel says, else by what was disclosed. Everything here is second-hand, a book and a coat too;
    who doesn't know whether it was refurbished hasn't said that it was."""
    if told in MARKS:
        return told
    return "refurbished" if disclosed.get("refurbished") == "yes" else "used"


def check_many(things: int, copies: int, first: int, places: int) -> None:
    """Raises Invalid at the field that is out of range."""
    if things < 1:
        raise Invalid("labels_none", N_("Tick at least one thing."), field="items")
    if not 1 <= copies <= MOST_COPIES:
        raise Invalid("labels_copies", N_("Print 1 to 20 copies of each."), field="copies")
    if things * copies > MOST:
        raise Invalid("labels_many", N_("At most 400 labels at a time. Print them in parts."), field="items")
    if not 1 <= first <= places:
        raise Invalid("labels_first", N_("This paper has the places 1 to %(places)s."), field="first", values={"places": places})
