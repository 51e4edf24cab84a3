"""Fees: one typed, versioned policy for every channel, an engine that shows its working, and a simulator."""
