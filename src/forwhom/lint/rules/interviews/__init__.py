"""Rules on interview questions."""
