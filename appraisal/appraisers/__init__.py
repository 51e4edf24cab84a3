"""Who may appraise: agencies and appraisers, what they have shown, whose things they leave to others, and how far they agree."""
