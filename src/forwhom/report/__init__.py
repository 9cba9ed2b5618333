"""A Segmentation as a page that people read."""
