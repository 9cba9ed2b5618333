"""Why this number of segments: the criteria over every number tried."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import best_by_criterion, criterion_name
from forwhom.documents.fitting import CRITERIA, Candidate
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.verdict import cuts_only
from forwhom.wording import count, decimal, listed, percent, span

#: The criteria drawn as curves; the table holds all of them.
_CURVES = ("bic", "aic", "icl")


@dataclass(frozen=True)
class Curve:
    """One criterion over the numbers of segments tried."""

    name: str
    values: tuple[float, ...]
    main: bool


@dataclass(frozen=True)
class CriteriaRow:
    """The criteria of one number of segments; ``lowest`` names the columns it wins."""

    k: int
    chosen: bool
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Selection:
    """The selection curve and its table."""

    tried: tuple[int, ...]
    chosen: int
    curves: tuple[Curve, ...]
    headings: tuple[str, ...]
    rows: tuple[CriteriaRow, ...]
    sentences: tuple[str, ...]
    noun: str

    @property
    def briefly(self) -> str:
        """How much worse other numbers of segments do, in a line; empty where none was tried."""
        main = next((curve for curve in self.curves if curve.main), None)
        if main is None or len(self.tried) < 2:
            return ""
        best = min(main.values)
        steps = (
            f"{k}: {'best' if value == best else f'+{value - best:,.0f}'}"
            for k, value in zip(self.tried, main.values, strict=True)
        )
        return f"Number of {self.noun}s by {main.name} (lower is better)  {', '.join(steps)}"


def selection(segmentation: Segmentation) -> Selection | None:
    """Return how the number of segments was chosen; ``None`` when nothing was computed."""
    candidates = sorted(segmentation.selection, key=lambda c: c.k)
    if not candidates:
        return None
    k = len(segmentation.segments)
    main = segmentation.fit.criterion.lower()
    names = [*(c for c in _CURVES if c != main), *([main] if main in CRITERIA else [])]
    curves = tuple(
        Curve(name.upper(), tuple(float(getattr(c, name)) for c in candidates), name == main)
        for name in names
    )
    tested = any(c.blrt_p is not None for c in candidates)
    return Selection(
        tried=tuple(c.k for c in candidates),
        chosen=k,
        curves=curves,
        headings=_headings(tested),
        rows=tuple(_row(c, candidates, c.k == k, tested) for c in candidates),
        sentences=tuple(_sentences(segmentation, candidates, k)),
        noun=segmentation.noun,
    )


def _headings(tested: bool) -> tuple[str, ...]:
    names = ("Log-likelihood", "Parameters", *(c.upper() for c in CRITERIA))
    more = ("Entropy R²", "Classification error", "Smallest", "Best start again")
    return (*names, *more, "Converged", *(("BLRT p",) if tested else ()))


def _row(
    candidate: Candidate, candidates: list[Candidate], chosen: bool, tested: bool
) -> CriteriaRow:
    cells = [(decimal(candidate.log_likelihood, 1), False), (f"{candidate.n_parameters:,}", False)]
    for name in CRITERIA:
        value = getattr(candidate, name)
        cells.append((decimal(value, 1), value == min(getattr(c, name) for c in candidates)))
    again = f"{percent(candidate.best_start_share)} of {candidate.n_starts}"
    steps = count(candidate.n_iter, "step")
    cells += [
        (decimal(candidate.entropy_r2), False),
        (percent(candidate.classification_error), False),
        (percent(candidate.smallest_share), False),
        (again, False),
        (f"yes, {steps}" if candidate.converged else f"no, stopped after {steps}", False),
    ]
    if tested:
        cells.append((decimal(candidate.blrt_p, 3), False))
    return CriteriaRow(candidate.k, chosen, tuple(cells))


def _sentences(segmentation: Segmentation, candidates: list[Candidate], k: int) -> list[str]:
    criterion = criterion_name(segmentation.fit.criterion)
    tried = [c.k for c in candidates]
    if len(tried) == 1:
        return [f"Only K = {tried[0]} was tried, so nothing here says that it is the best number."]
    best = best_by_criterion(segmentation)
    chosen = next((c for c in candidates if c.k == k), None)
    if chosen is not None and chosen.form == "scale":
        return [
            f"{span(tried)} segments were tried, and a sliding scale. It describes the customers "
            f"better than groups would, and is cut into {k} bands."
        ]
    did = (
        f"{k} did best by {criterion}"
        if best in (k, None)
        else f"{k} was chosen, although {best} does better by {criterion}"
    )
    sentences = [
        f"{span(tried)} {segmentation.noun}s were tried; {did}. Lower is better: every criterion "
        "weighs fit against complexity."
    ]
    if best == k == max(tried):
        finer = cuts_only(segmentation.structure)
        sentences.append(
            "The best number is also the largest one tried: more "
            + ("would only cut finer." if finer else f"{segmentation.noun}s might do better still.")
        )
    return sentences + _tried_on(segmentation) + _about(chosen, candidates, segmentation.noun)


def _tried_on(segmentation: Segmentation) -> list[str]:
    """Say on whom the numbers were tried, where that is not everybody."""
    sample = segmentation.fit.sample
    if sample is None:
        return []
    nouns, k = f"{segmentation.noun}s", len(segmentation.segments)
    told = [
        f"The numbers were tried on {count(sample.customers, 'customer')}, drawn by what they are "
        f"and not by where they stand in the table; the {k} {nouns} that were kept were fitted to "
        f"all {_fitted_to(segmentation):,}."
    ]
    if sample.all_customers:
        near = listed([str(c.k) for c in sample.all_customers], most=None)
        told.append(f"{near} did about as well on them, so all customers chose between these.")
    return told


def _fitted_to(segmentation: Segmentation) -> int:
    everybody = segmentation.fit.everybody
    fitted = everybody is not None and everybody.log_likelihood is not None
    return everybody.customers if everybody is not None and fitted else segmentation.n


def _about(chosen: Candidate | None, candidates: list[Candidate], noun: str) -> list[str]:
    """Say what was special about the fit that was kept, or about the others."""
    if chosen is None:
        return []
    sentences = []
    if chosen.form == "segments and scale":
        sentences.append(
            f"The {chosen.k} {noun}s have a scale in common besides; without it, more {noun}s "
            "would be needed to describe the same customers."
        )
    if not chosen.converged:
        sentences.append("The chosen model stopped before it converged; allow more iterations.")
    elif any(not c.converged for c in candidates):
        sentences.append("Some of the other numbers did not converge; see the table.")
    if chosen.n_starts > 1 and chosen.k > 1:
        sentences.append(
            f"{percent(chosen.best_start_share)} of {chosen.n_starts} random starts reached "
            "the same best solution."
        )
    return sentences
