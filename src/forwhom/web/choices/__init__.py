"""What is worked out from a canvas, and the tables and weights that it is made of."""
