"""What a canvas says about whom to serve with what: needs, fit, positioning, curves, decisions."""
