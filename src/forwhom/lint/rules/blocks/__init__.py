"""Rules on the blocks of the canvas and their notes."""
