from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.errors import OptionError

if TYPE_CHECKING:
    from forwhom.documents.results.funding import Funding, Proposal


@options.command(
    "forwhom funding activities.xml",
    "forwhom funding iati/ --sector health --country Kenya --rate EUR=1.08 -o funding.html",
    "forwhom funding flows.csv -o sankey.svg --middle sector",
    "forwhom funding flows.csv -o who-funds-whom.csv",
    "forwhom funding flows.csv --language ar -o funding.html",
    "forwhom funding activities.xml.gz --propose canvas.yaml --segment clinics",
)
@click.argument("files", metavar="FILES...", nargs=-1, required=True)
@click.option(
    "--sector", multiple=True,
    help="Only this sector: a DAC code, its beginning, or words of its name. Several may be given.",
)  # fmt: skip
@click.option("--country", multiple=True, help="Only this country or region: a name or a code.")
@click.option("--currency", default="", help="Currency of the answer, such as USD.")
@click.option(
    "--rate", multiple=True, metavar="EUR=1.08",
    help="What 1 of a currency is worth in the currency of the answer.",
)  # fmt: skip
@click.option(
    "--basis", type=click.Choice(["spent", "committed"]), default="spent", show_default=True,
    help="Money that was paid, or promised with binding force.",
)  # fmt: skip
@click.option("--today", default=None, metavar="DAY", help="Divides past from future: 2026-11-25.")
@options.language_of_all
@options.output(
    "Write it there: a page (.html), a drawing (.svg, .png, .pdf), the flows as a table "
    "(.csv) or data (.json)."
)
@click.option(
    "--middle", type=click.Choice(["none", "sector", "country"]), default="none", show_default=True,
    help="What the drawing shows between givers and receivers.",
)  # fmt: skip
@click.option(
    "--top", type=click.IntRange(1, 40), default=10, show_default=True,
    help="Givers and receivers in the drawing; the others are drawn together.",
)  # fmt: skip
@click.option(
    "--propose", type=options.PATH,
    help="A canvas that gets the participants which the data show.",
)  # fmt: skip
@click.option(
    "--segment", multiple=True, metavar="ID",
    help="With --propose: whose purchase they take part in. Several may be given; none: every one.",
)  # fmt: skip
@click.option(
    "--economy", is_flag=True,
    help="With --propose: also actors, and features of how the money is given.",
)  # fmt: skip
@options.force
@options.quiet
def funding(
    *, files: tuple[str, ...], rate: tuple[str, ...], output: Path | None, middle: str, top: int,
    propose: Path | None, segment: tuple[str, ...], economy: bool, force: bool, quiet: bool,
    as_json: bool,
    **chosen: Any,
) -> None:  # fmt: skip
    """Say who funds whom in which sector and country, how concentrated, and until when.

    FILES are IATI 2.0x activity files (XML, also .gz), folders of them, tables of flows with the
    columns from, to, amount and others, or a canvas with 'funding:'.
    """
    from forwhom.documents.changing import changing
    from forwhom.funders.proposals import propose_participants
    from forwhom.pipeline.funding import funding as find
    from forwhom.report.funding import FORMS, funding_text, write_funding

    options.check_place(output, force, *FORMS)
    canvas, added = _canvas(propose, segment, economy), list[str]()
    with show_progress(quiet=quiet) as progress:
        found = find(list(files), rates=_rates(rate), progress=progress, **chosen)
    proposed: list[Proposal] = []
    if output is not None:
        between: Any = "" if middle == "none" else middle
        write_funding(found, output, middle=between, top=top, overwrite=force)
    if canvas is not None:
        with changing(canvas) as write:
            text, proposed = propose_participants(found, canvas, segments=segment)
            if proposed:
                write(text)
        added = _economy(found, canvas) if economy else []
    if as_json:
        extra = {"proposed": [one.model_dump(mode="json") for one in proposed], "economy": added}
        terminal.print_json(found.model_dump(mode="json") | (extra if canvas else {}))
        return
    terminal.write(funding_text(found), nl=False)
    if output is not None:
        terminal.write(f"Wrote {output}")
    if canvas is not None:
        _tell(proposed, canvas, segment)
        if added:
            terminal.write(f"Added actors and features of the money: {', '.join(added)}.")
            terminal.write("No data say what they want and mean; 'forwhom lint' asks for it.")


def _economy(found: Funding, canvas: Path) -> list[str]:
    """Add actors and features of how money is given to a canvas; return their ids."""
    from forwhom.documents.changing import changing
    from forwhom.funders.economy import propose_economy

    with changing(canvas) as write:
        text, added = propose_economy(found, canvas)
        if added:
            write(text)
    return added


def _canvas(propose: Path | None, segments: tuple[str, ...], economy: bool) -> Path | None:
    """The canvas that gets participants; mistakes in it are said before the long work."""
    from forwhom.documents.canvas import canvas_path, read_canvas
    from forwhom.funders.proposals import check_segments

    if propose is not None:
        place = canvas_path(propose)
        check_segments(read_canvas(place), segments)
        return place
    if economy:
        raise OptionError("--economy adds to a canvas, and none is named.", "Add --propose CANVAS.")
    if segments:
        raise OptionError(
            "--segment says whose purchase proposed participants take part in, and nothing is "
            "proposed.",
            "Add --propose CANVAS, or leave --segment out.",
        )
    return None


def _rates(given: tuple[str, ...]) -> dict[str, float]:
    rates = {}
    for one in given:
        code, equals, number = one.partition("=")
        try:
            rates[code.strip().upper()] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise OptionError(
                f"--rate {one[:40]!r} cannot be read.",
                "Expected a currency and what 1 of it is worth, such as EUR=1.08.",
            )
    return rates


def _tell(proposed: list[Proposal], canvas: Path, segments: tuple[str, ...]) -> None:
    if not proposed:
        terminal.write(f"{canvas} has every participant that these data show.")
        return
    terminal.write(f"Added to {canvas}; look at each, nobody has confirmed them:")
    for one in proposed:
        terminal.write(f"  {one.id}: {one.reason}")
    if not segments:
        terminal.write(
            "They name no segment, so they take part in the purchase of every one. Write "
            "'segments' where that is wrong; --segment ID says it at once."
        )
