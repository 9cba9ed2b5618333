"""Why this number of segments: the criteria over every number tried."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import best_by_criterion, criterion_name
from forwhom.documents.fitting import CRITERIA, Candidate
from forwhom.documents.nouns import forms_of, in_digits
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.verdict import Noun, cuts_only
from forwhom.languages.catalog import spelled, tr, tr_count, whole
from forwhom.wording import decimal, joined, listed, percent, span

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
    noun: Noun

    @property
    def briefly(self) -> str:
        """How much worse other numbers of segments do, in a line; empty where none was tried."""
        main = next((curve for curve in self.curves if curve.main), None)
        if main is None or len(self.tried) < 2:
            return ""
        least, best = min(main.values), tr("best")
        steps = [
            f"{k}: {best if value == least else spelled(f'+{value - least:,.0f}')}"
            for k, value in zip(self.tried, main.values, strict=True)
        ]
        said = tr(
            "Number of {nouns} by {criterion} (lower is better)",
            criterion=main.name,
            **forms_of(self.noun),
        )
        return f"{said}  {joined(steps)}"


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
    names = (tr("Log-likelihood"), tr("Parameters"), *(c.upper() for c in CRITERIA))
    more = (tr("Entropy R²"), tr("Classification error"), tr("Smallest"), tr("Best start again"))
    return (*names, *more, tr("Converged"), *((tr("BLRT p"),) if tested else ()))


def _row(
    candidate: Candidate, candidates: list[Candidate], chosen: bool, tested: bool
) -> CriteriaRow:
    cells = [(decimal(candidate.log_likelihood, 1), False), (whole(candidate.n_parameters), False)]
    for name in CRITERIA:
        value = getattr(candidate, name)
        cells.append((decimal(value, 1), value == min(getattr(c, name) for c in candidates)))
    share = percent(candidate.best_start_share)
    again = tr("{found} of {all}", found=share, all=candidate.n_starts)
    cells += [
        (decimal(candidate.entropy_r2), False),
        (percent(candidate.classification_error), False),
        (percent(candidate.smallest_share), False),
        (again, False),
        (_stopped(candidate), False),
    ]
    if tested:
        cells.append((decimal(candidate.blrt_p, 3), False))
    return CriteriaRow(candidate.k, chosen, tuple(cells))


def _stopped(candidate: Candidate) -> str:
    if candidate.converged:
        return tr_count("yes, {n} step", "yes, {n} steps", candidate.n_iter)
    return tr_count("no, stopped after {n} step", "no, stopped after {n} steps", candidate.n_iter)


def _sentences(segmentation: Segmentation, candidates: list[Candidate], k: int) -> list[str]:
    tried = [c.k for c in candidates]
    if len(tried) == 1:
        return [
            tr(
                "Only K = {k} was tried, so nothing here says that it is the best number.",
                k=tried[0],
            )
        ]
    best = best_by_criterion(segmentation)
    chosen = next((c for c in candidates if c.k == k), None)
    if chosen is not None and chosen.form == "scale":
        return [
            tr(
                "{span} segments were tried, and a sliding scale. It describes the customers "
                "better than groups would, and is cut into {bands}.",
                span=span(tried),
                bands=in_digits("band", k),
            )
        ]
    sentences = [_did(segmentation, tried, k, best)]
    if best == k == max(tried):
        sentences.append(_most(segmentation))
    return sentences + _tried_on(segmentation) + _about(chosen, candidates, segmentation.noun)


def _did(segmentation: Segmentation, tried: list[int], k: int, best: int | None) -> str:
    """Say how the number that was chosen did among those that were tried."""
    values = {
        "span": span(tried), "k": k, "criterion": criterion_name(segmentation.fit.criterion),
        **forms_of(segmentation.noun),
    }  # fmt: skip
    if best in (k, None):
        did = tr("{span} {nouns} were tried; {k} did best by {criterion}.", **values)
    else:
        did = tr(
            "{span} {nouns} were tried; {k} was chosen, although {best} does better by "
            "{criterion}.",
            best=best,
            **values,
        )
    lower = tr("Lower is better: every criterion weighs fit against complexity.")
    return f"{did} {lower}"


def _most(segmentation: Segmentation) -> str:
    if cuts_only(segmentation.structure):
        return tr("The best number is also the largest one tried: more would only cut finer.")
    return tr(
        "The best number is also the largest one tried: more {nouns} might do better still.",
        **forms_of(segmentation.noun),
    )


def _tried_on(segmentation: Segmentation) -> list[str]:
    """Say on whom the numbers were tried, where that is not everybody."""
    sample = segmentation.fit.sample
    if sample is None:
        return []
    told = [
        tr(
            "The numbers were tried on {customers}, drawn by what they are and not by where they "
            "stand in the table; the {kept} that were kept were fitted to all {n}.",
            customers=tr_count("{n} customer", "{n} customers", sample.customers),
            kept=in_digits(segmentation.noun, len(segmentation.segments)),
            n=whole(_fitted_to(segmentation)),
        )
    ]
    if sample.all_customers:
        near = listed([str(c.k) for c in sample.all_customers], most=None)
        told.append(
            tr("{near} did about as well on them, so all customers chose between these.", near=near)
        )
    return told


def _fitted_to(segmentation: Segmentation) -> int:
    everybody = segmentation.fit.everybody
    fitted = everybody is not None and everybody.log_likelihood is not None
    return everybody.customers if everybody is not None and fitted else segmentation.n


def _about(chosen: Candidate | None, candidates: list[Candidate], noun: Noun) -> list[str]:
    """Say what was special about the fit that was kept, or about the others."""
    if chosen is None:
        return []
    sentences = []
    if chosen.form == "segments and scale":
        sentences.append(
            tr(
                "The {counted} have a scale in common besides; without it, more {nouns} would be "
                "needed to describe the same customers.",
                counted=in_digits(noun, chosen.k),
                **forms_of(noun),
            )
        )
    if not chosen.converged:
        sentences.append(tr("The chosen model stopped before it converged; allow more iterations."))
    elif any(not c.converged for c in candidates):
        sentences.append(tr("Some of the other numbers did not converge; see the table."))
    if chosen.n_starts > 1 and chosen.k > 1:
        sentences.append(
            tr_count(
                "{part} of {n} random start reached the same best solution.",
                "{part} of {n} random starts reached the same best solution.",
                chosen.n_starts,
                part=percent(chosen.best_start_share),
            )
        )
    return sentences
