"""Rules on the type of market."""
