"""What bench/checkout.py measures against, and the town it measures in."""
