"""Rules on what is offered, to whom, and why they should want it."""
