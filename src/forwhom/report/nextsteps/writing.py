from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.nextsteps import NextSteps, Task
from forwhom.languages.catalog import later, speaking_all, tr
from forwhom.report.filling import direction, filled, marked
from forwhom.report.forms import Forms, as_json
from forwhom.report.nextsteps.terms import (
    CHANGES,
    HEADLINE,
    LATER,
    STEP_NAMES,
    places_of,
    standing,
    summary,
    title_of,
    to_do,
    would_change,
)
from forwhom.report.outline.markdown import escaped, escaped_inside
from forwhom.report.outline.text import bulleted
from forwhom.wording import folded

_BEGIN = later("Begin with:")
#: As many are told in full in a terminal; the others have a line each.
_IN_FULL = 5
_UNSEEN = later("What could not be looked at")


def next_steps_text(found: NextSteps, width: int = 80) -> str:
    """Return what comes next as plain text, for a terminal with so many columns."""
    with speaking_all(found.language):
        return "\n".join(_text(found, max(width, 40))) + "\n"


def _text(found: NextSteps, width: int) -> list[str]:
    lines = [*folded(title_of(found), width), *folded(summary(found), width)]
    for number, task in enumerate(found.now, 1):
        lines += _in_full(task, number, width) if number <= _IN_FULL else _line(task, number, width)
    if found.later:
        lines += ["", f"{tr(LATER)}:"]
        for number, task in enumerate(found.later, 1 + len(found.now)):
            lines += _line(task, number, width, gap=False)
    lines += bulleted(tr(_UNSEEN), found.notes, width)
    return lines


def _in_full(task: Task, number: int, width: int) -> Iterator[str]:
    yield ""
    yield from folded(task.what, width, f"{number:>3}  ", "     ")
    for said in (task.now, task.why, would_change(task)):
        yield from folded(said, width, "     ", "     ") if said else ()
    if task.begin:
        # What is to be typed is never folded: it is copied.
        yield f"     {tr(_BEGIN)}"
        yield from (f"       {line}" for line in task.begin.splitlines())


def _line(task: Task, number: int, width: int, *, gap: bool = True) -> Iterator[str]:
    if gap and number == _IN_FULL + 1:
        yield ""
    said = f"{task.now} {task.what} ({tr(STEP_NAMES[task.step])})"
    yield from folded(said, width, f"{number:>3}  ", "     ")


def next_steps_markdown(found: NextSteps) -> str:
    """Return what comes next as Markdown."""
    with speaking_all(found.language):
        return "\n".join(_marked_up(found)) + "\n"


def _marked_up(found: NextSteps) -> list[str]:
    lines = [f"# {escaped(title_of(found))}", "", escaped(summary(found)), ""]
    lines += [
        "| " + " | ".join((tr("Step"), tr("There is"), tr("To do"))) + " |",
        "|---|---|---|",
        *(f"| {name} | {there} | {n} |" for name, there, n in standing(found)),
    ]
    for number, task in enumerate(found.tasks, 1):
        if task.after and (number == 1 or not found.tasks[number - 2].after):
            lines += ["", f"## {tr(LATER)}"]
        lines += _markdown(task, number)
    if found.notes:
        lines += ["", f"## {tr(_UNSEEN)}", "", *(f"- {escaped(note)}" for note in found.notes)]
    return lines


def _markdown(task: Task, number: int) -> Iterator[str]:
    yield from ("", f"### {number}. {escaped_inside(task.what)}", "")
    yield f"*{tr(STEP_NAMES[task.step])}.* {escaped_inside(f'{task.now} {task.why}')}"
    yield from ("", escaped(would_change(task)))
    if task.about:
        yield from ("", *(f"- {escaped(one)}" for one in task.about))
    if task.begin:
        fence = "~~~~" if "~~~" in task.begin else "~~~"
        yield from ("", f"{fence}yaml", task.begin, fence)


def next_steps_html(found: NextSteps) -> str:
    """Return what comes next as one HTML page that loads nothing."""
    with speaking_all(found.language):
        return filled(
            "nextsteps/page.html.jinja",
            "nextsteps/page.css",
            found=found,
            notes=[*map(marked, found.notes)],
            places=places_of,
            headline=tr(HEADLINE),
            summary=summary(found),
            standing=[(name, there, n, to_do(n)) for name, there, n in standing(found)],
            steps=STEP_NAMES,
            changes=CHANGES,
            later=tr(LATER),
            would_change=would_change,
            unseen=tr(_UNSEEN),
            begin=tr(_BEGIN),
            direction=direction(found.language),
        )


#: What it can be written as.
FORMS = Forms(
    html=lambda found, **_: next_steps_html(found),
    md=lambda found, **_: next_steps_markdown(found),
    txt=lambda found, **_: next_steps_text(found),
    json=as_json,
)


def write_next_steps(
    found: NextSteps, path: str | PathLike[str], *, overwrite: bool = False
) -> Path:
    """Write what comes next as a page, text or data, by the ending of the file.

    Parameters
    ----------
    found
        What `next_steps` returned.
    path
        Where to write: ``.html``, ``.md``, ``.txt`` or ``.json``; its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        This is no such answer, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    """
    expect(found, NextSteps, "What comes next", "forwhom.next_steps")
    return FORMS.write(found, path, overwrite=overwrite)
