"""Attributes that law protects: one list for tables, names of segments and texts of a canvas."""

from forwhom.documents.protected.attributes import answered, named, spoken

__all__ = ["answered", "named", "spoken"]
