from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import MEMBERS, YAML
from forwhom.wording import count, listed

#: Files that texts are read in; nobody reads them in SPSS.
_QUOTES = tuple(suffix for suffix in MEMBERS if suffix != "sav")

if TYPE_CHECKING:
    from forwhom.pipeline.voices import Heard


@options.command(
    "forwhom voices segments reviews.csv --text review",
    "forwhom voices segments customers.csv reviews.csv --text review --satisfaction stars "
    "--scale 1 5 --canvas canvas.yaml --quotes quotes.csv -o voices.html",
    reads=options.TABLES,
)
@options.segmentation
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option("--text", required=True, help="The column with what people wrote.")
@click.option(
    "--language", type=click.Choice(["de", "en", "es", "fr"]),
    help="Language of the texts; left out: recognized.",
)  # fmt: skip
@options.told_in
@click.option("--customer", help="The column that says who wrote; left out: the known id.")
@click.option("--satisfaction", help="A column with how satisfied they are, beside the texts.")
@click.option("--importance", help="A column with how important it is to them, beside the texts.")
@click.option("--scale", type=float, nargs=2, help="Lowest and highest rating; left out: 0 10.")
@click.option(
    "--most", type=click.IntRange(1), default=10, show_default=True,
    help="Most statements about each segment.",
)  # fmt: skip
@click.option("--canvas", type=options.PATH, help="A canvas that gets proposals of needs.")
@click.option(
    "--same-numbers", is_flag=True,
    help="The numbers mean the segments of the canvas, although it was seeded from another run.",
)  # fmt: skip
@click.option(
    "--quotes",
    type=options.PATH,
    help=f"A file for texts behind the statements, to stay with you: {listed(_QUOTES, last='or')}.",
)
@options.output("A page of its own: .html, .md or .json.")
@options.cutoff
@options.force
@options.quiet
def voices(
    *,
    segmentation: Path,
    data: tuple[str, ...],
    text: str,
    language: str | None,
    told_in: str | None,
    customer: str | None,
    satisfaction: str | None,
    importance: str | None,
    scale: tuple[float, float] | None,
    most: int,
    canvas: Path | None,
    same_numbers: bool,
    quotes: Path | None,
    output: Path | None,
    cutoff: datetime | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say what the customers of each segment speak of more often than all others.

    DATA is the table with reviews, interviews or open answers. Where the folder of the run holds no
    members, give the tables that place customers, too. Phrases of many customers are told, sorted
    into pains, gains, jobs and fears; what one of them wrote is in no answer, only in --quotes.
    """
    from forwhom.customers.members import write_members
    from forwhom.pipeline.voices import find_voices
    from forwhom.report.voices import FORMS, write_voices

    options.check_place(output, force, *FORMS)
    options.check_place(quotes, force, *_QUOTES)
    options.check_place(canvas, True, *YAML)
    with show_progress(quiet=quiet) as progress:
        heard = find_voices(
            segmentation, list(data), text=text, language=language, customer=customer,
            satisfaction=satisfaction, importance=importance, scale=scale, most=most,
            cutoff=cutoff, told_in=told_in or options.spoken_in(canvas), progress=progress,
        )  # fmt: skip
    told: dict[str, Any] = heard.voices.model_dump(mode="json")
    lines = []
    if canvas is not None:
        lines += _propose(heard, canvas, listed(data, most=None), same_numbers, told)
    if quotes is not None:
        write_members(heard.quotes, quotes, overwrite=force, keep_ids=True)
        lines.append(f"Wrote {quotes}: it holds what people wrote, so it stays with you.")
    if output is not None:
        lines.append(f"Wrote {write_voices(heard.voices, output, overwrite=force)}")
    terminal.tell(told, str(heard), *lines, as_json=as_json)


def _propose(
    heard: Heard, canvas: Path, source: str, same_numbers: bool, told: dict[str, Any]
) -> list[str]:
    """Add proposals to a canvas; return what to say of it."""
    from forwhom.choices.heard import propose_needs
    from forwhom.documents.changing import changing

    with changing(canvas) as write:
        done = propose_needs(
            heard.voices, heard.segmentation, canvas, source=source, same_numbers=same_numbers
        )
        write(done.text)
    found = {"added": done.added, "changed": done.changed, "gone": done.gone}
    told["proposed"] = {"canvas": str(canvas)} | found | {"suspect": done.suspect}
    lines = ["", f"{canvas}: {count(len(done.added), 'proposal')}, each for you to judge."]
    if done.changed or done.gone:
        items = count(len(done.changed), "item of evidence", "items of evidence")
        lines.append(f"{items} changed, {len(done.gone)} gone.")
    if done.suspect:
        lines.append(f"Suspect until a person looks: {', '.join(done.suspect)}")
        lines.append(f"Then: forwhom canvas accept {canvas} CLAIM --by NAME")
    return lines
