"""The linter: what is weak in a canvas, said with line and column."""
