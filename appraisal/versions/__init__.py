"""New versions of our own grading standards: drafted, compared, replayed over past appraisals, approved by a second person."""
