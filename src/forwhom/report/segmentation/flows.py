"""The plot of flows as a file of its own."""

from __future__ import annotations

from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.refresh import Transitions
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.telling import told_segmentation
from forwhom.errors import OptionError
from forwhom.report.forms import Forms, drawn
from forwhom.report.segmentation.charts.flows import flow_plot


def flows_svg(segmentation: Segmentation) -> str:
    """Return where customers went since the segments were found, as a drawing (SVG).

    Parameters
    ----------
    segmentation
        With a refresh that knows who was where before.

    Raises
    ------
    OptionError
        There is none, or nobody is in both periods.
    """
    moves = moves_of(segmentation)
    names = {one.id: one.name for one in told_segmentation(segmentation).segments}
    return str(flow_plot(moves, names, standalone=True))


def moves_of(segmentation: Segmentation) -> Transitions:
    """Return where customers went; refuse a segmentation that does not know it."""
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    told = segmentation.refreshed
    if told is None or told.transitions is None:
        raise OptionError(
            "nothing tells where customers went: nobody is known to be in both periods.",
            "Give who was where before (--members), and tables with the same ids.",
        )
    return told.transitions


#: What the plot can be written as.
FLOWS = Forms(**drawn(flows_svg))


def write_flows(segmentation: Segmentation, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write where customers went as ``.svg``, ``.png`` or ``.pdf``, whole or not at all.

    Parameters
    ----------
    segmentation
        With a refresh that knows who was where before.
    path
        Where to write; its suffix says as what.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OptionError
        Nothing tells where customers went, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    """
    return FLOWS.write(segmentation, path, overwrite=overwrite)
