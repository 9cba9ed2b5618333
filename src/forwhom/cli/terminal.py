"""What goes to stdout: tables for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

#: Width of tables in a pipe or a file, where no terminal says how wide it is.
PIPE_WIDTH = 120
#: Text is not set wider than this.
_READABLE = 100


def console() -> Console:
    """Return a console on stdout: color on a terminal, plain text in a pipe or with NO_COLOR."""
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:  # rich would leave with 1, which means findings
            raise BrokenPipeError

    out = Quiet(highlight=False)
    return out if out.is_terminal else Quiet(highlight=False, width=PIPE_WIDTH)


def table(*columns: str | tuple[str, str], title: str | None = None) -> Table:
    """Return an empty table; a column is a heading, or a heading and "right"."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        heading, justify = (column, "left") if isinstance(column, str) else column
        made.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return made


def width() -> int:
    """Return how many columns a line of text may have, so that it can be read."""
    return min(console().width, _READABLE)


def say(text: str, style: str = "") -> None:
    """Print a line of text, which is never taken for markup."""
    from rich.text import Text

    console().print(Text(text, style=style))


def warn(notes: Iterable[str]) -> None:
    """Print what weakens an answer, a line each."""
    for note in notes:
        say(f"! {note}", "yellow")


def tell(value: Any, *lines: str, as_json: bool) -> None:
    """Print what a command did: lines for people, or a value for machines."""
    if as_json:
        print_json(value)
    else:
        click.echo("\n".join(lines))


def print_json(value: Any) -> None:
    """Print one JSON document, UTF-8, without numbers that JSON does not have."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))
