"""What a caller gave: a study and its tables, in whichever form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forwhom.customers.drafting import draft_study
from forwhom.documents import read_study
from forwhom.documents.study import Study
from forwhom.errors import OptionError, nearest
from forwhom.suffixes import YAML, ends_with


@dataclass(frozen=True)
class Inputs:
    """A study, and where the tables that it names are.

    Parameters
    ----------
    study
        Which tables, and what their columns mean.
    given
        Tables by the name that the study gives them; the others are files.
    folder
        Where relative files start; ``None``: the current folder.
    notes
        What a drafted study could not place.
    """

    study: Study
    given: Mapping[str, object] = field(default_factory=dict)
    folder: Path | None = None
    notes: tuple[str, ...] = ()


def read_inputs(data: object, study: Study | str | Path | None = None) -> Inputs:
    """Find the study and its tables in what a caller gave.

    Parameters
    ----------
    data
        A study or the path of one (``.yaml``, ``.yml``); or a table: a frame or a path; or
        several tables, in a sequence or by name.
    study
        What the tables mean; left out: drafted from them.

    Raises
    ------
    OptionError
        The tables are not those of the study, or nothing was given.
    """
    if study is None:
        data, study = _study_in(data)
    if study is None:
        return _drafted(data)
    known = read_study(study) if isinstance(study, str | Path) else study
    if data is None:
        return Inputs(known, folder=known.folder)
    return Inputs(known, matched(named_tables(data), known), known.folder)


def _study_in(data: object) -> tuple[object, Study | str | Path | None]:
    """Take the study out of the tables that it was given with."""
    if isinstance(data, Study) or _is_study_file(data):
        return None, data  # type: ignore[return-value]
    if isinstance(data, list | tuple):
        studies = [one for one in data if isinstance(one, Study) or _is_study_file(one)]
        if len(studies) > 1:
            raise OptionError("several studies were given.", "Give one study and its tables.")
        if studies:
            return [one for one in data if one is not studies[0]] or None, studies[0]
    return data, None


def _is_study_file(data: object) -> bool:
    return isinstance(data, str | Path) and ends_with(data, YAML)


def named_tables(data: object) -> dict[str, object]:
    """Give each table a name: its key, its path, or "data".

    Raises
    ------
    OptionError
        No table was given, or two have the same name.
    """
    if isinstance(data, Mapping):
        named = {str(name): one for name, one in data.items()}
    else:
        several = list(data) if isinstance(data, list | tuple) else [data]
        named = dict(_name(one, i, len(several)) for i, one in enumerate(several, 1))
        if len(named) < len(several):
            raise OptionError("a table was given twice.", "Give every table once.")
    if not named or any(one is None for one in named.values()):
        raise OptionError("no table was given.", "Give a path, a data frame, or a study.")
    return named


def _name(one: object, position: int, of: int) -> tuple[str, object]:
    if isinstance(one, str | Path):
        return str(one), one
    return ("data" if of == 1 else f"data {position}"), one


def _drafted(data: object) -> Inputs:
    draft = draft_study(data)
    # What a draft says about variables is inferred from the data, nobody's decision.
    study = draft.study.model_copy(update={"variables": {}})
    return Inputs(study, draft.given, notes=draft.notes)


def references(study: Study) -> Iterator[str]:
    """Yield the name of every table in a study."""
    if study.customers is not None:
        yield study.customers.table
    yield from (table.table for table in study.tables)
    for events in study.events:
        yield events.table
        yield from (lookup.table for lookup in events.lookups)


def matched(named: Mapping[str, object], study: Study) -> dict[str, object]:
    """Give each table the name that the study has for it.

    A table belongs to the entry with the same name or file name; a single table belongs to the
    only entry.

    Raises
    ------
    OptionError
        A table belongs to no entry of the study.
    """
    wanted = list(dict.fromkeys(references(study)))
    if len(named) == len(wanted) == 1:
        return {wanted[0]: next(iter(named.values()))}
    by_stem = {Path(reference).stem: reference for reference in wanted}
    found: dict[str, object] = {}
    for name, table in named.items():
        reference = name if name in wanted else by_stem.get(Path(name).stem)
        if reference is None:
            raise OptionError(
                f"the study names no table {name!r}.",
                nearest(Path(name).stem, by_stem) or f"Its tables are: {', '.join(wanted)}.",
            )
        found[reference] = table
    return found
