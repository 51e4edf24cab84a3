"""A drawn share of the grades is given once more by somebody who sees neither the first grade, nor the seller, nor the price."""
