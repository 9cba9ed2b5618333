"""Events (transactions, visits, tickets) become one row per customer."""
