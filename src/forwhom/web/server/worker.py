"""What a server starts for each piece of long work: a process that reads tables and knows no
database. It says in lines of JSON how far it is, and ends when whoever started it does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from forwhom.errors import DataError, ForwhomError
from forwhom.progress import Progress, share

if TYPE_CHECKING:
    from forwhom.customers.drafting import Draft
    from forwhom.customers.draftlines import Decision
    from forwhom.customers.placement import View
    from forwhom.tables import TableProfile, VariableProfile

#: Others on the machine come first.
_NICE = 10
#: How often it says how far it is, in seconds.
_EVERY = 0.2
#: What it ends with when whoever started it is gone.
_ALONE = 3
STUDY, LOOK, SEGMENTATION, MEMBERS, LIKE = (
    "study.yaml", "look.json", "segmentation.json", "members.parquet", "like.json",
)  # fmt: skip


@dataclass(frozen=True)
class Task:
    """What is to be done, with what, and within which limits."""

    kind: str
    rows: str  # folder of the tables
    names: list[str]
    into: str  # folder for what is made
    study: str
    options: dict[str, Any]
    most_rows: int
    most_cells: int
    most_unpacked: int


def main() -> None:
    """Do the task that stands in the first line of the input."""
    task = Task(**json.loads(sys.stdin.readline()))
    _end_with(sys.stdin)
    _step_back()
    out = sys.stdout
    sys.stdout = sys.stderr  # what a library prints is no progress
    try:
        _TASKS[task.kind](task, _progress(out))
    except ForwhomError as error:
        _say(out, {"failed": error.problem, "advice": error.advice})
    except MemoryError:
        _say(out, {"failed": "This takes more memory than there is.", "advice": _SMALLER})
    except Exception as error:
        traceback.print_exc()  # for whoever keeps the server; a page shows no trace
        said = f"Something went wrong that forwhom did not expect ({type(error).__name__})."
        _say(out, {"failed": said, "advice": "Please report it, with what you did."})
    else:
        _say(out, {"done": True})


_SMALLER = "Try with fewer rows or columns."


def look(task: Task, progress: Progress) -> None:
    """Read tables for the first time: what is in them, and the study that is drafted of it."""
    os.chdir(task.rows)
    for at, name in enumerate(task.names):
        progress(f"reading {name}", at / len(task.names) / 2)
        _check(task, name)

    from forwhom.customers.drafting import draft_study

    draft = draft_study(task.names, folder=Path(), progress=share(progress, 0.5, 1.0))
    into = Path(task.into)
    (into / STUDY).write_text(draft.text, encoding="utf-8")
    (into / LOOK).write_text(json.dumps(_seen(draft), ensure_ascii=False), encoding="utf-8")


def discover(task: Task, progress: Progress) -> None:
    """Find the segments, and write them down; who belongs where only where it is wanted."""
    progress("beginning", 0.0)
    from forwhom.customers.members import encoded
    from forwhom.documents import dump_segmentation
    from forwhom.documents.studyfile import parse_study
    from forwhom.pipeline.discovery import discover as run

    os.chdir(task.rows)
    study = parse_study(task.study, Path(STUDY))
    wanted = dict(task.options)
    keeps = wanted.pop("members", False)
    into = Path(task.into)
    if wanted.pop("like", ""):
        wanted["like"] = into / LIKE
    if title := wanted.pop("title", ""):
        study = study.model_copy(update={"title": title})
    found = run(study=study, progress=progress, **wanted)
    (into / SEGMENTATION).write_text(dump_segmentation(found.segmentation), encoding="utf-8")
    if keeps:
        (into / MEMBERS).write_bytes(encoded(found.members, Path(MEMBERS), keep_ids=False))


_TASKS: Mapping[str, Callable[[Task, Progress], None]] = {"look": look, "discover": discover}


def _step_back() -> None:
    """Let others on the machine come first, and let the system end this one if memory runs out."""
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _check(task: Task, name: str) -> None:
    """Refuse a table that is larger than this server takes, before it is looked at."""
    from forwhom.tables.archives import check_unpacked

    check_unpacked(Path(name), task.most_unpacked)

    from forwhom.customers.several import several_tables
    from forwhom.tables import open_table, row_count

    for part in several_tables({name: name})[0].values():
        table = open_table(part)
        rows, columns = row_count(table), len(table.columns)
        if rows > task.most_rows:
            raise DataError(
                f"{part} has {rows:,} rows.",
                f"This server takes at most {task.most_rows:,}: give a sample of the customers.",
            )
        if rows * columns > task.most_cells:
            raise DataError(
                f"{part} has {rows:,} rows of {columns:,} columns.",
                f"This server takes at most {task.most_cells:,} cells: leave columns out that say "
                "nothing of customers, or give a sample of them.",
            )


def _seen(draft: Draft) -> dict[str, Any]:
    """Return what a page shows of a draft: each table, its columns, what each is for and why."""
    decisions = {(one.view.name, one.column): one for one in draft.decisions}
    return {
        "notes": list(draft.notes),
        "undecided": draft.placement.undecided,
        "way_out": draft.placement.way_out if draft.placement.undecided else "",
        "tables": [
            {
                "name": view.name,
                "called": view.short,
                "headline": view.profile.for_others().headline,
                "role": role,
                "columns": list(_columns(view.profile.for_others(), view, decisions)),
            }
            for role, view in _views(draft)
        ],
    }


def _views(draft: Draft) -> Iterator[tuple[str, View]]:
    if draft.placement.customers is not None:
        yield "customers", draft.placement.customers
    yield from (("table", view) for view in draft.placement.tables)
    yield from (("events", one.view) for one in draft.placement.events)
    seen: set[str] = set()
    for events in draft.placement.events:
        for view, _ in events.lookups:
            if view.name not in seen:
                yield "lookup", view
            seen.add(view.name)


def _columns(
    profile: TableProfile, view: View, decisions: Mapping[tuple[str, str], Decision]
) -> Iterator[dict[str, Any]]:
    for column in profile.columns:
        decision = decisions.get((view.name, column.name))
        said = None if decision is None else decision.said
        yield {
            "name": column.name,
            "label": column.label,
            "type": column.type,
            "values": column.briefly,
            "missing": _missing(column),
            "why": column.why if decision is None else decision.why,
            "use": None if said is None else said.use,
            "measure": column.measure,
            "protected": column.use == "protected",
        }


def _missing(column: VariableProfile) -> str:
    from forwhom.tables.profile import missing_words

    return missing_words(column)


def _progress(out: TextIO) -> Progress:
    last = 0.0

    def told(words: str, fraction: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            _say(out, {"words": words, "fraction": round(fraction, 4)})

    return told


def _say(out: TextIO, what: dict[str, Any]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()


def _end_with(line: TextIO) -> None:
    """End this process when whoever holds the other end of its input is gone."""

    def wait() -> None:
        line.read()
        os._exit(_ALONE)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()
