"""Rules on the alignment of buyer, user and target impact."""
