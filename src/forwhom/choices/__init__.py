"""Whom to serve with what: needs, fit, value curves, decisions, who can stop a purchase."""
