"""Rules on competitors and value curves."""
