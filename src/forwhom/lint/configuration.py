"""Which rules run: the command line, then the canvas, then the project's settings."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forwhom.documents.canvas.model import Canvas, LintSettings
from forwhom.documents.mistakes import mistakes_of, path_of
from forwhom.errors import DocumentError, OptionError
from forwhom.lint.registry import Rule, chosen, find_rules

#: Files that hold a project's settings, and the section of each.
_FILES = (("forwhom.toml", ("lint",)), ("pyproject.toml", ("tool", "forwhom", "lint")))
#: How a mistake names the whole of something.
_NAMELESS = "'' "


@dataclass(frozen=True)
class Configuration:
    """Which rules run on a canvas, and from which age evidence is stale."""

    rules: tuple[Rule, ...]
    stale_after_days: int


def configuration_of(
    canvas: Canvas, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Configuration:
    """Return what holds for a canvas; each setting comes from the nearest place that has it."""
    path = canvas._origin.path
    project, file = (LintSettings(), "") if path is None else project_settings(path.parent)
    own, said = canvas.lint, canvas.lint.model_fields_set
    for key in ("select", "ignore"):
        for index, word in enumerate(getattr(own, key)):
            _check(word, canvas.place("lint", key, index) or f"lint.{key}")
        for word in getattr(project, key):
            _check(word, f"{file}: {key}")
    for word in (*select, *ignore):
        find_rules(word)
    days = own if "stale_after_days" in said else project
    return Configuration(
        chosen(select or own.select or project.select, ignore or own.ignore or project.ignore),
        days.stale_after_days,
    )


def _check(word: str, place: str) -> None:
    try:
        find_rules(word)
    except OptionError as error:
        raise DocumentError(f"{place}: {error.problem}", error.advice) from error


def project_settings(folder: Path) -> tuple[LintSettings, str]:
    """Return the settings of the nearest folder upwards that has some, and their file."""
    whole = folder.resolve()
    for place in (whole, *whole.parents):
        for name, section in _FILES:
            file = place / name
            if file.is_file():
                found = _section(file, section)
                if found is not None:
                    return _settings(found, file), str(file)
    return LintSettings(), ""


def _section(file: Path, section: tuple[str, ...]) -> Any:
    try:
        data: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(
            f"{file}: this is not TOML: {error}.", "The linter looks for its settings there."
        ) from error
    except OSError as error:
        raise DocumentError(
            f"{file}: the file cannot be read.", "Check its permissions."
        ) from error
    for key in section:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _settings(found: Any, file: Path) -> LintSettings:
    try:
        return LintSettings.model_validate(found)
    except ValidationError as error:
        first = mistakes_of(LintSettings, error)[0]
        said = f"{path_of(first.location)}: {first.problem}"
        if not first.location:
            said = f"the section of the linter {first.problem.removeprefix(_NAMELESS)}"
        raise DocumentError(f"{file}: {said}", first.advice) from error
