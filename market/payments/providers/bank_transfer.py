"""A transfer from bank to bank: the receiver looks at the account and confirms. Nobody stands in between."""

from typing import ClassVar

from core.i18n import N_
from market.payments.providers.between import BetweenPeople


class BankTransfer(BetweenPeople):
    code = "bank_transfer"
    label = N_("Bank transfer to the seller")
    remote: ClassVar[bool] = True
