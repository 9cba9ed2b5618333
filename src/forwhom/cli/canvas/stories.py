from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom canvas stories canvas.yaml",
    "forwhom canvas stories canvas.yaml -o stories.pdf",
    "forwhom canvas stories canvas.yaml -o stories.html --segment families",
)
@options.canvas
@options.output(
    "Write them there too: a page (.html), text (.md), a sheet of paper for each (.pdf), data "
    "(.json)."
)
@click.option(
    "--segment", multiple=True, metavar="ID",
    help="Only this segment, by its id or name. Several may be given; none: all that are served "
    "or may be.",
)  # fmt: skip
@options.force
def stories(
    canvas: Path, output: Path | None, segment: tuple[str, ...], force: bool, as_json: bool
) -> None:
    """Tell for each segment how it would use the offer, from its own needs and words.

    A story holds words of the canvas and few that join them; each sentence says from which item
    it comes and on what evidence that rests. What it lacks is listed, and never made up.
    """
    from forwhom.choices.stories import tell_stories
    from forwhom.report.stories import FORMS, stories_text, write_stories

    options.check_place(output, force, *FORMS)
    found = tell_stories(canvas, segments=segment)
    if output is not None:
        write_stories(found, output, overwrite=force)
    terminal.answer(found, stories_text(found, terminal.width()), output, as_json=as_json)
