"""An appraisal: answers -> defects -> grade, with reasons."""
