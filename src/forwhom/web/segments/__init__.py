"""The segments of a canvas: all of them, and the page of each."""
