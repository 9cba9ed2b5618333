"""From events (transactions, visits, tickets) to one row per customer."""

from forwhom.features.counts import EventReport
from forwhom.features.customers import CustomerFeatures, customer_features
from forwhom.features.dictionary import Feature

__all__ = ["CustomerFeatures", "EventReport", "Feature", "customer_features"]
