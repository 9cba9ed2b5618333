from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.languages.catalog import speaking, tr, tr_in, whole
from forwhom.wording import percent

if TYPE_CHECKING:
    from rich.table import Table

    from forwhom.documents.experiment import ExperimentPlan
    from forwhom.documents.results.experiment import ExperimentReading
    from forwhom.pipeline.experiments import Planned, ReadExperiment

EPILOG = """\b
Examples:
  forwhom experiment plan plan.yaml --canvas canvas.yaml
  forwhom experiment read plan.yaml results.csv -o experiment.html
  forwhom experiment read plan.yaml results.csv --canvas canvas.yaml
"""
_PLAN = click.argument("plan", type=options.PATH)


@click.group("experiment", epilog=EPILOG)
def experiment() -> None:
    """Plan an experiment before its data, and read what it shows of each segment."""


@options.command(
    "forwhom experiment plan plan.yaml",
    "forwhom experiment plan plan.yaml --canvas canvas.yaml --segmentation segments",
    "forwhom experiment plan plan.yaml --statement 'A reminder brings them back' --column ordered "
    "--kind share --baseline 0.12 --effect 0.04 --arm control --arm reminder",
    name="plan",
)
@_PLAN
@click.option("--canvas", type=options.PATH, help="Canvas with the hypothesis; its test card.")
@click.option("--segmentation", type=options.PATH, help="The run whose segments these are.")
@click.option("--hypothesis", help="Id of the hypothesis in the canvas.")
@click.option("--statement", help="We believe that …; left out: what the hypothesis says.")
@click.option("--column", help="Column of the data with what is measured.")
@click.option(
    "--kind", type=click.Choice(["share", "mean", "money", "count"]), help="What is measured."
)
@click.option("--better", type=click.Choice(["more", "less"]), help="What would be good.")
@click.option("--baseline", type=float, help="What the control arm is expected to have.")
@click.option("--deviation", type=float, help="Standard deviation among customers.")
@click.option("--unit", help="Unit of a number, such as EUR.")
@click.option("--effect", type=float, help="The true difference to be found: 0.02 is 2 points.")
@click.option("--threshold", type=float, help="The least difference that makes us right; 0.")
@click.option("--arm", "arms", multiple=True, help="Both arms, the control arm first.")
@click.option("--segment", "segments", multiple=True, help="A segment where it runs, again each.")
@click.option("--customers", type=int, help="In each segment, in both arms; left out: computed.")
@click.option("--power", type=float, help="Chance to find the effect; 0.8.")
@click.option("--alpha", type=float, help="Chance of a wrong verdict, both sides; 0.05.")
@click.option("--looks", type=click.IntRange(1, 20), help="How often somebody looks; once.")
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), help="First day of the data.")
@click.option("--again", is_flag=True, help="Seal a changed plan again, if nobody saw data yet.")
@options.language_of_all
def plan(
    *, plan: Path, canvas: Path | None, segmentation: Path | None, again: bool,
    language: str | None, as_json: bool, **told: Any,
) -> None:  # fmt: skip
    """Plan an experiment: size and power of each segment, sealed before there are data.

    PLAN is a YAML file. Where there is none, the options write it; one that exists gets its sizes
    and its seal, and everything else in it stays as it is.
    """
    from forwhom.documents.canvas import canvas_path
    from forwhom.documents.changing import changing
    from forwhom.documents.experimentfile import read_plan
    from forwhom.pipeline.experiments import plan_experiment
    from forwhom.suffixes import YAML

    options.check_place(plan, True, *YAML)
    place = None if canvas is None else canvas_path(canvas)
    with changing(plan) as write:
        given = {key: value for key, value in told.items() if value not in (None, ())}
        found = _made(plan, place, given) if not plan.exists() else read_plan(plan)
        if plan.exists():
            _refuse_options(plan, given)
        done = plan_experiment(
            found, canvas=place, segmentation=segmentation, again=again, language=language
        )
        if place is not None and done.plan.hypothesis is not None:
            with changing(place) as write_canvas:
                text = done.on_canvas(place)
                write(done.text)
                write_canvas(text)
        else:
            write(done.text)
    _tell_plan(done, plan, as_json)


