"""What is not in a canvas yet: what nobody thought about, and what the linter finds weak."""
