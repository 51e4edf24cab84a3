"""Cash in the hand: both say so."""

from core.i18n import N_
from market.payments.providers.between import BetweenPeople


class Cash(BetweenPeople):
    code = "cash"
    label = N_("Cash when you meet")
