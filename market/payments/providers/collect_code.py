"""The seller's own WeChat or Alipay collection code, scanned face to face.

Central bank notice 259 of 2021, in force since March 2022: a personal collection code isn't for business, and a static one isn't
scanned from afar. So: never for orders that are sent, and a business shows a merchant code."""

from core.i18n import N_
from market.payments.contract import Facts
from market.payments.providers.between import BetweenPeople


class CollectCode(BetweenPeople):
    code = "collect_code"
    label = N_("The seller's collection code (WeChat or Alipay)")

    def why_not(self, facts: Facts) -> str | None:
        if facts.remote:
            return N_("A collection code is scanned face to face. It is never used for things that are sent.")
        if not facts.collect_code:
            return N_("The seller hasn't put a collection code here.")
        if facts.business and facts.collect_code != "merchant":
            return N_("A business has to use a merchant code; the seller has only put a personal one here.")
        if facts.currency != "CNY":
            return N_("Collection codes take yuan only.")
        return None
