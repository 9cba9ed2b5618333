"""forwhom: customer data in, customer segments that can be defended out."""

__version__ = "0.1.0"
