"""The roles and what each asks of the person and the organisation."""

from dataclasses import dataclass

from core.i18n import N_


@dataclass(frozen=True, slots=True)
class Role:
    """label: English for gettext. org_kinds: where it can be held. second_factor: needed before the role counts."""

    label: str
    org_kinds: frozenset[str]
    second_factor: bool = False


def _role(label: str, *kinds: str, second_factor: bool = False) -> Role:
    return Role(label, frozenset(kinds), second_factor)


ROLES: dict[str, Role] = {
    "shop_clerk": _role(N_("Shop clerk"), "shop"),
    "shop_cashier": _role(N_("Cashier"), "shop"),
    "shop_manager": _role(
        N_("Manager"), "shop", "agency", "organiser", "school", "association", "community", "regulator"
    ),
    "wipe_operator": _role(N_("Wipe operator"), "shop", "agency", "community"),
    "wipe_verifier": _role(N_("Wipe verifier"), "shop", "agency", "community", second_factor=True),
    "appraiser": _role(N_("Appraiser"), "shop", "agency", second_factor=True),
    "market_organiser": _role(N_("Market organiser"), "organiser"),
    "corner_keeper": _role(N_("Corner keeper"), "school"),
    "reviewer": _role(N_("Reviewer"), "platform"),
    "standards_editor": _role(N_("Standards editor"), "platform", second_factor=True),
    "mediator": _role(N_("Mediator"), "platform", "association", second_factor=True),
    "helper": _role(N_("Community helper"), "community"),
    "regulator": _role(N_("Regulator"), "regulator", second_factor=True),
    "administrator": _role(N_("Administrator"), "platform", second_factor=True),
}

MANAGER = "shop_manager"
BENCH_MANAGER = "bench_manager"
"""Never granted: what a manager is besides where a wiping bench may stand. Who manages a school or a flea market has none."""


def has_bench(org_kind: str) -> bool:
    return org_kind in ROLES["wipe_operator"].org_kinds
