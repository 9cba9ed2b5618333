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
    from forwhom.documents import (
        check_output,
        dump_segmentation,
        new_folder,
        read_segmentation,
        rename_segment,
        segmentation_path,
    )
    from forwhom.documents.changing import in_turn
    from forwhom.report.segmentation import report_html

    path = segmentation_path(segmentation).resolve()
    report = path.with_name("report.html")
    # Two who rename at once wait for each other, or else one name would be lost.
    with in_turn(path, folder=path.parent.parent) as check:
        changed = rename_segment(read_segmentation(path), segment, name)
        texts = {path: dump_segmentation(changed)}
        if report.exists():
            texts[report] = report_html(changed)
        for file in texts:
            check_output(file, overwrite=True)
        check()
        # Both files as one: a name is never in one of them only.
        with new_folder(path.parent, overwrite=True) as stage:
            for file, text in texts.items():
                (stage / file.name).write_bytes(text.encode())
    given = next(s.name for s in changed.segments if s.id == segment)
    told = {"segment": segment, "name": given}
    terminal.tell(told, f"Segment {segment} is called {given} now.", as_json=as_json)
