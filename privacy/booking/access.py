"""Who may book, and who may say what a bench offers."""

from sqlalchemy.orm import Session

from core.access import Predicate, in_org
from core.errors import NotFound
from core.people.models import Organisation
from privacy.booking.models import Booking
from privacy.booking.queries import get_booking


def load_point(session: Session, org_id: str) -> Organisation:
    org = session.get(Organisation, org_id)
    if org is None or org.state != "approved":
        raise NotFound()
    return org


def load_booking(session: Session, booking_id: str) -> Booking:
    return get_booking(session, booking_id)


def _at(role: str) -> Predicate:
    return in_org(role, lambda org: org.id, "the point")


def _of_booking(role: str) -> Predicate:
    return in_org(role, lambda one: one.org_id, "the booked point")


_books = Predicate("who booked", lambda v, one: v.account_id == one.booked_by)
_owns = Predicate("owner of the device", lambda v, job: v.account_id == job.owner_id)

PERMISSIONS = {
    "privacy:slot:book": ((_owns,),),
    "privacy:slot:give_back": (
        (_books,),
        (_of_booking("wipe_operator"),),
        (_of_booking("shop_clerk"),),
        (_of_booking("shop_manager"),),
    ),
    "privacy:bench:offer": ((_at("shop_manager"),), (_at("wipe_operator"),)),
    "privacy:day:see": ((_at("wipe_operator"),), (_at("shop_clerk"),), (_at("shop_manager"),)),
}
