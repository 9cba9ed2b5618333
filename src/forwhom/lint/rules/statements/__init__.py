"""Rules on how needs and jobs are stated."""
