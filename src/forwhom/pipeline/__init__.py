"""The order of things: discover, score, compare, align. It knows that, and nothing else."""
