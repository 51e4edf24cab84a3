"""What a thing is worth: comparables, a hedonic model and ranges. Sales come in as values; nothing here knows the market.

docs/algorithms/value.md says it in prose with numbers.
"""
