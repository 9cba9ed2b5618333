"""IATI 2.0x activity files: a stream of activities, at constant memory."""

from forwhom.tables.iati.activities import Activity, Organization, Period, Transaction
from forwhom.tables.iati.reading import is_activity_file, read_activities
from forwhom.tables.iati.shares import Shares, split

__all__ = [
    "Activity",
    "Organization",
    "Period",
    "Shares",
    "Transaction",
    "is_activity_file",
    "read_activities",
    "split",
]
