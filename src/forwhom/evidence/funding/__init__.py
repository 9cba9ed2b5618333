"""Who funds whom: flows of IATI files, tables and canvases, counted once, in one currency."""

from forwhom.evidence.funding.answer import funding_of
from forwhom.evidence.funding.choice import Choice
from forwhom.evidence.funding.ledger import Ledger

__all__ = ["Choice", "Ledger", "funding_of"]
