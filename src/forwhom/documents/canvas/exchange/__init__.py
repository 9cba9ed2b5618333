"""A canvas to and from other formats: bmml, JSON, and a flat table (CSV)."""

from forwhom.documents.canvas.exchange.carrying import Exported, Imported
from forwhom.documents.canvas.exchange.exporting import canvas_json, export_canvas, exported
from forwhom.documents.canvas.exchange.importing import import_canvas, parse_canvas_json

__all__ = [
    "Exported",
    "Imported",
    "canvas_json",
    "export_canvas",
    "exported",
    "import_canvas",
    "parse_canvas_json",
]
