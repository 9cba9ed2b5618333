from __future__ import annotations

from forwhom.documents.canvas.comparing.differences import CanvasComparison, Difference
from forwhom.documents.canvas.comparing.walk import Walk
from forwhom.documents.canvas.file import AnyCanvas, canvas_of
from forwhom.languages.catalog import speaking_all


def compare_canvases(before: AnyCanvas, after: AnyCanvas) -> list[Difference]:
    r"""Say in words what two versions of a canvas differ in.

    Parts are matched by their id. Notes, claims, quotes and other texts without one are matched by
    what they say, and then by likeness, so that a reworded note is not told as one that is gone and
    another that is new. Comments of a file, the order of its keys, and files that a canvas names
    are not compared.

    Parameters
    ----------
    before, after
        The earlier and the later canvas, or the paths of their files or folders.

    Returns
    -------
    list of Difference
        In the order of the canvas; empty where both say the same. The sentences are in the language
        of the later canvas, where forwhom has words in it, and otherwise in English. Whichever is
        called the earlier, the places are the same.

    Raises
    ------
    OptionError
        One of them is no canvas.
    SourceMissing
        There is no such canvas.
    DocumentError
        One of them is not a sound canvas.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> head = "forwhom: 1\nkind: canvas\n"
    >>> before = parse_canvas(head + "segments: [{id: a, name: Busy parents}]\n")
    >>> after = parse_canvas(
    ...     head + "segments: [{id: a, name: Busy parents, status: serve, "
    ...     "decision: {reason: They plan ahead.}}]\nblocks: {channels: [{text: School news}]}\n"
    ... )
    >>> for one in compare_canvases(before, after):
    ...     print(one.kind, one.sentence, sep=": ")
    changed: segment “Busy parents”: candidate → serve, because “They plan ahead.”
    added: note “School news” in Channels was added
    """
    old, new = canvas_of(before), canvas_of(after)
    with speaking_all(new.language):
        return Walk(old, new).found


def comparison_of(before: AnyCanvas, after: AnyCanvas) -> CanvasComparison:
    """Return what two versions of a canvas differ in, with what they are called."""
    old, new = canvas_of(before), canvas_of(after)
    files = [str(one._origin.path or "") for one in (old, new)]
    return CanvasComparison(
        title=new.title or old.title,
        language=new.language,
        before=files[0],
        after=files[1],
        differences=compare_canvases(old, new),
    )
