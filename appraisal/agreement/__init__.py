"""How far appraisers agree: with one another, with themselves, with the standard, check by check."""
