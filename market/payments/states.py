"""The states of a payment and of what moves: from the agreed way of paying to money back or handed on."""

from core.i18n import N_
from core.states import State, StateTable

PAYMENT = StateTable(
    "payment",
    {
        "begun": State(N_("Waiting for payment"), "info", N_("The way of paying is chosen; nothing has been paid yet.")),
        "said": State(N_("Said to be paid"), "info", N_("The buyer says it is paid. The seller looks and confirms.")),
        "underway": State(N_("Payment under way"), "info", N_("The provider is still working on it.")),
        "calling_off": State(
            N_("Being called off"), "neutral", N_("The provider is asked to take no payment for this any more.")
        ),
        "paid": State(N_("Paid"), "good", N_("The payment is confirmed.")),
        "refunded": State(N_("Paid back"), "neutral", N_("The whole amount went back to the buyer.")),
        "failed": State(N_("Payment failed"), "bad", N_("It was not paid. Nothing was taken.")),
        "cancelled": State(N_("Not paid"), "neutral", N_("This payment was called off before anything was paid.")),
    },
    {
        ("begun", "say"): "said",
        ("begun", "wait"): "underway",
        ("begun", "succeed"): "paid",
        ("begun", "fail"): "failed",
        ("begun", "call_off"): "calling_off",
        ("begun", "cancel"): "cancelled",
        ("said", "succeed"): "paid",
        ("said", "cancel"): "cancelled",
        ("underway", "succeed"): "paid",
        ("underway", "fail"): "failed",
        ("underway", "call_off"): "calling_off",
        ("underway", "cancel"): "cancelled",
        ("calling_off", "succeed"): "paid",
        ("calling_off", "fail"): "failed",
        ("calling_off", "cancel"): "cancelled",
        # money that came all the same is never denied: it is written down, told, and paid back if nobody wants it
        ("failed", "succeed"): "paid",
        ("cancelled", "succeed"): "paid",
        ("paid", "give_back"): "refunded",
        ("refunded", "come_back"): "paid",
    },
)  # fmt: skip
REFUND = StateTable(
    "refund",
    {
        "asked": State(N_("To be paid back"), "info", N_("It was decided; the money has not moved yet.")),
        "sent": State(N_("On its way back"), "info", N_("It was sent; it has not arrived yet.")),
        "done": State(N_("Paid back"), "good", N_("The money went back to the buyer.")),
        "failed": State(N_("Could not be paid back"), "bad", N_("The money did not reach the buyer. Another way is needed.")),
        "by_hand": State(N_("Paid back another way"), "good", N_("Staff wrote down how the money went back to the buyer.")),
    },
    {
        ("asked", "send"): "sent",
        ("asked", "finish"): "done",
        ("asked", "fail"): "failed",
        ("sent", "finish"): "done",
        ("sent", "fail"): "failed",
        ("done", "fail"): "failed",
        ("failed", "pay_otherwise"): "by_hand",
    },
)  # fmt: skip
RELEASE = StateTable(
    "release",
    {
        "asked": State(N_("To be handed on"), "info", N_("It was decided; the money has not moved yet.")),
        "done": State(N_("Handed on"), "good", N_("The money is on the seller's account at the provider.")),
        "failed": State(N_("Could not be handed on"), "bad", N_("The seller's account could not take it.")),
        "by_hand": State(N_("Handed on another way"), "good", N_("Staff wrote down how the money went to the seller.")),
    },
    {("asked", "finish"): "done", ("asked", "fail"): "failed", ("failed", "pay_otherwise"): "by_hand"},
)
REVERSAL = StateTable(
    "reversal",
    {
        "asked": State(N_("To be fetched back"), "info", N_("The seller's share of a refund; it has not moved yet.")),
        "short": State(
            N_("Owed by the seller"), "warn", N_("The seller's account had not enough: it is settled with their next sale.")
        ),
        "done": State(N_("Fetched back"), "good", N_("The seller's share of the refund came back.")),
        "recovered": State(N_("Settled"), "good", N_("The seller's debt was settled with a later sale.")),
        "failed": State(
            N_("Could not be fetched back"), "bad",
            N_("The provider doesn't fetch it: staff ask the seller, or write down how it was settled."),
        ),
    },
    {
        ("asked", "finish"): "done",
        ("asked", "lack"): "short",
        ("asked", "fail"): "failed",
        ("short", "finish"): "done",
        ("short", "settle"): "recovered",
        ("recovered", "owe_again"): "short",
        ("recovered", "finish"): "done",
        ("short", "fail"): "failed",
    },
)  # fmt: skip
CHARGEBACK = StateTable(
    "chargeback",
    {
        "open": State(
            N_("Disputed at the bank"), "warn", N_("The payer's bank asks for the money back; the provider examines it.")
        ),
        "won": State(N_("Dispute won"), "good", N_("The bank gave the money back.")),
        "lost": State(N_("Dispute lost"), "bad", N_("The money stays with the payer.")),
    },
    {("open", "win"): "won", ("open", "lose"): "lost"},
)
PAYOUT_ACCOUNT = StateTable(
    "payout_account",
    {
        "begun": State(N_("Not finished"), "info", N_("The provider still asks for something.")),
        "ready": State(N_("Ready"), "good", N_("Money can be handed on to this account.")),
        "stopped": State(N_("Stopped by the provider"), "bad", N_("The provider takes no money for this account at present.")),
    },
    {
        ("begun", "open"): "ready",
        ("begun", "stop"): "stopped",
        ("ready", "stop"): "stopped",
        ("ready", "reopen"): "begun",
        ("stopped", "open"): "ready",
        ("stopped", "reopen"): "begun",
    },
)  # fmt: skip
OPEN = ("begun", "said", "underway", "calling_off")
