from __future__ import annotations

from pathlib import Path

from forwhom.cli import options, terminal


@options.command("forwhom defend segments", "forwhom defend segments/segmentation.json --json")
@options.segmentation
def defend(segmentation: Path, as_json: bool) -> None:
    """Can we defend these segments? Seven questions, what is known of each, and what is not.

    SEGMENTATION is a folder that 'forwhom discover' wrote, or its segmentation.json.
    """
    from forwhom.documents import read_segmentation
    from forwhom.documents.defense import defense_of

    found = defense_of(read_segmentation(segmentation))
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
        return
    terminal.say(found.headline, "bold")
    grid = terminal.table("Question", "Answer", "Why")
    for one in found.questions:
        grid.add_row(one.question, one.state, terminal.cell(one.why))
    terminal.console().print(grid)
