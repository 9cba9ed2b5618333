"""IATI 2.0x activity files: a stream of activities, at constant memory."""

from forwhom.funders.iati.activities import Activity, Organization, Period, Transaction
from forwhom.funders.iati.reading import activity_files, holds_activities, read_activities
from forwhom.funders.iati.shares import Shares

__all__ = [
    "Activity",
    "Organization",
    "Period",
    "Shares",
    "Transaction",
    "activity_files",
    "holds_activities",
    "read_activities",
]
