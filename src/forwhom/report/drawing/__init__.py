"""What every drawing is made of: elements and their frame, lettering, the palette."""
