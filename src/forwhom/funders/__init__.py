"""Who funds whom: flows of IATI files, tables and canvases, counted once, in one currency."""

from forwhom.funders.answer import funding_of
from forwhom.funders.division import Choice
from forwhom.funders.ledger import Ledger

__all__ = ["Choice", "Ledger", "funding_of"]
