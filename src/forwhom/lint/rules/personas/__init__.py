"""Rules on personas."""
