"""Rules on those who take part: buyer, user, target impact, and their roles."""
