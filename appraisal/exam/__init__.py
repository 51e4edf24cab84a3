"""Exams: reference items with agreed answers, graded blind by whoever wants to be admitted or to know where they stand."""
