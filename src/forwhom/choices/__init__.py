"""Whom to serve with what: needs, ratings, fit, curves, decisions, who can stop a purchase."""
