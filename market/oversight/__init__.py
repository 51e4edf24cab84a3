"""What people of the market look at because the figures say so: flags, regular sellers, the quarterly report. Never a verdict."""
