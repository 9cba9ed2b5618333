"""PDF and PNG: typst sets the page, with its own fonts and those of the machine."""

from collections.abc import Mapping
from typing import Any, Literal

from forwhom.errors import DriverMissing, OutputError

#: Pixels per inch of a picture: sharp on a screen with twice the dots.
RESOLUTION = 144


def typeset(
    source: str,
    kind: Literal["pdf", "png"],
    files: Mapping[str, bytes] | None = None,
    *,
    resolution: int = RESOLUTION,
) -> bytes:
    """Set a page."""
    try:
        import typst
    except ImportError as error:
        raise DriverMissing(
            "PDF and PNG are made by typst, which is not installed.",
            "Install it with: pip install 'forwhom[pdf]'. SVG, HTML and Markdown need nothing.",
        ) from error
    given: Any = {"main.typ": source.encode(), **(files or {})}
    try:
        made = typst.compile(given, format=kind, ppi=resolution, timestamp=0)
    except RuntimeError as error:
        raise OutputError(f"This page cannot be set: {error}.", "Please report it.") from error
    first: bytes = made[0] if isinstance(made, list) else made
    return first


def picture_of(svg: str, kind: Literal["pdf", "png"]) -> bytes:
    """Turn a drawing (SVG) into a picture or a page of its size."""
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")\n'
    return typeset(source, kind, {"drawing.svg": svg.encode()})
