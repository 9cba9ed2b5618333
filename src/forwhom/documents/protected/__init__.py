"""Attributes that law protects: one list for tables, names of segments and texts of a canvas."""

from forwhom.documents.protected.attributes import Told, answered, named, spoken

__all__ = ["Told", "answered", "named", "spoken"]
