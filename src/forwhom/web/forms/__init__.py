"""Forms of the parts of a canvas: what can be typed, what was typed, and how it is saved."""
