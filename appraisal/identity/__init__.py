"""Whose number is it: read in two places, compared, and looked for on lists of stolen and barred goods."""
