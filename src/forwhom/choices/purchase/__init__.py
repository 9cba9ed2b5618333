"""Who takes part in a purchase, who influences whom, and where it can fail."""
