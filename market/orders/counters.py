"""Before a device that a point keeps goes into its buyer's hands its counters are read once more."""

from core.errors import Refused
from core.i18n import N_
from core.work import Work
from privacy.devices.usage import reading_due


def demand_read(w: Work, item_id: str) -> None:
    """Raises Refused while the counters of what is given out have to be read once more: growth since the wipe means use."""
    due = reading_due(w.session, item_id)
    if due is not None and due.due:
        raise Refused(
            "counters_first",
            N_("First read the counters of %(media)s once more, at its device record: use since the wipe shows there."),
            values={"media": ", ".join(due.media)},
        )
