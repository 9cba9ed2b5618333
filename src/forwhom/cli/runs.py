from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.wording import listed


@options.command("forwhom runs segments", "forwhom runs segments --of segment-2.size-now")
@options.segmentation
@click.option("--of", "what", help="Only runs with this id or fingerprint: evidence, table, model.")
def runs(segmentation: Path, what: str | None, as_json: bool) -> None:
    """Say from which runs the numbers of a segmentation come, and whether they are stale.

    The ledger beside a segmentation has a line for each run, with fingerprints of the study, of the
    tables, of the model and of everything that was computed.
    """
    from forwhom.documents import read_segmentation, segmentation_path
    from forwhom.documents.ledger import LEDGER, ledger_lines, read_ledger, stale, traced

    found = read_segmentation(segmentation)
    lines = ledger_lines(read_ledger(segmentation_path(segmentation).with_name(LEDGER)), found)
    shown = lines if what is None else traced(lines, what)
    why = stale(found)
    if as_json:
        told = [line.model_dump(mode="json") for line in shown]
        terminal.print_json({"runs": told, "model": found.lineage, "stale": why})
        return
    grid = terminal.table("Run", "When", "Model", "Tables", "Verdict")
    for line in shown:
        other = "" if line.lineage == found.lineage else " (another model)"
        tables = listed([f"{name} {mark}" for name, mark in line.sources.items()])
        when = f"{line.at}, as of {line.day}" if line.day else line.at
        grid.add_row(line.run, when, line.lineage + other, tables, line.verdict)
    terminal.console().print(grid)
    if what is not None and not shown:
        terminal.say(f"No run of the ledger computed {what!r}.")
    if why:
        terminal.warn([f"The refresh is stale: {why}."])
