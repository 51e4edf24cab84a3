"""The public append-only log: leaves, tree, signed checkpoints, witnesses (docs/algorithms/public-log.md).

Reading and checking of every format stands in privacy/verify.py, which runs copied alone; here is what writes them."""
