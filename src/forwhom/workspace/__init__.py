"""What a team keeps together: canvases, segmentations, people; every change is kept for good."""
