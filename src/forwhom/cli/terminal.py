r"""What goes to the terminal: text and tables for people, JSON for machines.

Everything that a command prints goes through here, so that no text of a table, a canvas or a
segmentation acts on the terminal: characters that steer it are shown as ``\x1b``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

#: Width of tables in a pipe or a file, where no terminal says how wide it is.
PIPE_WIDTH = 120
#: Text is not set wider than this.
_READABLE = 100
#: What steers a terminal: control characters but for line feed and tab, line separators, and what
#: turns the direction of writing. A lone half of a surrogate pair cannot be printed at all. What
#: nobody sees would make two names look like one, except what Arabic and Persian are written with.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\xad\u180e\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    r"""Return text as it may be printed; what steers a terminal is shown as ``\x1b``."""
    return _STEERING.sub(lambda found: _code(found[0]), _ours(text).replace("\r\n", "\n"))


def _ours(text: str) -> str:
    """Return text without what sets names and numbers apart on pages (`wording.apart`)."""
    return text.replace("\u2068", "").replace("\u2069", "")


def steers(text: str) -> bool:
    """Whether a terminal would obey something in a text instead of showing it."""
    return _STEERING.search(text.replace("\r\n", "\n")) is not None


def _code(character: str) -> str:
    number = ord(character)
    if number < 256:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"


def console() -> Console:
    """Return a console on stdout: color on a terminal, plain text in a pipe or with NO_COLOR."""
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:  # rich would leave with 1, which means findings
            raise BrokenPipeError

    out = Quiet(highlight=False)
    return out if out.is_terminal else Quiet(highlight=False, width=PIPE_WIDTH)


def table(*columns: str | tuple[str, str], title: str | None = None) -> Table:
    """Return an empty table; a column is a heading, or a heading and "right".

    A cell that is text is printed as it is; :func:`cell` gives it a style.
    """
    from rich import box
    from rich.table import Table

    class Printable(Table):
        def add_row(self, *cells: Any, **kwargs: Any) -> None:
            shown = (cell(one) if isinstance(one, str) else one for one in cells)
            super().add_row(*shown, **kwargs)

    made = Printable(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        heading, justify = (column, "left") if isinstance(column, str) else column
        made.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return made


def width() -> int:
    """Return how many columns a line of text may have, so that it can be read."""
    return min(console().width, _READABLE)


def cell(text: str, style: str = "") -> Text:
    """Return text with a style, which is never taken for markup."""
    from rich.text import Text

    return Text(printable(text), style=style)


def write(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text as it is, on stdout or stderr."""
    click.echo(printable(text), err=err, nl=nl)


def say(text: str, style: str = "") -> None:
    """Print a line of text, which is never taken for markup."""
    console().print(cell(text, style))


def warn(notes: Iterable[str]) -> None:
    """Print what weakens an answer, a line each."""
    for note in notes:
        say(f"! {note}", "yellow")


def tell(value: Any, *lines: str, as_json: bool) -> None:
    """Print what a command did: lines for people, or a value for machines."""
    if as_json:
        print_json(value)
    else:
        write("\n".join(lines))


def answer(found: BaseModel, text: str, output: Path | None, *, as_json: bool) -> None:
    """Print an answer as text, with where it was written, or as JSON."""
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    write(text, nl=False)
    if output is not None:
        write(f"\nWrote {output}")


def print_json(value: Any) -> None:
    """Print one JSON document, UTF-8, without numbers that JSON does not have."""
    write_json(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def write_json(text: str) -> None:
    """Print JSON that is text already; what steers a terminal is escaped as JSON does."""
    # Outside of strings JSON has none of these characters.
    click.echo(_STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text.rstrip("\n")))
