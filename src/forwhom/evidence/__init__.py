"""What is computed about a segmentation, never only claimed."""
