"""What a caller gave: a study and its tables, in whichever form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forwhom.customers.drafting import Draft, draft_study
from forwhom.customers.opening import Tables, fetched_tables, named_tables
from forwhom.documents import read_study
from forwhom.documents.study import Study
from forwhom.errors import DataError, OptionError, nearest
from forwhom.progress import Progress, silent
from forwhom.suffixes import YAML, ends_with


@dataclass(frozen=True)
class Inputs:
    """A study, the tables that it names, and what a drafted one could not place."""

    study: Study
    tables: Tables
    notes: tuple[str, ...] = ()


def read_inputs(
    data: object,
    study: Study | str | Path | None = None,
    progress: Progress = silent,
    *,
    layout: str | Path | None = None,
    connections: bool = False,
) -> Inputs:
    """Find the study and its tables in what a caller gave; without a study, draft one.

    ``data`` is a study or the path of one; or a table, a frame or a path; or several of them, in
    a sequence or by name. Servers that only a study names are opened with ``connections``.
    """
    if study is None:
        data, study = study_in(data)
    if study is None:
        draft = draft_study(data, layout=layout, progress=progress)
        if draft.placement.undecided:
            raise DataError(
                _with_reasons(draft.placement.undecided, draft), draft.placement.way_out
            )
        # What a draft says else about variables is inferred from the data, nobody's decision.
        drafted = draft.study.model_copy(update={"variables": draft.known})
        return Inputs(drafted, draft.tables, draft.notes)
    if layout is not None:
        raise OptionError(
            "a layout was given beside a study.",
            "A layout only drafts a study; what this one says, change in its file.",
        )
    known = read_study(study) if isinstance(study, str | Path) else study
    given = {} if data is None else matched(fetched_tables(named_tables(data)), known)
    return Inputs(known, Tables(known.folder, given, connections))


def _with_reasons(undecided: str, draft: Draft) -> str:
    """Return what is undecided, with what reading found about the column that it names."""
    named = re.findall(r"'[^']+'", undecided)
    found = [note for note in draft.notes if any(note.startswith(f"{one}: ") for one in named)]
    return " ".join([f"{undecided}.", *found])


def study_in(data: object) -> tuple[object, Study | str | Path | None]:
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
