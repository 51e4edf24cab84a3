"""Orders: reservation, check in person, payment, hand-over, review."""
