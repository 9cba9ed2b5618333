from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import MEMBERS
from forwhom.wording import listed

if TYPE_CHECKING:
    from forwhom.pipeline.discovery import Result

CRITERIA = ("bic", "aic", "aic3", "caic", "sabic", "icl")
METHODS = ("mixture", "kmeans", "rfm", "rules")
COVARIANCES = ("diagonal", "full", "tied")
NUMBERS = ("tilts", "measured")


@options.command(
    "forwhom discover customers.csv",
    "forwhom discover study.yaml -o segments --k-max 6",
    "forwhom discover transactions.parquet demographics.csv --cutoff 2025-01-01",
    "forwhom discover customers.csv --k 4 --method kmeans -o four --json",
    "forwhom discover survey.sav -o segments --members members.sav",
    reads=options.TABLES,
)
@click.argument("data", metavar="DATA_OR_STUDY...", nargs=-1, required=True)
@options.output(
    "Folder for segmentation.json, members.parquet and report.html.", default="segments"
)
@click.option(
    "--members", type=options.PATH,
    help=f"Also write who belongs where to this file: {listed(MEMBERS, last='or')}, the names of "
    "the segments in it.",
)  # fmt: skip
@click.option("--k", type=int, help="Number of segments; left out: chosen by the criterion.")
@click.option(
    "--k-max", type=int, default=8, show_default=True, help="Try 1 up to this many segments."
)
@click.option("--method", type=click.Choice(METHODS), default="mixture", show_default=True)
@click.option(
    "--criterion", type=click.Choice(CRITERIA), default="bic", show_default=True,
    help="What chooses the number of segments.",
)  # fmt: skip
@click.option(
    "--covariance", type=click.Choice(COVARIANCES), default="diagonal", show_default=True,
    help="How continuous variables may move together inside a segment.",
)  # fmt: skip
@click.option(
    "--numbers", type=click.Choice(NUMBERS), default="tilts", show_default=True,
    help="How numbers are modeled: in bins with a distribution that segments share and tilt, or as "
    "their measure suggests (normal, log-normal, Poisson).",
)  # fmt: skip
@click.option("--starts", "n_starts", type=int, help="Random starts for each number of segments.")
@click.option(
    "--prior", type=float, default=1.0, show_default=True,
    help="Prior customers, spread over the segments; 0 is maximum likelihood.",
)  # fmt: skip
@click.option("--blrt", is_flag=True, help="Test each number of segments by bootstrap (slow).")
@click.option(
    "--stability", type=int,
    help="Seek every number of segments again in so many replicates of the customers; 0 is none. "
    "Left out: 20, with the number that is kept.",
)  # fmt: skip
@click.option(
    "--sample", type=int,
    help="Customers on whom the number of segments is chosen where there are more (those who "
    "answered alike count once); 0 is all. Left out: 20,000. Everybody is fitted in the end. Of "
    "more than two million in Parquet or DuckDB, a million are drawn and looked at; 0: none.",
)  # fmt: skip
@click.option("--rules", type=options.PATH, help="YAML with your own segments as conditions.")
@click.option(
    "--like", type=options.PATH,
    help="Folder of an earlier run, whose numbers and names the segments keep.",
)  # fmt: skip
@click.option(
    "--threshold", type=click.IntRange(1), default=10, show_default=True,
    help="Publish nothing about fewer customers than this; 1 only where nobody else reads it.",
)  # fmt: skip
@options.cutoff
@options.allow_connections
@options.layout
@options.keep_ids
@options.seed
@options.language_of_report
@options.force
@options.quiet
def discover(
    *, data: tuple[str, ...], output: Path, method: str, rules: Path | None, members: Path | None,
    language: str | None, keep_ids: bool, force: bool, quiet: bool, as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """Find the segments in customer data, and write what was found.

    DATA_OR_STUDY is a study (study.yaml, see 'forwhom study'), or one or more tables, for which a
    study is drafted in memory.
    """
    from forwhom.customers.pseudonyms import told_of_ids
    from forwhom.pipeline.discovery import check_folder
    from forwhom.pipeline.discovery import discover as run

    check_folder(output, overwrite=force)
    if members is not None:
        options.check_place(members, force, *MEMBERS)
    with show_progress(quiet=quiet) as progress:
        source = list(data) if len(data) > 1 else data[0]
        method = "rules" if rules else method
        result = run(source, method=method, rules=rules, progress=progress, **chosen)
        result.save(output, overwrite=force, keep_ids=keep_ids, language=language)
        if members is not None:
            result.save_members(members, overwrite=force, keep_ids=keep_ids)
    _tell(result, output, language, as_json)
    if members is not None and not as_json:
        terminal.write(f"Wrote {members}")
    if not keep_ids and not as_json and (told := told_of_ids(result.first)):
        terminal.write(told)


def _tell(result: Result, output: Path, language: str | None, as_json: bool) -> None:
    if as_json:
        from forwhom.documents import dump_segmentation

        terminal.write_json(dump_segmentation(result.segmentation))
        return
    from forwhom.cli.show import print_answer

    print_answer(result.segmentation, language)
    terminal.write(f"\nWrote {output}: segmentation.json, members.parquet, report.html")
    terminal.write(
        f"Open {output / 'report.html'} next; 'forwhom show {output} --segment 1' says more."
    )
