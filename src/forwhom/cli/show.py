"""`forwhom show`: a segmentation in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError


@options.command(
    "forwhom show segments",
    "forwhom show segments/segmentation.json --segment 2",
    "forwhom show segments --json",
)
@options.segmentation
@click.option("--segment", type=int, help="Everything about one segment, by its number.")
def show(segmentation: Path, segment: int | None, as_json: bool) -> None:
    """Show the answer of an earlier run.

    SEGMENTATION is a folder that 'forwhom discover' wrote, or its segmentation.json.
    """
    from forwhom.cli.answer import print_answer, print_segment
    from forwhom.documents import read_segmentation

    found = read_segmentation(segmentation)
    chosen = {s.id: s for s in found.segments}
    if segment is not None and segment not in chosen:
        raise OptionError(
            f"there is no segment {segment}.", f"There are segments 1 to {len(chosen)}."
        )
    if as_json:
        shown = found if segment is None else chosen[segment]
        terminal.print_json(shown.model_dump(mode="json"))
    elif segment is None:
        print_answer(found)
    else:
        print_segment(found, chosen[segment])
