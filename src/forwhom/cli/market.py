from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.suffixes import YAML, ends_with


@options.command(
    "forwhom market segments",
    "forwhom market segments --canvas canvas.yaml --part 0.02",
    "forwhom market canvas.yaml --interactions rides.csv --sides rider driver",
    "forwhom market segments --language de",
    reads=options.TABLES,
)
@click.argument("segments", type=options.PATH)
@click.option("--canvas", type=options.PATH, help="A canvas whose type of market is compared.")
@click.option("--interactions", help="A table with a row for each time that two customers dealt.")
@click.option("--sides", nargs=2, help="Its two columns with who they were: rider driver.")
@click.option(
    "--part", type=float, help="Part of the whole market that they stand for: 0.02 is 2%."
)
@options.language_of_all
def market(
    *,
    segments: Path,
    canvas: Path | None,
    interactions: str | None,
    sides: tuple[str, str] | None,
    part: float | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Say what kind of market it is, which numbers led there, and how near the next kind is.

    SEGMENTS is a folder that 'forwhom discover' wrote, or its segmentation.json, or a canvas. A
    market is mass, niche, segmented, diversified or multi-sided; what data do not carry is said.
    """
    from forwhom.pipeline.market import market_type

    of_canvas = ends_with(segments, YAML)
    found = market_type(
        None if of_canvas else segments,
        canvas=segments if of_canvas else canvas,
        interactions=interactions,
        sides=sides,
        part=part,
    )
    with speaking(language or options.spoken_in(segments if of_canvas else canvas) or SOURCE):
        terminal.tell(found.model_dump(mode="json"), str(found), as_json=as_json)
