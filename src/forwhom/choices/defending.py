"""Can we defend these segments: those that were found, or those of a canvas."""

from __future__ import annotations

from datetime import date
from os import PathLike
from pathlib import Path

from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.canvas.file import FILE_NAME as CANVAS
from forwhom.documents.canvasdefense import defense_of_canvas
from forwhom.documents.defense import Defense, defense_of_segmentation
from forwhom.documents.segmentationfile import FILE_NAME, AnySegmentation, segmentation_of
from forwhom.documents.telling import told_segmentation
from forwhom.languages.catalog import SOURCE, chosen, speaking


def defense_of(
    found: AnySegmentation | AnyCanvas, today: date | None = None, *, language: str | None = None
) -> Defense:
    """Say of segments whether they can be defended: seven questions, and what is known of each.

    Parameters
    ----------
    found
        A segmentation or a canvas, its file, or the folder that holds it. A canvas is asked about
        the segments that it serves or may serve: what it says, and what the evidence says that it
        cites.
    today
        The day that ages are counted to; left out: this one.
    language
        What forwhom says is said in this language: ``en``, ``de`` or ``ar``; left out: that of the
        canvas, if everything is said in it, or else English.

    Returns
    -------
    Defense
        Seven questions, each with ``yes``, ``open`` or ``no``, the reason, and ids of evidence.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is neither a sound segmentation nor a sound canvas.
    OptionError
        This is neither, or forwhom does not say this in that language.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = "{forwhom: 1, kind: canvas, segments: [{id: a, name: Parents who plan}]}"
    >>> print(defense_of(parse_canvas(text)).questions[0].why)
    Nobody asked data whether they are groups.
    """
    if isinstance(found, Canvas) or (isinstance(found, str | PathLike) and is_canvas(Path(found))):
        canvas = canvas_of(found)
        with speaking(chosen(language, canvas.language, whole=True)):
            return defense_of_canvas(canvas, today)
    segmentation = segmentation_of(found)
    with speaking(chosen(language, SOURCE, whole=True)):
        return defense_of_segmentation(told_segmentation(segmentation), today)


def is_canvas(path: Path) -> bool:
    """Whether a path stands for a canvas: YAML, or a folder that holds one and no segmentation."""
    if path.is_dir():
        return not (path / FILE_NAME).exists() and (path / CANVAS).exists()
    return path.suffix.lower() in (".yaml", ".yml")
