"""IATI 2.0x activity files: a stream of activities, at constant memory."""

from forwhom.funders.iati.reading import activity_files, holds_activities, read_activities

__all__ = ["activity_files", "holds_activities", "read_activities"]
