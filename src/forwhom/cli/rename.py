from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom rename segments 2 'Weekly stock-up'",
    "forwhom rename segments/segmentation.json 2 ''",
)
@options.segmentation
@click.argument("segment", type=int)
@click.argument("name")
def rename(segmentation: Path, segment: int, name: str, as_json: bool) -> None:
    """Give a segment a name of your own; an empty one brings back the proposed name.

    The segmentation is written again, and the report beside it. 'forwhom discover --like' keeps
    the name in later runs.
    """
    from forwhom.documents import rename_segment
    from forwhom.pipeline.rewriting import written_again

    changed = written_again(segmentation, lambda known: rename_segment(known, segment, name))
    given = next(s.name for s in changed.segments if s.id == segment)
    told = {"segment": segment, "name": given}
    terminal.tell(told, f"Segment {segment} is called {given} now.", as_json=as_json)
