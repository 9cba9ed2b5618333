"""The canvas: what a team knows and decides, with its frameworks."""

from forwhom.documents.canvas.comparing import compare_canvases
from forwhom.documents.canvas.drafting import convert_canvas, new_canvas
from forwhom.documents.canvas.exchange import export_canvas, import_canvas
from forwhom.documents.canvas.file import (
    AnyCanvas,
    canvas_of,
    canvas_path,
    canvas_text,
    edited,
    edits_of,
    is_canvas,
    named_file,
    parse_canvas,
    read_canvas,
    write_canvas,
)
from forwhom.documents.canvas.frameworks import (
    Block,
    Framework,
    framework_names,
    framework_of,
    homeless,
    read_framework,
)
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.removing import Removal, canvas_without, removal_of
from forwhom.documents.canvas.seeding import seed_canvas
from forwhom.documents.canvas.suspects import accept_claims, suspects

__all__ = [
    "AnyCanvas",
    "Block",
    "Canvas",
    "CanvasEvidence",
    "Framework",
    "Removal",
    "accept_claims",
    "canvas_of",
    "canvas_path",
    "canvas_text",
    "canvas_without",
    "cited",
    "compare_canvases",
    "convert_canvas",
    "edited",
    "edits_of",
    "export_canvas",
    "framework_names",
    "framework_of",
    "homeless",
    "import_canvas",
    "is_canvas",
    "items",
    "named_file",
    "new_canvas",
    "parse_canvas",
    "read_canvas",
    "read_framework",
    "removal_of",
    "seed_canvas",
    "suspects",
    "write_canvas",
]
