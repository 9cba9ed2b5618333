"""The folder that an assistant works in: nothing outside is read, nothing inside is overwritten."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from forwhom.documents.files import write_text_atomically
from forwhom.errors import OptionError, SourceMissing
from forwhom.progress import Progress
from forwhom.suffixes import TABLES, YAML, ends_with

if TYPE_CHECKING:
    from forwhom.documents.segmentation import Evidence

#: Longest answer, in characters: an assistant pays for each, and reads none to the end.
LONGEST = 20_000
#: Most files that are listed, and most evidence that is told at once.
_MOST = 200
_TABLES = tuple(suffix for several in TABLES.values() for suffix in several)


@dataclass(frozen=True)
class Desk:
    """A folder, and what may be done in it; every answer is a text of a bounded length."""

    folder: Path

    def files(self) -> str:
        """Return the tables, segmentations and canvases of the folder."""
        every = (one for one in self.folder.rglob("*") if one.is_file())
        found = sorted(one for one in every if _is_open(one.relative_to(self.folder)))
        kinds = {
            "Tables": [one for one in found if ends_with(one, _TABLES)],
            "Segmentations": [one for one in found if one.name == "segmentation.json"],
            "Canvases": [one for one in found if ends_with(one, YAML)],
        }
        lines = []
        for kind, several in kinds.items():
            lines.append(f"{kind}:" if several else f"{kind}: none")
            lines += [f"- {one.relative_to(self.folder)}" for one in several[:_MOST]]
            lines += [f"- and {len(several) - _MOST} more"] if len(several) > _MOST else []
        return bounded("\n".join(lines))

    def profile(self, table: str) -> str:
        """Say what is in a table and what each column is good for; no row, no rare value."""
        from forwhom.customers.layouts import with_layout_told
        from forwhom.tables import open_table
        from forwhom.tables.profile import missing_words

        found = with_layout_told(open_table(self.inside(table)), None).for_others()
        lines = [found.headline, *found.notes, ""]
        for column in found.columns:
            use = f"{column.use}, {column.measure}" if column.measure else column.use
            lines.append(f"- {column.name} ({column.type}; {use}): {column.briefly}")
            lines.append(f"  missing {missing_words(column)}. {column.why}")
        return bounded("\n".join(lines))

    def discover(
        self, tables: Sequence[str], into: str, k_max: int, progress: Progress | None = None
    ) -> str:
        """Find the segments of customers, and write them into a new folder."""
        from forwhom.pipeline.discovery import discover

        place = self.inside(into, new=True)
        if not 1 <= k_max <= 20:
            raise OptionError(f"k_max is {k_max}.", "Expected 1 to 20.")
        names = [str(self.inside(one)) for one in tables]
        found = discover(names if len(names) > 1 else names[0], k_max=k_max, progress=progress)
        found.save(place)
        return f"Written to {into}.\n\n{self.show(into)}"

    def show(self, segmentation: str) -> str:
        """Return the answer of a segmentation in plain words."""
        from forwhom.documents import read_segmentation
        from forwhom.report.segmentation import summary_text

        return bounded(summary_text(read_segmentation(self.inside(segmentation)), width=100))

    def defend(self, document: str) -> str:
        """Answer whether the segments of a segmentation or a canvas can be defended."""
        from forwhom.choices.defending import defense_of

        found = defense_of(self.inside(document))
        lines = [found.headline]
        lines += [f"- {one.question} {one.state}: {one.why}" for one in found.questions]
        return bounded("\n".join(lines))

    def evidence(self, segmentation: str, about: str = "") -> str:
        """Return what was computed, with how sure it is and where it comes from."""
        from forwhom.documents import read_segmentation
        from forwhom.documents.segmentationfile import evidence_about

        chosen = evidence_about(read_segmentation(self.inside(segmentation)), about)
        lines = [_told(one) for one in chosen[:_MOST]]
        if len(chosen) > _MOST:
            lines.append(f"and {len(chosen) - _MOST} more: name words that must be in it")
        return bounded("\n".join(lines) or f"No evidence has all of these words: {about!r}.")

    def lint(self, canvas: str) -> str:
        """Say what is weak in a canvas, with line, reason and advice."""
        from forwhom.pipeline.canvases import lint_canvas

        found = lint_canvas(self.inside(canvas))
        lines = [f"- line {d.line}: {d.code} {d.message} {d.advice}" for d in found.diagnostics]
        return bounded("\n".join([*lines, *found.remarks]) or "Nothing was found.")

    def read_canvas(self, canvas: str, part: str = "") -> str:
        """Return a canvas, or one part of it, as it stands in its file."""
        from forwhom.documents.canvas import read_canvas
        from forwhom.documents.yamlwriting import dump_yaml

        found = read_canvas(self.inside(canvas))
        if not part:
            return bounded(_source(found).text)
        data = _source(found).data.get(part)
        if data is None:
            known = ", ".join(_source(found).data)
            raise OptionError(f"This canvas has no part {part!r}.", f"It has: {known}.")
        return bounded(dump_yaml({part: data}))

    def propose(self, canvas: str, changes: list[dict[str, Any]]) -> str:
        """Write a changed copy beside a canvas, and say in words what is other in it."""
        from forwhom.documents.canvas import read_canvas
        from forwhom.documents.canvas.comparing import compare_canvases
        from forwhom.documents.canvas.file import canvas_path, edited, edits_of
        from forwhom.workspace.changes import Change, made

        place = canvas_path(self.inside(canvas))
        found = read_canvas(place)
        try:
            asked = TypeAdapter(list[Change]).validate_python(changes)
        except ValidationError as error:
            raise OptionError(f"These are no changes: {_first(error)}.", _FORM) from None
        edits = edits_of(found)
        made(edits, asked)
        proposed, text = edited(found, edits)
        said = [one.sentence for one in compare_canvases(found, proposed)]
        if not said:
            return "Nothing would be other, so nothing was written."
        beside = _free(place)
        write_text_atomically(beside, text)
        name, old = beside.relative_to(self.folder), place.relative_to(self.folder)
        lines = [f"Written to {name}; {old} is as it was. A person decides:"]
        lines += [f"- {sentence}" for sentence in said]
        lines.append(f"To look: forwhom canvas compare {old} {name}. To accept: mv {name} {old}")
        return bounded("\n".join(lines))

    def inside(self, name: str, *, new: bool = False) -> Path:
        """Return a place in the folder, or refuse one outside."""
        place = (self.folder / name).resolve()
        if not name.strip() or not place.is_relative_to(self.folder.resolve()):
            raise OptionError(
                f"{name!r} is not in the folder that this assistant works in.",
                "Give a path relative to it, as the list of files shows.",
            )
        if new and place.exists():
            raise OptionError(f"{name} is there already.", "Name a folder that is new.")
        if not new and not place.exists():
            raise SourceMissing(f"There is no {name}.", "Look at the list of files.")
        return place


_FORM = (
    'Expected such as {"do": "set", "at": ["segments", 0, "name"], "value": "Parents"}, or '
    '"insert" (at, value), "remove" (at), "move" (at, to).'
)


def bounded(text: str) -> str:
    """Return a text of at most the longest length, and say what was left out."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… cut here: {len(text) - LONGEST:,} characters more. Ask for a part."


def _is_open(path: Path) -> bool:
    return not any(part.startswith(".") for part in path.parts)


def _told(one: Evidence) -> str:
    said = f"- {one.id}: {one.statement}"
    if one.interval is not None:
        said += f" (95%: {one.interval.low:g} to {one.interval.high:g})"
    return f"{said} [n = {one.n:,}; {one.method}]" if one.n is not None else said


def _source(canvas: Any) -> Any:
    return canvas._origin.source


def _first(error: ValidationError) -> str:
    one = error.errors()[0]
    return f"{json.dumps(one['loc'])} {one['msg']}"


def _free(place: Path) -> Path:
    """Return a name beside a file that nothing has."""
    for number in itertools.count(1):
        beside = place.with_name(f"{place.stem}.proposal-{number}{place.suffix}")
        if not beside.exists():
            return beside
    raise AssertionError
