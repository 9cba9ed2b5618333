"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

#: Suffixes of the documents that people write.
YAML = ("yaml", "yml")

as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for machines, and nothing else, on stdout."
)
quiet = click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
seed = click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed gives the same answer."
)
force = click.option("--force", is_flag=True, help="Replace what an earlier run wrote there.")


class Examples(click.Command):
    """A command whose help ends with examples; each is a command line that parses."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.examples = examples
        lines = "\n".join(f"  {example}" for example in examples)
        kwargs["epilog"] = f"\b\nExamples:\n{lines}"
        super().__init__(*args, **kwargs)


def check_place(place: Path | None, force: bool, *suffixes: str) -> None:
    """Refuse a file that cannot be written, or whose suffix says another form, before any work.

    Parameters
    ----------
    place
        The file that a person named; None: none.
    force
        Whether one that exists may be replaced.
    suffixes
        Forms that this command writes, without dots; none: any suffix will do.
    """
    from forwhom.documents import check_output
    from forwhom.documents.suffixes import suffix_of

    if place is None:
        return
    if suffixes:
        suffix_of(place, suffixes)
    check_output(place, overwrite=force)