def _refuse_options(plan: Path, given: dict[str, Any]) -> None:
    from forwhom.errors import OptionError

    if given:
        first = next(iter(given)).removesuffix("s")
        raise OptionError(
            f"{plan} is there already, and --{first} would change it.",
            "Edit the file, and run the command without these options.",
        )


def _made(place: Path, canvas: Path | None, given: dict[str, Any]) -> ExperimentPlan:
    """Return the plan that the options say."""
    from forwhom.documents.canvas import read_canvas
    from forwhom.documents.experimentfile import parse_plan
    from forwhom.documents.ids import in_id
    from forwhom.documents.testcards import hypothesis_of
    from forwhom.documents.yamlwriting import dump_yaml
    from forwhom.errors import OptionError, SourceMissing

    if not given:
        raise SourceMissing(
            f"there is no {place}.",
            "Write it, or let options write it: 'forwhom experiment plan --help' shows how.",
        )
    if "hypothesis" in given and canvas is not None and "statement" not in given:
        given["statement"] = hypothesis_of(read_canvas(canvas), given["hypothesis"])[1].statement
    needed = ("statement", "column", "kind", "baseline", "effect", "arms")
    missing = [f"--{key.removesuffix('s')}" for key in needed if key not in given]
    if missing:
        raise OptionError(
            f"there is no {place}, and to write it {', '.join(missing)} is needed.",
            "'forwhom experiment plan --help' shows an example.",
        )
    outcome = ("column", "kind", "better", "baseline", "deviation", "unit")
    data: dict[str, Any] = {"forwhom": 1, "kind": "plan", "id": in_id(place.stem)}
    data |= {k: given[k] for k in ("statement", "hypothesis") if k in given}
    data["outcome"] = {key: given[key] for key in outcome if key in given}
    data["arms"] = dict.fromkeys(given["arms"], 1)
    data |= {k: given[k] for k in ("threshold", "effect", "alpha", "power", "looks") if k in given}
    size = {"customers": given["customers"]} if "customers" in given else {}
    if "segments" in given:
        data["segments"] = [{"id": one} | size for one in given["segments"]]
    elif size:
        data["overall"] = size
    if "starts" in given:
        data["starts"] = f"{given['starts']:%Y-%m-%d}"
    return parse_plan(dump_yaml(data), place)


