"""The verifier's own look at a medium: its state read again, or a read-back at places nobody could foresee."""
