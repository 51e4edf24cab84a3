"""Payments: intents, refunds, releases, the webhook door, and the providers. The market itself never holds money."""
