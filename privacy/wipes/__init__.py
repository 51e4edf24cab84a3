"""Wipe jobs: consent, preparation, method, tool, operator, result."""
