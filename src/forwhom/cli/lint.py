from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.errors import ForwhomError

if TYPE_CHECKING:
    from forwhom.lint import LintResult

FORMATS = ("text", "json", "sarif", "github")


@options.command(
    "forwhom lint canvas.yaml",
    "forwhom lint canvas.yaml --select statements,FW203 --ignore compound-job",
    "forwhom lint canvases/*.yaml --format sarif",
    "forwhom lint --explain FW101",
    "forwhom lint --list",
)
@click.argument("canvases", metavar="CANVAS...", nargs=-1, type=options.PATH)
@click.option(
    "--select", multiple=True,
    help="Rules or groups to run, by code, name or the beginning of a group's codes (FW9).",
)  # fmt: skip
@click.option("--ignore", multiple=True, help="Rules or groups not to run.")
@click.option("--explain", metavar="RULE", help="Only say what a rule checks, and why.")
@click.option("--list", "show", is_flag=True, help="Only say which rules there are.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help="How to print what was found.",
)  # fmt: skip
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), default=None,
    help="The day that the age of evidence is counted to; left out: today.",
)  # fmt: skip
def lint(
    canvases: tuple[Path, ...], select: tuple[str, ...], ignore: tuple[str, ...],
    explain: str | None, show: bool, form: str, today: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Look for what is weak in canvases: files, or folders that hold a canvas.yaml.

    Nothing is changed. The exit code is 1 when something was found. A comment
    '# lint: ignore[FW101] the reason' at the end of a line silences that rule there.
    """
    from forwhom.lint import all_rules, find_rules
    from forwhom.lint.output import explanation, rule_list

    if as_json:
        form = "json"
    if show or explain is not None:
        found = all_rules() if explain is None else find_rules(explain)
        text = rule_list(found) if explain is None else explanation(explain)
        keys = ("code", "name", "group", "severity", "documentation")
        rules = [{key: getattr(rule, key) for key in keys} for rule in found]
        terminal.tell(rules, text, as_json=form != "text")
        return
    if not canvases:
        # --list and --explain need no canvas, so click cannot require one.
        raise click.MissingParameter(param_hint="'CANVAS...'", param_type="argument")
    for word in (*_split(select), *_split(ignore)):
        find_rules(word)
    results = [_looked_through(path, _split(select), _split(ignore), today) for path in canvases]
    _print(form, results)
    failed = [error for _, error in results if error is not None]
    for one in failed[:-1]:
        terminal.write(f"error: {one}", err=True)
    if failed:
        raise failed[-1]
    click.get_current_context().exit(0 if all(result.clean for result, _ in results) else 1)


def _looked_through(
    path: Path, select: list[str], ignore: list[str], today: datetime | None
) -> tuple[LintResult, ForwhomError | None]:
    """Return what is weak in one canvas, or why it could not be read: both are printed."""
    from forwhom.lint import LintResult
    from forwhom.pipeline.canvases import lint_canvas

    day = None if today is None else today.date()
    try:
        return lint_canvas(path, select=select, ignore=ignore, today=day), None
    except ForwhomError as error:
        return LintResult(file=str(path), error=str(error)), error


def _split(words: tuple[str, ...]) -> list[str]:
    return [word.strip() for one in words for word in one.split(",") if word.strip()]


def _print(form: str, looked: list[tuple[LintResult, ForwhomError | None]]) -> None:
    from forwhom.lint import output
    from forwhom.version import __version__

    results = [result for result, _ in looked]
    if form == "json":
        terminal.print_json(output.as_json(results))
    elif form == "sarif":
        terminal.print_json(output.sarif(results, __version__))
    else:
        # People read on the error stream why a canvas could not be read.
        read = [result for result, error in looked if error is None]
        text = output.github(results) if form == "github" else output.text(read) if read else ""
        if text:
            terminal.write(text)
