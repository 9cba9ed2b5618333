from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.languages.catalog import SOURCE, speaking, tr, tr_in


@options.command(
    "forwhom defend segments", "forwhom defend canvas.yaml", "forwhom defend segments --language de"
)
@click.argument("segments", type=options.PATH)
@options.language_of_all
def defend(segments: Path, language: str | None, as_json: bool) -> None:
    """Can we defend these segments? Seven questions, what is known of each, and what is not.

    SEGMENTS is a folder that 'forwhom discover' wrote, or its segmentation.json, or a canvas: then
    the segments that it serves or may serve are asked about, by what it says and cites.
    """
    from forwhom.choices.defending import defense_of, is_canvas

    spoken = language or (options.spoken_in(segments) if is_canvas(segments) else None)
    found = defense_of(segments, language=spoken)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
        return
    with speaking(spoken or SOURCE):
        terminal.say(found.headline, "bold")
        grid = terminal.table(tr("Question"), tr("Answer"), tr("Why"))
        for one in found.questions:
            state = tr_in("answer", one.state)
            grid.add_row(terminal.cell(one.question), state, terminal.cell(one.why))
        terminal.console().print(grid)
        if found.market:
            more = tr("More: {command}", command=f"forwhom market {segments}")
            terminal.write(f"{found.market} {more}")
