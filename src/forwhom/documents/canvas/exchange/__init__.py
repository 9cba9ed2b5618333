"""A canvas to and from other formats: bmml, JSON, and a flat table (CSV)."""

from forwhom.documents.canvas.exchange.exporting import export_canvas, exported
from forwhom.documents.canvas.exchange.importing import import_canvas

__all__ = ["export_canvas", "exported", "import_canvas"]
