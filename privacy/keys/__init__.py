"""Signing keys of persons: one each, encrypted at rest, usable for ten minutes after a second factor."""
