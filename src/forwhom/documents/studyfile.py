"""Read, write and edit ``study.yaml``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from forwhom.documents.changing import changing
from forwhom.documents.consistency import inconsistencies
from forwhom.documents.edits import Edits
from forwhom.documents.files import write_text_atomically
from forwhom.documents.mistakes import mistakes_of, refused, validated
from forwhom.documents.study import COLUMNS_OF_EVENTS, Events, Origin, Study, StudyVariable
from forwhom.documents.yamlfile import Location, YamlText, parse_yaml, read_text
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import ColumnMissing, OptionError, nearest
from forwhom.suffixes import path_asked

_WHAT = "a study"


def read_study(path: str | Path) -> Study:
    r"""Read a study.

    Parameters
    ----------
    path
        A YAML file. Tables are named as the file names them; :attr:`Study.folder` says where
        relative ones start.

    Returns
    -------
    Study
        It remembers its file, so that later errors name line and column.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound study; every mistake is listed with file, line and column.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "study.yaml"
    >>> _ = path.write_text("forwhom: 1\ncustomers: {table: people.csv, id: person}\n")
    >>> read_study(path).customers.id
    'person'
    """
    place = path_asked(path)
    return parse_study(read_text(place, "a study (YAML)"), place)


def parse_study(text: str, path: str | Path | None = None) -> Study:
    """Read a study from its text."""
    source = parse_yaml(text, str(path) if path is not None else "study")
    return _study_in(source, None if path is None else Path(path))


def _study_in(source: YamlText, path: Path | None) -> Study:
    study = validated(Study, source, _WHAT)
    study._origin = Origin(path=path, source=source)
    check_study(study)
    return study


def check_study(study: Study) -> None:
    """Refuse a study that contradicts itself, as far as that shows without data."""
    mistakes = inconsistencies(study)
    if mistakes:
        raise refused(mistakes, lambda location: study.place(*location))


def write_study(study: Study | str, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a study, whole or not at all."""
    if isinstance(study, str):
        parse_study(study, path)
        return write_text_atomically(path, study, overwrite=overwrite)
    check_study(study)
    moved = _moved(study, Path(path))
    return write_text_atomically(path, study_text(moved), overwrite=overwrite)


def study_text(study: Study) -> str:
    """Return a study as YAML; what is not said is left out."""
    return dump_yaml(study.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def set_variable(path: str | Path, name: str, **fields: object) -> Study:
    """Change what a study says about one variable; every other character of the file stays."""
    fields = {"from" if key == "source" else key: value for key, value in fields.items()}
    with changing(path) as write:
        source = read_study(path)._origin.source
        assert isinstance(source, YamlText)
        _check_fields(name, fields)
        edits = Edits(source)
        for key, value in fields.items():
            edits.set(("variables", name, key), value)
        done = edits.written()
        changed = _study_in(done, Path(path))
        write(done.text)
    return changed


def _check_fields(name: str, fields: Mapping[str, object]) -> None:
    known = StudyVariable.model_json_schema(by_alias=True)["properties"]
    unknown = next((key for key in fields if key not in known), None)
    if unknown is not None:
        raise OptionError(
            f"a variable has no {unknown!r}.",
            nearest(unknown, known) or f"Expected one of: {', '.join(known)}.",
        )
    try:
        StudyVariable.model_validate({k: v for k, v in fields.items() if v is not None})
    except ValidationError as error:
        first = mistakes_of(StudyVariable, error)[0]
        raise OptionError(f"{name}: {first.problem}", first.advice) from error


def _moved(study: Study, path: Path) -> Study:
    """Name relative tables from the folder of ``path``, where they start after writing."""
    if study.folder is None or study.folder.resolve() == path.resolve().parent:
        return study
    home = path.resolve().parent

    def again(table: str) -> str:
        if "://" in table or PurePath(table).is_absolute():
            return table
        return Path(os.path.relpath((study.folder or home) / table, home)).as_posix()

    def moved(spec: Any) -> Any:
        changes: dict[str, object] = {"table": again(spec.table)}
        if isinstance(spec, Events):
            changes["lookups"] = [moved(lookup) for lookup in spec.lookups]
        return spec.model_copy(update=changes)

    return study.model_copy(
        update={
            "customers": None if study.customers is None else moved(study.customers),
            "tables": [moved(spec) for spec in study.tables],
            "events": [moved(spec) for spec in study.events],
        }
    )


def check_columns(study: Study, table: str, columns: Iterable[str]) -> None:
    """Refuse a study that names a column which a table does not have."""
    available = list(columns)
    for location, column in _named(study, table):
        if column not in available:
            raise ColumnMissing.of(column, table, available, study.place(*location))


def _named(study: Study, table: str) -> list[tuple[Location, str]]:
    """List every column that a study names in a table, with where it does."""
    found: list[tuple[Location, str]] = []
    several: list[tuple[Location, Any]] = [(("tables", i), t) for i, t in enumerate(study.tables)]
    if study.customers is not None:
        several.insert(0, (("customers",), study.customers))
    for location, spec in several:
        if spec.table == table and spec.id is not None:
            found.append(((*location, "id"), spec.id))
        if spec.table == table:
            found += [((*location, "leave_out", column), column) for column in spec.leave_out]
            found += [((*location, "never", column), column) for column in spec.never]
            for i, one in enumerate(spec.sets):
                place: Location = (*location, "sets", i)
                found += [((*place, "columns", j), name) for j, name in enumerate(one.columns)]
                found += [] if one.column is None else [((*place, "column"), one.column)]
    for index, events in enumerate(study.events):
        if events.table == table:
            found += _named_by_events(("events", index), events)
    alone = len(several) == 1 and not study.events
    for name, variable in study.variables.items():
        here = (table, PurePath(table).stem)
        is_customers = any(spec.table == table for _, spec in several)
        if is_customers and (variable.source in here or (alone and variable.source is None)):
            found.append((("variables", name), name))
    return found


def _named_by_events(location: Location, events: Events) -> list[tuple[Location, str]]:
    found: list[tuple[Location, str]] = []
    for key in COLUMNS_OF_EVENTS:
        column = getattr(events, key)
        if column is not None:
            found.append(((*location, key), column))
    if events.currencies is not None:
        found.append(((*location, "currencies", "column"), events.currencies.column))
    for key in ("category", "fill"):
        found += [((*location, key, i), c) for i, c in enumerate(getattr(events, key))]
    for key in ("returned", "leave_out"):
        found += [((*location, key, c), c) for c in getattr(events, key)]
    found += [((*location, "lookups", i, "on"), k.on) for i, k in enumerate(events.lookups)]
    return found
