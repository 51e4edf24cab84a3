"""A device in itself: who it is, what is inside, what became of each medium, how much it was used since its wipe."""
