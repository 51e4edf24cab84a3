"""What a wipe tool left behind, read into one value and never believed further than it says."""
