"""What an appeal says to everybody whose matter it is, in the message centre."""

from appraisal.appeals import queries
from appraisal.appeals.models import Appeal
from appraisal.grades.models import Appraisal
from core.people.notices import notify
from core.work import Work


def tell(w: Work, appeal: Appeal, sentence: str, **values: str) -> None:
    """`sentence` is English for gettext, with %(number)s for the report's number."""
    number = w.session.get_one(Appraisal, appeal.appraisal_id).number
    for account_id in sorted(queries.parties(w.session, appeal)):
        notify(w, account_id, sentence, f"/appeals/{appeal.id}", number=number, **values)
