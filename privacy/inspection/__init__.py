"""The regulator's desk: look-ups, the whole chain of a thing, the audit log."""
