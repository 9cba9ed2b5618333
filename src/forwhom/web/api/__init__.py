"""The typed HTTP API: what the pages do, for programs, by the same functions."""
