"""Rules on segments: who they are, who is left out, and why."""
