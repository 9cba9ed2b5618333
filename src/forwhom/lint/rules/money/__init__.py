"""Rules on funding and on what tells whether it works."""
