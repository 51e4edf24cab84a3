"""A shop publishes its own rules: each time a new version, and no void phrase in any."""

from collections.abc import Sequence

from core import ids
from core.errors import Invalid
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.work import Work
from market.shops import queries
from market.shops.models import ShopRules
from market.shops.rules import MOST_RULES
from market.shops.void_rules import Finding, check


class VoidWords(Invalid):
    """`findings`: what is void, with reason and source; nothing was saved."""

    def __init__(self, field: str, findings: Sequence[Finding]) -> None:
        super().__init__("void_words", N_("Some of it is void by law, so it isn't saved. Look at what is named."), field=field)
        self.findings = tuple(findings)


def publish_rules(w: Work, org_id: str, body: str, body_en: str = "") -> ShopRules:
    """The next version, or the standing one when nothing changed. Raises VoidWords at the field, Invalid for an empty text."""
    demand_role(w, org_id, *queries.MANAGERS)
    w.session.get_one(Organisation, org_id, with_for_update=True)
    texts = {"body": _plain(body), "body_en": _plain(body_en)}
    if not texts["body"]:
        raise Invalid("rules_missing", N_("Write your rules in Chinese; English can follow."), field="body")
    for field, text in texts.items():
        if len(text) > MOST_RULES:
            raise Invalid("rules_long", N_("Keep it under %(most)s signs."), field=field, values={"most": MOST_RULES})
        found = check(text)
        if found:
            raise VoidWords(field, found)
    before = queries.rules_of(w.session, org_id)
    if before and (before[0].body, before[0].body_en) == (texts["body"], texts["body_en"]):
        return before[0]
    row = ShopRules(
        id=ids.new_id(), org_id=org_id, version=before[0].version + 1 if before else 1, set_by=w.actor.id, set_at=w.now, **texts
    )
    w.put(row)
    w.record("market:shop_rules:set", row.id, org=org_id, version=row.version)
    return row


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
