"""Exercises of a workshop: led on one page, taken part in on phones."""
