"""Rules on evidence, and on the claims that cite it."""
