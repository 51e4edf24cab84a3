"""The demonstration: people, things, real evidence, and the photos it draws for itself. Never in production."""
