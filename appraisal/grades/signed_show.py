"""Where an appraiser goes once a grade is signed, or given blind."""

from flask import flash, redirect
from flask_babel import gettext as _


def signed(made_id: str, *, blind: bool) -> object:
    """To the report; after a grade in an appeal back to the list, for what comes of it is told on the appeal's own page."""
    if blind:
        flash(_("Thank you. Your grade is on record."), "good")
        return redirect("/appeals", 303)
    flash(_("Signed. The owner was told the grade."), "good")
    return redirect(f"/appraisals/{made_id}", 303)
