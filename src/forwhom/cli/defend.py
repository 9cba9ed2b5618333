from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom defend segments", "forwhom defend canvas.yaml", "forwhom defend segments --json"
)
@click.argument("segments", type=options.PATH)
def defend(segments: Path, as_json: bool) -> None:
    """Can we defend these segments? Seven questions, what is known of each, and what is not.

    SEGMENTS is a folder that 'forwhom discover' wrote, or its segmentation.json, or a canvas: then
    the segments that it serves or may serve are asked about, by what it says and cites.
    """
    from forwhom.choices.defending import defense_of

    found = defense_of(segments)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
        return
    terminal.say(found.headline, "bold")
    grid = terminal.table("Question", "Answer", "Why")
    for one in found.questions:
        grid.add_row(terminal.cell(one.question), one.state, terminal.cell(one.why))
    terminal.console().print(grid)
    if found.market:
        terminal.write(f"{found.market} More: forwhom market {segments}")
