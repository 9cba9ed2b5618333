"""The order of things: draft, discover, score. Only this room knows it."""
