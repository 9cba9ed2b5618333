"""Options that several commands share, so that they read and behave the same everywhere."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from forwhom.languages.catalog import SOURCE, WHOLE, catalogs, spoken_as
from forwhom.suffixes import TABLE

#: What adds an option to a command.
Option = Callable[[Callable[..., None]], Callable[..., None]]
#: What commands that read tables say about them.
TABLES = (
    f"A table is {TABLE}, a folder or glob of them, or a table of a database "
    "(postgresql://.../table, duckdb://file/table)."
)

PATH = click.Path(path_type=Path)
canvas = click.argument("canvas", type=PATH)
segmentation = click.argument("segmentation", type=PATH)
cutoff = click.option("--cutoff", type=click.DateTime(), help="Use only events before this moment.")
allow_connections = click.option(
    "--allow-connections", is_flag=True,
    help="Open databases on servers that the study names; those of the command line always are.",
)  # fmt: skip
layout = click.option(
    "--layout",
    help="Layout of the export: its name, your own file (.yaml), or none; left out: recognized.",
)
keep_ids = click.option(
    "--keep-ids", is_flag=True,
    help="Write e-mail addresses and other ids that tell who somebody is; else as hashes.",
)  # fmt: skip
quiet = click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
seed = click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed gives the same answer."
)


def _language(
    *known: str, name: str = "--language", otherwise: str = "that of the canvas"
) -> Option:
    said = f"Language of what forwhom says; left out: {otherwise}."
    return click.option(name, type=click.Choice(sorted((SOURCE, *known))), help=said)


#: Of what is read in a workshop, and of everything else; the last one where texts have one, too.
language, language_of_all = _language(*catalogs()), _language(*WHOLE)
told_in = _language(*WHOLE, name="--told-in")
#: Of what is said of data, which have no language.
language_of_report = _language(*WHOLE, otherwise="English")


def spoken_in(canvas: Path | None) -> str | None:
    """Return the language of a canvas, if everything is said in it."""
    from forwhom.documents.canvas import read_canvas

    told = None if canvas is None else spoken_as(read_canvas(canvas).language)
    return told if told in WHOLE else None


force = click.option("--force", is_flag=True, help="Replace what an earlier run wrote there.")


class Command(click.Command):
    """A command that can print JSON; its help ends with what it reads, and examples that parse."""

    def __init__(self, *args: Any, examples: tuple[str, ...], reads: str, **kwargs: Any) -> None:
        self.examples = examples
        if reads:
            kwargs["help"] = f"{inspect.cleandoc(kwargs['help'])}\n\n{reads}"
        lines = "\n".join(f"  {example}" for example in examples)
        kwargs["epilog"] = f"\b\nExamples:\n{lines}"
        super().__init__(*args, **kwargs)
        said = "Print JSON for machines, and nothing else, on stdout."
        self.params.append(click.Option(["--json", "as_json"], is_flag=True, help=said))


def command(
    *examples: str, name: str | None = None, reads: str = ""
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function, with examples for its help, and what it reads."""
    return click.command(name, cls=Command, examples=examples, reads=reads)


def output(said: str, default: str | None = None, required: bool = False) -> Option:
    """Return the option that says where to write."""
    # None as a default would count as a value, and nothing would be required.
    given: dict[str, Any] = {} if default is None else {"default": default, "show_default": True}
    return click.option("-o", "--output", type=PATH, required=required, help=said, **given)


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Say what to install where a package of an extra is missing."""
    from forwhom.errors import DriverMissing

    try:
        yield
    except ImportError as error:
        if isinstance(error, DriverMissing) or (error.name or "").startswith("forwhom"):
            raise  # what is said already, or a fault of our own
        raise DriverMissing(
            f"{what} needs the package {error.name!r}.", f"Run: pip install 'forwhom[{extra}]'."
        ) from error


def check_place(place: Path | None, force: bool, *suffixes: str) -> None:
    """Refuse a file that cannot be written, or whose suffix says another form, before any work."""
    from forwhom.documents import check_output
    from forwhom.suffixes import suffix_of

    if place is None:
        return
    if suffixes:
        suffix_of(place, suffixes)
    check_output(place, overwrite=force)
