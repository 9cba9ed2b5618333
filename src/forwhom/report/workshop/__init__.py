"""The pack for a workshop on the alignment of buyer, user and target impact, on paper."""

from forwhom.report.workshop.pack import write_workshop

__all__ = ["write_workshop"]
