"""From events (transactions, visits, tickets) to one row per customer."""

from forwhom.features.customers import CustomerFeatures, customer_features
from forwhom.features.dictionary import Feature

__all__ = ["CustomerFeatures", "Feature", "customer_features"]
