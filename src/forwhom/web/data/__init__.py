"""Tables of people, and the segmentations discovered in them."""
