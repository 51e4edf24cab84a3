"""The stand-in's own levers, which Stripe doesn't have: what a bank, a payer's bank or an operator would do. For tests and
trying out.

`switch` names: `late` (seconds), `never`, `twice`, `backwards` (reports); `refund` (pending | fails); `platform_empty`; and
for any address of the API, as `POST /v1/refunds`: `down`, `broken_after`, `silent_after:SECONDS`, `no:CODE`."""

from market.payments.standin import disputes, money
from market.payments.standin.store import Shelf, Thing
from market.payments.standin.words import get, whole_number


def switch(shelf: Shelf, words: Thing) -> Thing:
    shelf.set_switch(words["name"], words.get("value", ""), int(words.get("times", 0)))
    return {"ok": True}


def dispute(shelf: Shelf, words: Thing) -> Thing:
    payment = get(shelf, words["payment_intent"], "payment_intent")
    charge = get(shelf, payment["latest_charge"], "charge")
    amount = whole_number(words, "amount") if "amount" in words else charge["amount"] - charge["amount_refunded"]
    return disputes.open_dispute(shelf, charge, amount)


def decide(shelf: Shelf, words: Thing) -> Thing:
    found = get(shelf, words["dispute"], "dispute")
    disputes.close_dispute(shelf, found, won=words.get("won") == "1")
    return found


def refund_ends(shelf: Shelf, words: Thing) -> Thing:
    refund = get(shelf, words["refund"], "refund")
    money.refund_ends(shelf, refund, words.get("fault", ""))
    return refund


def settle(shelf: Shelf, words: Thing) -> Thing:
    """A payment that was under way arrives or fails."""
    session = get(shelf, words["session"], "checkout.session")
    if words.get("paid") == "1":
        money.pay(shelf, session, "alipay")
        shelf.report("checkout.session.async_payment_succeeded", session)
    else:
        money.decline(shelf, session, "payment_method_provider_decline")
        shelf.report("checkout.session.async_payment_failed", session)
    return session


def spend(shelf: Shelf, words: Thing) -> Thing:
    """A connected account pays out what it has: a reversal then finds nothing."""
    account, unit = get(shelf, words["account"], "account"), words["currency"]
    spent = int(shelf.note(f"spent/{account['id']}/{unit}") or 0) + whole_number(words, "amount")
    shelf.sql.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (f"spent/{account['id']}/{unit}", str(spent)))
    return account


def payout(shelf: Shelf, words: Thing) -> Thing:
    """The operator has the platform's balance paid out to the bank."""
    made = shelf.add("po", "payout", amount=whole_number(words, "amount"), currency=words["currency"], status="paid")
    money.book(shelf, "payout", made["id"], -made["amount"], made["currency"])
    return made


def ready(shelf: Shelf, words: Thing) -> Thing:
    """A connected account passes (or, with `stopped`, fails) the checks without anybody clicking through them."""
    account = get(shelf, words["account"], "account")
    return onboarded(shelf, account, stopped=words.get("stopped") == "1")


def onboarded(shelf: Shelf, account: Thing, *, stopped: bool = False) -> Thing:
    account["details_submitted"] = True
    account["capabilities"]["transfers"] = "inactive" if stopped else "active"
    account["payouts_enabled"] = not stopped
    account["requirements"] = {"currently_due": [], "disabled_reason": "rejected.other" if stopped else None}
    shelf.save(account)
    shelf.report("account.updated", account)
    return account


LEVERS = {
    "switch": switch, "dispute": dispute, "decide": decide, "refund_ends": refund_ends, "settle": settle, "spend": spend,
    "payout": payout, "ready": ready,
}  # fmt: skip
