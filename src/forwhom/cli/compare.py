from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.languages.catalog import speaking_asked


@options.command(
    "forwhom compare segments segments-next-year",
    "forwhom compare a/members.parquet b/members.parquet --json",
    "forwhom compare segments segments-next-year --language de",
)
@click.argument("a", type=options.PATH)
@click.argument("b", type=options.PATH)
@options.language_of_report
def compare(a: Path, b: Path, language: str | None, as_json: bool) -> None:
    """Say how far two segmentations agree: cross table, adjusted Rand index, what moved.

    A and B are folders that 'forwhom discover' wrote, or members files.
    """
    from forwhom.pipeline.comparison import compare as set_side_by_side

    found = set_side_by_side(a, b)
    with speaking_asked(language):
        terminal.tell(found.model_dump(mode="json"), str(found), as_json=as_json)
