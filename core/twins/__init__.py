"""The same picture on two things: found by its hash, looked at by a person."""
