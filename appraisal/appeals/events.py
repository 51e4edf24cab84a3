"""What an appeal tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GradeOverturned:
    """Told in the transaction in which an appeal against a report has finally overturned its grade, and only then: for whoever
    took a fee for that report and gives it back."""

    appeal_id: str
    appraisal_id: str
    item_id: str
