"""Who may sit at the regulator's desk. The second factor comes with the roles."""

from core.access import has_role

PERMISSIONS = {
    "privacy:inspection:look_up": ((has_role("regulator"),),),
}
