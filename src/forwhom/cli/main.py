"""The `forwhom` command: its group, and the one place where errors become messages."""

import errno
import os
import re
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from forwhom.cli import terminal
from forwhom.cli.align import align
from forwhom.cli.backup import backup, restore
from forwhom.cli.canvas.group import canvas
from forwhom.cli.choices import decide
from forwhom.cli.compare import compare
from forwhom.cli.defend import defend
from forwhom.cli.discover import discover
from forwhom.cli.experiment import experiment
from forwhom.cli.fairness import fairness
from forwhom.cli.features import features
from forwhom.cli.funding import funding
from forwhom.cli.history import history
from forwhom.cli.lint import lint
from forwhom.cli.market import market
from forwhom.cli.mcp import mcp
from forwhom.cli.profile import profile
from forwhom.cli.refresh import refresh
from forwhom.cli.rename import rename
from forwhom.cli.report import report
from forwhom.cli.runs import runs
from forwhom.cli.score import score
from forwhom.cli.serve import serve
from forwhom.cli.show import show
from forwhom.cli.sql import sql
from forwhom.cli.study import study
from forwhom.cli.value import value
from forwhom.cli.voices import voices
from forwhom.cli.workshop import workshop
from forwhom.errors import ForwhomError, LettersMissing
from forwhom.version import __version__

#: Exit codes: 0 is success, 1 is findings (such as suspect claims), these are the others.
BAD_INPUT = 2
STOPPED = 130
OWN_FAULT = 70

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
#: A longer name of a file is not said whole.
_LONGEST = 200
_MAKE_ROOM = "Make room on the disk of the output and of temporary files (TMPDIR)."

EPILOG = """\b
Examples:
  forwhom profile customers.csv
  forwhom discover customers.csv -o segments
  forwhom show segments
  forwhom score segments/segmentation.json new.csv -o scored.csv
"""


class Group(click.Group):
    """The group of commands; whatever goes wrong below becomes a message and an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave the process with its exit code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        try:
            code = super().main(args, prog_name, complete_var, False, **extra)
            _flush_stdout()
        except BrokenPipeError:
            _silence_stdout()
            sys.exit(0)
        except (Exception, KeyboardInterrupt) as error:
            failed = _explain(error)
            _give_up_on_stdout()
            sys.exit(failed)
        sys.exit(code if isinstance(code, int) else 0)


def _give_up_on_stdout() -> None:
    """Drop what could not be printed: Python tries once more when it exits, and fails once more."""
    try:
        _flush_stdout()
    except OSError:
        _silence_stdout()


def _flush_stdout() -> None:
    if sys.stdout is not None:  # None where a shell closed it (>&-)
        sys.stdout.flush()


def _explain(error: BaseException) -> int:
    """Print what happened to stderr; the exit code."""
    if os.environ.get("FORWHOM_TRACEBACK"):
        traceback.print_exception(error)
    if _was_stopped(error):
        terminal.write("stopped, nothing written", err=True)
        return STOPPED
    if isinstance(error, click.UsageError):
        return _tell(error.format_message(), _usage_hint(error))
    if isinstance(error, click.ClickException):
        return _tell(error.format_message(), "")
    if isinstance(error, ForwhomError):
        return _tell(error.problem, error.advice)
    if isinstance(error, MemoryError):
        return _tell("the data do not fit in memory.", "Use fewer columns, or a machine with more.")
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        # Where: the standard output, or the folder for temporary files.
        return _tell(f"something cannot be written: {error.strerror}.", _MAKE_ROOM)
    if isinstance(error, OSError) and isinstance(error.filename, str | os.PathLike):
        # A name that no file can have, a folder where a file was expected, a link to itself.
        name = os.fspath(error.filename)
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        return _tell(f"{shown} cannot be used: {error.strerror}.", "Check the path.")
    # The text of the exception stays out: it may quote a row of the data.
    terminal.write(
        f"error: forwhom itself failed ({type(error).__name__}). This is a mistake in forwhom.\n"
        "hint: please report it, with what the same command prints when the environment variable "
        "FORWHOM_TRACEBACK=1 is set.",
        err=True,
    )
    return OWN_FAULT


def _was_stopped(error: BaseException) -> bool:
    """Ctrl-C, also where an engine wrapped it into an exception of its own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt | click.Abort):
            return True
        if "interrupt" in type(error).__name__.lower() or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return False


def _tell(problem: str, advice: str) -> int:
    terminal.write(f"error: {problem}", err=True)
    if advice:
        terminal.write(f"hint: {advice}", err=True)
    return BAD_INPUT


def _usage_hint(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "forwhom"
    typed = re.search(r"No such command '([\w-]+)'", error.message)
    if typed is not None and path == "forwhom" and typed[1] in canvas.commands:
        return f"You mean 'forwhom canvas {typed[1]}'."
    return f"'{path} --help' shows the options and examples."


def _silence_stdout() -> None:
    """Keep Python from complaining once more about the closed pipe when it exits."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@click.group(
    "forwhom",
    cls=Group,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="forwhom")
def cli() -> None:
    """Customer data and workshop knowledge in, customer segments that can be defended out."""


for command in (
    profile, study, features, discover, show, defend, rename, score, value, sql, report,
    refresh, history, runs, compare, fairness, experiment, voices, market, align, canvas, decide,
    funding, lint, workshop, serve, backup, restore, mcp,
):  # fmt: skip
    cli.add_command(command)


def _note(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning to stderr, as what it says."""
    terminal.write(f"note: {message}", err=True)


def main() -> NoReturn:
    """Entry point of the `forwhom` command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show "×" shows "?" instead of failing
            reconfigure(errors="replace")
    if not sys.warnoptions:  # what matters to a person is in the answer's own warnings
        warnings.simplefilter("ignore")
        warnings.simplefilter("once", LettersMissing)
        warnings.showwarning = _note
    cli.main(prog_name="forwhom")
    raise AssertionError("unreachable: the group leaves the process")


if __name__ == "__main__":
    main()
