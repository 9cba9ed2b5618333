"""`forwhom rename`: a name of your own for a segment."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom rename segments 2 'Weekly stock-up'",
        "forwhom rename segments/segmentation.json 2 ''",
    ),
)
@click.argument("segmentation", type=click.Path(path_type=Path))
@click.argument("segment", type=int)
@click.argument("name")
@options.as_json
def rename(segmentation: Path, segment: int, name: str, as_json: bool) -> None:
    """Give a segment a name of your own; an empty one brings back the proposed name.

    The segmentation is written again, and the report beside it. 'forwhom discover --like' keeps
    the name in later runs.
    """
    from forwhom.cli import terminal
    from forwhom.documents import (
        read_segmentation,
        rename_segment,
        segmentation_path,
        write_segmentation,
    )
    from forwhom.report.segmentation import write_report

    path = segmentation_path(segmentation)
    changed = rename_segment(read_segmentation(path), segment, name)
    write_segmentation(changed, path, overwrite=True)
    report = path.with_name("report.html")
    if report.exists():
        write_report(changed, report, overwrite=True)
    given = next(s.name for s in changed.segments if s.id == segment)
    if as_json:
        terminal.print_json({"segment": segment, "name": given})
    else:
        click.echo(f"Segment {segment} is called {given} now.")
