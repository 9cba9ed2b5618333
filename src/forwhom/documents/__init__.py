"""The documents: what a person writes and what forwhom writes, with their schemas."""
