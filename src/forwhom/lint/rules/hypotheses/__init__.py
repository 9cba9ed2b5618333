"""Rules on hypotheses, and on what was learned from them."""
