"""Segments that a person understands: profiles, distinctions, names, typing tool."""
