"""Read any table, say what is in it, and hand columns to those who need arrays."""
