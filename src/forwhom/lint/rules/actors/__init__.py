"""Rules on the actors around a model, and on how money is given."""