def _tell_plan(done: Planned, place: Path, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        sizes = asdict(done.sizes)
        terminal.print_json({"plan": done.plan.model_dump(mode="json"), "sizes": sizes})
        return
    for line in (*done.asked, *done.terms):
        terminal.write(line)
    with speaking(done.language):
        terminal.console().print(_sizes(done))
    terminal.write(f"Wrote {place}")


def _sizes(done: Planned) -> Table:
    grid = terminal.table(
        tr("Segment"),
        (tr("Baseline"), "right"),
        (terminal.printable(done.plan.control), "right"),
        (terminal.printable(done.plan.treated), "right"),
        (tr_in("test", "Power"), "right"),
        (tr("Needed in all"), "right"),
    )
    for one in (*done.sizes.segments, done.sizes.overall):
        control, treated = map(whole, one.arms)
        level = done.plan.outcome.level(one.baseline)
        cells = one.label, level, control, treated, percent(one.power), whole(one.needed)
        grid.add_row(*cells)
    return grid


@options.command(
    "forwhom experiment read plan.yaml results.csv",
    "forwhom experiment read plan.yaml results.csv --canvas canvas.yaml -o effects.html",
    "forwhom experiment read plan.yaml results.csv --members segments",
    "forwhom experiment read plan.yaml results.csv --segmentation segments --customers people.csv",
    name="read", reads=options.TABLES,
)  # fmt: skip
@_PLAN
@click.argument("data")
@click.option("--members", type=options.PATH, help="Who is in which segment: members, or a run.")
@click.option("--segmentation", type=options.PATH, help="The run whose model it is.")
@click.option("--customers", multiple=True, help="Tables from before, to be placed by that model.")
@click.option(
    "--closed", is_flag=True, help="No more data will come, though fewer are there than planned."
)
@click.option(
    "--threshold", type=click.IntRange(1), default=10, show_default=True,
    help="Numbers that would tell of fewer customers are withheld.",
)  # fmt: skip
@click.option("--canvas", type=options.PATH, help="Canvas whose hypothesis gets what was learned.")
@options.language_of_all
@options.output("The effects: .html, .svg, .png, .pdf or .json.")
@options.force
@options.quiet
def read(
    *,
    plan: Path,
    data: str,
    members: Path | None,
    segmentation: Path | None,
    customers: tuple[str, ...],
    closed: bool,
    threshold: int,
    canvas: Path | None,
    language: str | None,
    output: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say what an experiment shows of each segment, by the plan that was sealed before.

    DATA has a row for each customer: id, arm, segment, outcome, and the day where looks are
    planned. Nothing is said of a plan that changed, of arms that are not as they should be, or
    before a planned look (exit code 1).
    """
    from forwhom.documents.canvas import canvas_path
    from forwhom.documents.changing import changing
    from forwhom.pipeline.experiments import read_experiment
    from forwhom.report.experiment import FORMS, write_experiment

    options.check_place(output, force, *FORMS)
    with show_progress(quiet=quiet) as progress:
        found = read_experiment(
            plan, data, members=members, segmentation=segmentation,
            customers=list(customers) or None, closed=closed, threshold=threshold,
            language=language or options.spoken_in(canvas), progress=progress,
        )  # fmt: skip
    written = []
    if canvas is not None and not found.reading.blocked:
        place = canvas_path(canvas)
        with changing(place) as write:
            write(found.on_canvas(place))
        written.append(place)
    if output is not None:
        written.append(write_experiment(found.reading, output, overwrite=force))
    with speaking(found.reading.language):
        _tell_reading(found, written, as_json)
    if found.reading.blocked:
        click.get_current_context().exit(1)


def _tell_reading(found: ReadExperiment, written: list[Path], as_json: bool) -> None:
    reading = found.reading
    if as_json:
        told = reading.model_dump(mode="json")
        told["evidence"] = [one.model_dump(mode="json") for one in found.evidence]
        terminal.print_json(told)
        return
    terminal.say(reading.headline, "bold")
    if not reading.blocked:
        terminal.console().print(_effects(reading))
    for sentence in reading.sentences[1:]:
        terminal.write(sentence)
    terminal.warn(reading.notes)
    for place in written:
        terminal.write(f"Wrote {place}")


def _effects(reading: ExperimentReading) -> Table:
    from forwhom.documents.results.experiment import VERDICTS

    outcome = reading.outcome
    arms: list[str | tuple[str, str]] = [(terminal.printable(arm), "right") for arm in reading.arms]
    several, share = len(reading.segments) > 1, percent(1 - reading.alpha)
    grid = terminal.table(
        tr("Segment"),
        *arms,
        (tr("Difference"), "right"),
        (tr("{share} of all at once", share=share) if several else share, "right"),
        *([(tr("Pooled"), "right")] if several else []),
        tr("Verdict"),
    )
    for one in reading.effects:
        levels = [outcome.level(x) for x in one.levels] if one.levels else ["–", "–"]
        counts = one.customers or (0, 0)
        cells = [
            tr("{level} of {n}", level=x, n=whole(n)) if n else x
            for x, n in zip(levels, counts, strict=True)
        ]
        cells.append(outcome.difference(one.difference))
        cells.append("–" if one.sure is None else outcome.between(one.sure.low, one.sure.high))
        if several:
            cells.append(outcome.difference(one.pooled))
        grid.add_row(one.label, *cells, tr(VERDICTS[one.verdict]))
    return grid


experiment.add_command(plan)
experiment.add_command(read)
