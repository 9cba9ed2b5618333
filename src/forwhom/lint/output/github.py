"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

import re
from collections.abc import Sequence

from forwhom.lint.diagnostic import Diagnostic, LintResult

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(results: Sequence[LintResult]) -> str:
    """Return one workflow command for each finding."""
    lines = [_command(d) for result in results for d in result.diagnostics]
    lines += [
        f"::error file={_property(result.file)}{_line(result.error)},title=not read::"
        f"{_data(result.error)}"
        for result in results
        if result.error
    ]
    lines += [
        f"::notice file={_property(result.file)}::{_data(said)}"
        for result in results
        for said in result.remarks
    ]
    return "\n".join(lines)


def _command(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.file.replace("\\", "/")}
    if diagnostic.line is not None:
        place |= {"line": str(diagnostic.line), "col": str(diagnostic.column)}
    place["title"] = f"{diagnostic.code} {diagnostic.name}"
    said = ",".join(f"{key}={_property(value)}" for key, value in place.items() if value)
    text = f"{diagnostic.message} {diagnostic.advice}"
    return f"::{_COMMANDS[diagnostic.severity]} {said}::{_data(text)}"


def _line(error: str) -> str:
    """Return the first line of the canvas that an error names."""
    place = re.search(r":(\d+):(\d+): ", error)
    return "" if place is None else f",line={place[1]},col={place[2]}"


def _data(text: str) -> str:
    """Escape a message, so that nothing in a canvas becomes a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
