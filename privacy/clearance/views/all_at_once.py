"""What a verifier left out, said at once and each at its own field: the action asks again, one thing after the other."""

from collections.abc import Iterable, Sequence

from core.errors import Invalid
from core.i18n import N_
from privacy.clearance import verifying_third
from privacy.clearance.forms import ConfirmForm, VerifyForm
from privacy.devices import usage
from privacy.wipes import challenge_photos, locks, rules

TICK = N_("Tick this once you have done it, or reject the wipe.")
TAIL = N_("Read the number off the device and type its last four characters.")
AGAIN = N_("Choose the photos once more: a browser doesn't keep them.")


def blame_missing(form: VerifyForm, looks: Iterable[tuple[str, str]], asked_locks: Iterable[str], *, clears: bool) -> bool:
    """True when something is missing. `looks`: (field, kind) that this device asks; `clears`: no third person comes after this
    one, who would say where the device goes."""
    missing = [(code, TICK) for code in rules.unchecked(form.checks)]
    if form.counted.data is None and not form.counted.errors:
        missing.append(("counted", N_("Count the storage media inside and enter the number.")))
    missing += [(f"lock_{lock}", locks.MISSING) for lock in asked_locks if lock not in form.locks]
    for name, kind in looks:
        given = form[name].data
        if kind in ("tick", "try") and not given:
            missing.append((name, TICK))
        elif kind == "tail" and not (given or "").strip():
            missing.append((name, TAIL))
        elif kind == "photo" and not given:
            missing.append((name, challenge_photos.MISSING))
        elif kind == "counters" and not given:
            missing.append((name, usage.SAY_COUNTERS))
    missing += _kept_missing(form) if clears else []
    return _blamed(form, missing)


def blame_third(form: ConfirmForm) -> bool:
    """The same for the third person's form."""
    missing = [(code, verifying_third.TICK) for code in rules.CONFIRMS if code not in form.checks]
    missing += [] if (form.tail.data or "").strip() else [("tail", TAIL)]
    missing += [] if form.look_photo.data else [("look_photo", challenge_photos.MISSING)]
    missing += [] if (form.note.data or "").strip() else [("note", verifying_third.NOTE)]
    return _blamed(form, missing + _kept_missing(form))


def _blamed(form: VerifyForm | ConfirmForm, missing: Sequence[tuple[str, str]]) -> bool:
    for name, sentence in missing:
        form.blame(Invalid("missing", sentence, field=name))
    if missing and (form.look_photo.data or form.photo.data):
        form.blame(Invalid("photos_again", AGAIN))
    return bool(missing)


def _kept_missing(form: VerifyForm | ConfirmForm) -> list[tuple[str, str]]:
    if form.kept.data not in rules.KEPT:
        return [("kept", N_("Say where the device goes now."))]
    if form.kept.data != "sealed_bag":
        return []
    missing = []
    if not (form.seal_number.data or "").strip():
        missing.append(("seal_number", N_("Enter the number that is printed on the bag.")))
    if not form.photo.data:
        missing.append(("photo", N_("Take a photo of the closed bag with its number.")))
    return missing
