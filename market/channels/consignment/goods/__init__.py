"""What a shop takes in, keeps and sells: intake, the register, the gate before the price, stock."""
