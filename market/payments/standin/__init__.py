"""A stand-in for Stripe on this machine: enough of its API for our client, a checkout page, signed reports, and switches for
everything that goes wrong. For development, the demonstration and tests; it never leaves loopback and knows no real money."""
