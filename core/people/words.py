"""Who may do what with people, and the audit words, each with its sentence."""

from typing import Any

from core.access import Predicate, fresh, has_role, in_org, signed_in, verified
from core.i18n import N_
from core.people.roles import ROLES

administrator = has_role("administrator")


def _org(subject: Any) -> str | None:
    return getattr(subject, "id", None)


def member(role: str) -> Predicate:
    return in_org(role, _org, "the organisation")


proposer = Predicate("proposed the organisation", lambda v, s: s.proposed_by == v.account_id)

own_seat = Predicate("holds the role", lambda v, s: s.account_id == v.account_id)

PERMISSIONS: dict[str, tuple[tuple[Predicate, ...], ...]] = {
    "core:me:see": ((signed_in,),),
    "core:account:keep": ((signed_in,),),
    "core:account:guard": ((signed_in,),),
    "core:invitation:answer": ((signed_in,),),
    "core:organisation:propose": ((verified,),),
    "core:organisation:read": (*((member(role),) for role in ROLES), (proposer,), (administrator,)),
    "core:organisation:manage": ((member("shop_manager"),), (administrator,)),
    "core:membership:end": ((member("shop_manager"),), (administrator,), (own_seat,)),
    "core:organisation:decide": ((administrator,),),
    "core:person:look_up": ((administrator,),),
    "core:person:suspend": ((administrator, fresh),),
    "core:seller:check": ((administrator,),),
}

WORDS = {
    "core:account:opened": N_("An account was opened"),
    "core:account:renamed": N_("A display name was changed"),
    "core:account:suspended": N_("An account was stopped"),
    "core:account:restored": N_("An account was opened again"),
    "core:account:closed": N_("An account was closed by its person"),
    "core:sign_in:made": N_("Somebody signed in"),
    "core:sign_in:afresh": N_("Somebody signed in afresh"),
    "core:sign_in:refused": N_("A sign-in with a wrong password was refused"),
    "core:sign_ins:ended": N_("All sign-ins of an account were ended"),
    "core:password:changed": N_("A password was changed"),
    "core:password:reset": N_("A password was reset by code"),
    "core:contact:added": N_("A contact was added"),
    "core:contact:removed": N_("A contact was removed"),
    "core:messages:chosen": N_("Somebody chose which notices come by which way"),
    "core:wechat:linked": N_("A WeChat account was linked"),
    "core:wechat:ended": N_("The link to a WeChat account ended"),
    "core:wechat:refused": N_("WeChat said that a person takes no service messages"),
    "core:consent:given": N_("A text was agreed to"),
    "core:consent:withdrawn": N_("A consent was withdrawn"),
    "core:factor:set_up": N_("A second factor was set up"),
    "core:factor:refused": N_("A wrong second-factor code was refused"),
    "core:factor:removed": N_("A second factor was removed"),
    "core:recovery:used": N_("A recovery code was used"),
    "core:recovery:renewed": N_("Recovery codes were renewed"),
    "core:organisation:proposed": N_("An organisation was proposed"),
    "core:organisation:approved": N_("An organisation was approved"),
    "core:organisation:refused": N_("An organisation was refused"),
    "core:organisation:suspended": N_("An organisation was suspended"),
    "core:organisation:restored": N_("An organisation was restored"),
    "core:invitation:sent": N_("An invitation was sent"),
    "core:invitation:accepted": N_("An invitation was accepted"),
    "core:invitation:declined": N_("An invitation was declined"),
    "core:invitation:taken_back": N_("An invitation was taken back"),
    "core:platform:founded": N_("The platform's organisation was made at the server's console"),
    "core:role:granted": N_("A role was granted"),
    "core:role:ended": N_("A role was ended"),
    "core:seller:checked": N_("A seller was checked"),
}
