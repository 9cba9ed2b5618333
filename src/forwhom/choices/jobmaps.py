"""Maps of jobs: main jobs with what happens at their steps, and how far that is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.canvas.keynames import STEPS
from forwhom.documents.canvas.kinds import JobStep
from forwhom.documents.canvas.value import Need
from forwhom.documents.results.fits import Strength
from forwhom.documents.results.jobmaps import (
    JobMap,
    JobMaps,
    MappedNeed,
    MappedStep,
    StatementForm,
)
from forwhom.languages.catalog import speaking_all, tr, tr_count
from forwhom.lint.grammar import job_form, outcome_form
from forwhom.lint.vocabulary import words_of
from forwhom.wording import begun, listed, lowered, quoted

_ORDER: tuple[Strength, ...] = ("none", "unknown", "partial", "full")
_ANSWERED: tuple[Strength, ...] = ("partial", "full")
#: Needs of at least this importance, of 10, are called important.
_IMPORTANT = 7.0


def map_jobs(canvas: AnyCanvas) -> JobMaps:
    """Map the main jobs of a canvas: what must get done at each of eight steps, and how well.

    A main job is one to which other needs belong (`of`). The steps are those of Bettencourt and
    Ulwick ("The Customer-Centered Innovation Map", 2008): define, locate, prepare, confirm,
    execute, monitor, modify, conclude.

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.

    Returns
    -------
    JobMaps
        Main jobs with their steps, related jobs and outcomes; the form of each statement; steps of
        which nobody said anything; and the jobs that have no map.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> main = "{id: close, statement: Close the books of a month}"
    >>> part = "{id: find, statement: Find the receipts, of: close, step: locate}"
    >>> text = f"{{forwhom: 1, kind: canvas, needs: [{main}, {part}]}}"
    >>> found = map_jobs(parse_canvas(text)).maps[0]
    >>> found.main.form.verb, found.silent[:2]
    ('Close', ['define', 'prepare'])
    """
    known = canvas_of(canvas)
    with speaking_all(known.language):
        return _mapped_jobs(known)


def _mapped_jobs(known: Canvas) -> JobMaps:
    answers = dict(_answers(known))
    mains = {need.of for need in known.needs if need.of is not None}
    jobs = [need for need in known.needs if need.kind == "job" and need.of is None]
    maps = [_map(known, need, answers) for need in known.needs if need.id in mains]
    return JobMaps(
        title=known.title,
        language=known.language,
        maps=maps,
        unmapped=[_mapped(known, one, answers) for one in jobs if one.id not in mains],
        notes=list(_notes(known, maps)),
    )


#: How far each need is answered at best, and by which propositions.
_Answers = dict[str, tuple[Strength, list[str]]]


def _answers(canvas: Canvas) -> Iterator[tuple[str, tuple[Strength, list[str]]]]:
    for need in canvas.needs:
        said = [(f.strength, p.name) for p in canvas.propositions for f in p.fit
                if f.need == need.id]  # fmt: skip
        best: Strength = max((strength for strength, _ in said), key=_ORDER.index, default="none")
        yield need.id, (best, list(dict.fromkeys(name for s, name in said if s in _ANSWERED)))


def _map(canvas: Canvas, main: Need, answers: _Answers) -> JobMap:
    parts = [need for need in canvas.needs if need.of == main.id]
    numbers = {one.id: number for number, one in enumerate(canvas.segments, 1)}
    names = {one.id: one.name for one in canvas.segments}
    steps = [
        MappedStep(step=step, needs=_all(canvas, [n for n in parts if n.step == step], answers))
        for step in get_args(JobStep)
    ]
    whole = [need for need in parts if need.step is None]
    found = JobMap(
        main=_mapped(canvas, main, answers),
        segments=[names[one] for one in main.segments],
        numbers=[numbers[one] for one in main.segments],
        steps=steps,
        related=_all(canvas, [n for n in whole if n.kind == "job"], answers),
        whole=_all(canvas, [n for n in whole if n.kind != "job"], answers),
        sentences=[],
    )
    return found.model_copy(update={"sentences": list(_sentences(found))})


def _all(canvas: Canvas, needs: Sequence[Need], answers: _Answers) -> list[MappedNeed]:
    return [_mapped(canvas, need, answers) for need in needs]


def _mapped(canvas: Canvas, need: Need, answers: _Answers) -> MappedNeed:
    strength, by = answers[need.id]
    return MappedNeed(
        need=need.id,
        statement=need.statement,
        kind=need.kind,
        job=need.job,
        importance=need.importance,
        satisfaction=need.satisfaction,
        strength=strength,
        answered_by=by,
        form=_form(need, canvas.language),
    )


def _form(need: Need, language: str) -> StatementForm | None:
    words = words_of(language)
    if words is None or need.kind not in ("job", "outcome"):
        return None
    parse = job_form if need.kind == "job" else outcome_form
    verb, about, circumstances = parse(need.statement, words)
    return StatementForm(verb=verb, object=about, circumstances=circumstances)


def _sentences(found: JobMap) -> Iterator[str]:
    here = [need for step in found.steps for need in step.needs]
    if found.mapped:
        steps = len(found.steps) - len(found.silent)
        said = tr_count(
            "{n} need at {some} of {all} steps.",
            "{n} needs at {some} of {all} steps.",
            len(here),
            some=steps,
            all=len(found.steps),
        )
        yield begun(len(here), said)
        if found.silent:
            silent = listed([lowered(tr(STEPS[step])) for step in found.silent], most=None)
            yield tr("Nobody has said what happens at: {steps}.", steps=silent)
    else:
        yield tr("Nothing stands at a step of it yet.")
    open_ones = [
        n for n in here if n.strength == "none" and (n.importance or 0.0) >= _IMPORTANT
    ]  # fmt: skip
    if open_ones:
        said = listed([quoted(need.statement) for need in open_ones])
        yield tr("Important at a step, and answered by no proposition: {needs}.", needs=said)
    outcomes = [n for n in (*here, *found.whole) if n.kind == "outcome"]
    if not outcomes:
        yield tr("No outcome says by what it is done well.")
    n = len(found.related)
    if n:
        said = tr_count("{n} related job beside it.", "{n} related jobs beside it.", n)
        yield begun(n, said)


def _notes(canvas: Canvas, maps: Sequence[JobMap]) -> Iterator[str]:
    if words_of(canvas.language) is None and maps:
        yield tr(
            "The form of statements is not looked at: there are no word lists for {language!r}.",
            language=canvas.language,
        )
    every = [n for one in maps for n in (one.main, *one.related, *one.whole,
             *(n for step in one.steps for n in step.needs))]  # fmt: skip
    unrated = sum(need.importance is None for need in every)
    if unrated:
        yield tr_count(
            "Nobody has rated the importance of {n} need.",
            "Nobody has rated the importance of {n} needs.",
            unrated,
        )
