"""Who may do what with a point's stations, and the audit words."""

from core.access import Predicate, fresh, has_role, in_org
from core.i18n import N_


def _manager() -> Predicate:
    return in_org("shop_manager", lambda subject: subject.org_id, "the point")


PERMISSIONS = {
    "privacy:station:choose": ((has_role("bench_manager"),),),
    "privacy:station:see": ((_manager(),), (has_role("regulator"),), (has_role("administrator"),)),
    "privacy:station:enrol": ((_manager(), fresh),),
    "privacy:station:revoke": ((_manager(), fresh), (has_role("administrator"), fresh)),
}
WORDS = {
    "privacy:station:enrolled": N_("A read-back station was enrolled"),
    "privacy:station:revoked": N_("A read-back station was revoked"),
}
