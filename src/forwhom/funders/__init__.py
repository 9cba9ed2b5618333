"""Who funds whom: flows of IATI files, tables and canvases, counted once, in one currency."""

from forwhom.funders.answer import funding_of
from forwhom.funders.division import Scope
from forwhom.funders.ledger import Ledger

__all__ = ["Ledger", "Scope", "funding_of"]
