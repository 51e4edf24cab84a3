"""Grading standards as data: scale, axes, checks and what each finding leads to. Versioned; old ones stay."""
