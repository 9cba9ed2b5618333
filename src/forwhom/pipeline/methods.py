"""Ways to find segments, each giving the same kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.preparation import Customers
from forwhom.customers.tries import Tries
from forwhom.documents.base import Role
from forwhom.documents.fitting import Candidate, ChoiceSample, Fit
from forwhom.documents.models import MixtureModel, Model, Rule
from forwhom.documents.segmentation import Residual, Segmentation
from forwhom.documents.structure import Structure
from forwhom.errors import DataError, OptionError
from forwhom.evidence import Examination, doubts_of, examine, tempered
from forwhom.mixture.bands import FEWEST, MOST, fit_bands, with_factor
from forwhom.mixture.baselines import (
    fit_kmeans,
    fit_rfm,
    fit_rules,
    rfm_segment_names,
    without_small,
)
from forwhom.mixture.bootstrap import bootstrap_each
from forwhom.mixture.choosing import ROWS as SAMPLE
from forwhom.mixture.choosing import Choice, carried_on, choose
from forwhom.mixture.coarsening import coarse_centers
from forwhom.mixture.fitted import FittedMixture, fit_from_responsibilities
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.information import Information
from forwhom.mixture.replicates import Refits, refit, replicate
from forwhom.mixture.residuals import bivariate_residuals
from forwhom.mixture.scoring import score
from forwhom.mixture.selection import Selection
from forwhom.personas import in_old_order, settled
from forwhom.pipeline.settling import calm_customers, written_model
from forwhom.progress import Progress, steps
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column
from forwhom.wording import listed

Method = Literal["mixture", "kmeans", "rfm", "rules"]

#: What the grid of recency, frequency and monetary value is cut by.
_GRID: tuple[Role, ...] = ("recency", "frequency", "revenue")

#: What steps of the work cost, beside one another, as measured on real tables: reading and
#: describing customers; trying a segment more, testing it, judging the segments, and seeking as
#: many of them as usual again.
READING, DESCRIBING, VALUING = 8.0, 22.0, 8.0
#: Where they were drawn from very many: reading all of these to be fitted, and placing them.
PACKING, PLACING = 30.0, 40.0
_TRYING, _TESTING, _JUDGING, _SEEKING, _USUAL = 1.2, 6.0, 24.0, 4.0, 4

#: Replicates of the customers in which the segments are sought again, unless said otherwise.
REPLICATES = 20


def costs(
    method: str, ks: Sequence[int], *, blrt: bool, stability: int | None
) -> tuple[float, ...]:
    """Return what it costs to try numbers of segments, test, judge and seek them again."""
    if method != "mixture":
        return 1.0, 0.0, 0.0, 0.0
    again = _SEEKING
    if stability is not None:  # of every number, and not only of the one that is kept
        again *= stability / REPLICATES * sum(ks) / _USUAL
    return _TRYING * sum(ks), _TESTING * sum(ks) if blrt else 0.0, _JUDGING, again


@dataclass(frozen=True)
class Found:
    """Segments that a method found."""

    model: Model  # what places a customer
    responsibilities: NDArray[np.float64]  # probability of each segment, shape (n, K)
    fit: Fit  # how it was computed
    #: a mixture with these segments, for what needs densities: the typing tool
    densities: MixtureModel
    #: what the customers say about the mixture, for intervals; None where nothing was learned
    information: Information | None = None
    #: the numbers of segments that were tried
    candidates: list[Candidate] = field(default_factory=list)
    #: pairs of variables that the segments do not make independent
    residuals: list[Residual] = field(default_factory=list)
    names: list[str] | None = None  # names of the segments, where the method itself names them
    #: names that a person gave to the same segments of an earlier run; None where nobody did
    kept_names: list[str | None] | None = None
    notes: list[str] = field(default_factory=list)  # what was found and done
    warnings: list[str] = field(default_factory=list)  # what weakens the answer
    structure: Structure | None = None  # groups or degrees; None where nothing tested it
    place: NDArray[np.float64] | None = None  # of each customer on the scale of the model, if any
    #: replicates of the customers, by the number of segments that was fitted to them
    refits: Mapping[int, Refits] = field(default_factory=dict)
    like: str = ""  # lineage of the earlier run whose numbers the segments keep


def _choice(
    customers: Customers,
    tries: Tries,
    options: FitOptions,
    criterion: str,
    sample: int | None,
    progress: Progress,
) -> Choice:
    """Fit mixtures with each number of segments, with spread that differs and without."""
    return choose(
        customers.design(),
        tries.ks,
        options,
        criterion=criterion,
        degrees=(1, 2),
        rows=SAMPLE if sample is None else sample or len(customers),
        progress=progress,
    )


def find_mixture(
    customers: Customers,
    tries: Tries,
    options: FitOptions,
    criterion: str,
    *,
    blrt: bool,
    stability: int | None = None,
    sample: int | None = None,
    like: Segmentation | None = None,
    threshold: int = 1,
    carry_on: Callable[[FittedMixture], FittedMixture] | None = None,
    progress: Progress,
) -> Found:
    """Fit mixtures with each number of segments, and keep the one that the criterion prefers.

    ``stability`` replicates of the customers are fitted with each number; left out, a few with the
    number that is kept. Where there are many customers, the number is chosen on a ``sample`` of
    them (0: on all); where these were drawn from very many, ``carry_on`` takes the model to all of
    those. With ``like``, its segments are ordered as those of that earlier run.
    """
    proportions = costs("mixture", tries.ks, blrt=blrt, stability=stability)
    fitting, testing, examining, repeating = steps(progress, *proportions)
    columns, customers = customers.columns, calm_customers(customers, threshold)
    choice = _choice(customers, tries, options, criterion, sample, fitting)
    candidates = _tested(customers, choice, options, asked=blrt, progress=testing)
    seen = _examined(customers, tries, choice, options, examining)
    on_sample = _chosen(seen, choice, tries, options)
    chosen = carried_on(on_sample, choice.design, options)
    chosen = chosen if carry_on is None else carry_on(chosen)
    best, kept, notes = in_old_order(chosen, customers.columns, customers.weights, like)
    model, responsibilities = written_model(best, customers, columns, threshold, options.prior)
    along = None if best.classes is None else best
    told = seen.verdict(best.responsibilities(), along)
    refits = _refits(choice.selection, best, options, stability, repeating)
    structure = tempered(told, refits, best.k)
    return Found(
        model=model,
        responsibilities=responsibilities,
        place=None if along is None else along.places()[:, 0],
        fit=_fit(customers, best.candidate, options, choice if len(tries.ks) > 1 else None),
        densities=model,
        information=Information(best, customers.weights, prior=options.prior),
        candidates=[_kept(c, on_sample.candidate) for c in candidates],
        residuals=bivariate_residuals(
            best.items(), best.class_weights, customers.columns, customers.weights, threshold
        ),
        refits=refits,
        kept_names=kept,
        like="" if like is None else like.lineage,
        notes=notes + tries.notes,
        structure=structure,
        warnings=doubts_of(
            best.candidate,
            len(customers),
            options.n_starts,
            tried=tries.ks,
            limited=bool(tries.limit),
            structure=structure,
        ),
    )


def _chosen(seen: Examination, choice: Choice, tries: Tries, options: FitOptions) -> FittedMixture:
    """Keep segments, segments with a scale besides, or bands of the scale that describes best."""
    plain = next((f for f in choice.selection.fits if f.k == seen.k), choice.best)
    if not plain.data.layout.binds:  # named families have no classes along a scale
        return plain
    if seen.line is not None:
        numbers = [n for n in range(FEWEST, MOST + 1) if n <= tries.ks[-1]]
        numbers = list(tries.ks) if len(tries.ks) == 1 else numbers or [tries.ks[-1]]
        if numbers == [1]:
            return plain
        return fit_bands(
            plain.data.design, seen.line, seen.degree, numbers, prior=options.prior,
            n_threads=options.n_threads,
        )  # fmt: skip
    return with_factor(plain, prior=options.prior) if seen.styled and plain.k > 1 else plain


def _kept(candidate: Candidate, kept: Candidate) -> Candidate:
    """Put what was kept into the place of the candidate with as many segments."""
    if candidate.k != kept.k:
        return candidate
    return kept.model_copy(update={"blrt_p": candidate.blrt_p})


def _tested(
    customers: Customers, choice: Choice, options: FitOptions, *, asked: bool, progress: Progress
) -> list[Candidate]:
    """Return what was tried; where asked, tested against one less on the same customers."""
    if not asked:
        return choice.selection.candidates
    columns, weights = customers.columns, customers.weights
    if choice.drawn is not None:
        rows, first = choice.drawn.rows, choice.design.first
        some = rows if first is None else first[rows]
        columns = {n: replace(c, values=c.values[some]) for n, c in columns.items()}
        weights = choice.drawn.design.row_weights
    return bootstrap_each(
        columns, customers.active_measures, choice.selection, options, weights,
        wholes=customers.wholes, families=customers.families, progress=progress,
    )  # fmt: skip


def _refits(
    selection: Selection,
    best: FittedMixture,
    options: FitOptions,
    stability: int | None,
    progress: Progress,
) -> dict[int, Refits]:
    """Refit replicates with what is kept, and with the other numbers where they are asked for."""
    wanted = [best]
    if stability is not None:
        wanted = [best if fit.k == best.k else fit for fit in selection.fits]
    wanted = [fit for fit in wanted if fit.k > 1]
    if not wanted or stability == 0:
        return {}
    replicates = REPLICATES if stability is None else stability
    sample = replicate(best.data.design, replicates, options.seed)
    found, done, total = dict[int, Refits](), 0, sum(fit.k for fit in wanted)
    for fit in wanted:
        progress(f"seeking {fit.k} segments again in {replicates} replicates", done / total)
        found[fit.k] = refit(fit, sample, options)
        done += fit.k
    return found


def _examined(
    customers: Customers,
    tries: Tries,
    choice: Choice,
    options: FitOptions,
    progress: Progress,
) -> Examination:
    """Look at the customers: are they kinds or degrees?"""
    return examine(
        customers.columns, customers.active_measures, customers.weights, choice.best.k,
        choice.selection.fits, fixed=len(tries.ks) == 1, wholes=customers.wholes, seed=options.seed,
        n_threads=options.n_threads, progress=progress,
    )  # fmt: skip


def _fit(
    customers: Customers, candidate: Candidate, options: FitOptions, choice: Choice | None
) -> Fit:
    """Return how the mixture that was kept was computed, and what chose it."""
    return Fit(
        method="mixture",
        criterion="" if choice is None else choice.selection.criterion,
        sample=None if choice is None else _sample(choice),
        seed=options.seed,
        n_starts=options.n_starts,
        tol=options.tol,
        max_iter=options.max_iter,
        prior=options.prior,
        converged=candidate.converged,
        n_iter=candidate.n_iter,
        best_start_share=candidate.best_start_share,
        log_likelihood=candidate.log_likelihood,
        n_parameters=candidate.n_parameters,
        degree=candidate.degree,
        n_effective=customers.n_effective,
    )


def _sample(choice: Choice) -> ChoiceSample | None:
    """Return what the number of segments was chosen on, where that is not all customers."""
    if choice.drawn is None:
        return None
    return ChoiceSample(
        customers=choice.drawn.n,
        all_customers=[fit.candidate for fit in choice.contest.values()],
    )


def find_kmeans(customers: Customers, k: int | None, seed: int, threshold: int = 1) -> Found:
    """Put customers into the nearest of k groups; only numbers take part.

    A center is the mean of a segment without those who would show in it.
    """
    if k is None:
        raise OptionError(
            "k-means does not say how many segments there are.", "Give the number (--k, k=...)."
        )
    numbers = [v.name for v in customers.active if customers.columns[v.name].levels is None]
    if not numbers:
        raise DataError(
            "k-means needs numbers, and every active variable is a choice.",
            "Use the method 'mixture', which takes both.",
        )
    columns, weights = {name: customers.columns[name] for name in numbers}, customers.weights
    everybody = Membership.of(np.ones((len(customers), 1)), weights)
    calm = settled(columns, everybody, threshold)
    names = [name for name in numbers if calm[name] is columns[name] or _varies(calm[name])]
    if not names:
        raise DataError(
            f"in every number, fewer than {threshold} customers have another value than all others",
            "Use more variables, or lower the threshold (--threshold) where nobody else reads the "
            "answer.",
        )
    model, chances = fit_kmeans(calm, names, k, seed, weights, threshold=threshold)
    if threshold > 1:
        own = settled(columns, Membership.of(chances, weights), threshold)
        model = coarse_centers(model, own, chances, weights)
    labels = {v.name: v.label for v in customers.active}
    warnings = [
        f"{why}: {', '.join(labels[name] for name in left_out)}."
        for why, left_out in (
            ("k-means ignores what is not a number", [n for n in labels if n not in columns]),
            (
                f"k-means ignores what fewer than {threshold} customers have otherwise than all",
                [name for name in columns if name not in names],
            ),
        )
        if left_out
    ]
    placed = score(model, customers.columns).probabilities
    return _baseline(customers, "kmeans", model, placed, seed=seed, warnings=warnings)


def _varies(column: Column) -> bool:
    values = np.asarray(column.values, dtype=np.float64)
    return bool(np.nanmin(values) < np.nanmax(values))


def find_rfm(customers: Customers, threshold: int = 1) -> Found:
    """Cut recency, frequency and monetary value at quantiles, and group the cells.

    Segments of fewer customers than the threshold join the nearest one.
    """
    warnings: list[str] = []
    recency, frequency, monetary = (_of_role(customers, role, warnings) for role in _GRID)
    model, responsibilities = fit_rfm(
        customers.columns, recency, frequency, monetary, weights=customers.weights,
        threshold=threshold,
    )  # fmt: skip
    sizes = responsibilities.sum(axis=0).astype(int).tolist()
    model, names, gone = without_small(model, rfm_segment_names(model), sizes, threshold)
    if gone:
        responsibilities = score(model, customers.columns).probabilities
        warnings.append(
            f"{_few(gone, threshold)}: their cells joined the nearest segment, so that no number "
            "describes so few."
        )
    return _baseline(customers, "rfm", model, responsibilities, names=names, warnings=warnings)


def _few(names: Sequence[str], threshold: int) -> str:
    told = listed([repr(name) for name in names], most=None)
    return f"Fewer than {threshold} customers would be in {told}"


def _of_role(customers: Customers, role: Role, warnings: list[str]) -> str:
    """Return the number with a role: that of the study, or else of the events, or else likely."""
    said = {} if customers.study is None else customers.study.variables
    having = [
        variable
        for variable in customers.variables
        if variable.role == role and customers.columns[variable.name].levels is None
    ]
    if not having:
        raise DataError(
            f"the RFM grid needs a variable whose role is {role!r}.",
            "List the purchases under 'events' in the study, from which it is computed, or give "
            f"the column that holds it 'role: {role}' there.",
        )
    told = [v for v in having if v.name in said and said[v.name].role == role]
    having = told or [v for v in having if v.definition] or having
    if len(having) > 1:
        listed = ", ".join(repr(variable.name) for variable in having)
        warnings.append(
            f"Several variables look like {role} ({listed}), and the grid is cut by the first. Say "
            f"which one by 'role: {role}' in the study."
        )
    return having[0].name


def find_rules(
    customers: Customers, rules: Sequence[Rule], otherwise: str, threshold: int = 1
) -> Found:
    """Put customers into the first segment whose condition holds.

    A rule that takes fewer customers than the threshold is left out, as is the last one where so
    few would be left over.
    """
    kept, gone = list(rules), list[str]()
    model, responsibilities = fit_rules(customers.columns, kept, otherwise)
    while (few := _fewest(responsibilities.sum(axis=0), threshold)) is not None:
        gone.append(kept.pop(few).name)
        if not kept:
            raise DataError(
                f"every rule leaves fewer than {threshold} customers on one side, so no number "
                "may be told of them.",
                "Write rules that more customers meet, or lower the threshold (--threshold) where "
                "nobody else reads the answer.",
            )
        model, responsibilities = fit_rules(customers.columns, kept, otherwise)
    empty = [
        rule.name
        for rule, n in zip(kept, responsibilities.sum(axis=0), strict=False)
        if n == 0
    ]  # fmt: skip
    warnings = [f"No customer is in {', '.join(map(repr, empty))}."] if empty else []
    if gone:
        warnings.append(
            f"{_few(gone, threshold)}, or be left over by it: the rule was left out, so that no "
            "number describes so few."
        )
    names = [*(rule.name for rule in model.rules), model.otherwise]
    return _baseline(customers, "rules", model, responsibilities, names=names, warnings=warnings)


def _fewest(sizes: NDArray[np.float64], threshold: int) -> int | None:
    """Return the rule to leave out so that no segment is too small, or ``None`` where none is."""
    small = (sizes > 0) & (sizes < threshold)
    if not small.any():
        return None
    if small[:-1].any():
        own = np.flatnonzero(small[:-1])
        return int(own[np.argmin(sizes[own])])
    # Those whom no rule takes are few: the customers of the last rule join them.
    return int(np.flatnonzero(sizes[:-1])[-1])


def _baseline(
    customers: Customers,
    method: Method,
    model: Model,
    responsibilities: NDArray[np.float64],
    *,
    seed: int = 0,
    names: list[str] | None = None,
    warnings: Sequence[str] = (),
) -> Found:
    fitted = fit_from_responsibilities(customers.design(collapse=False), responsibilities)
    return Found(
        model=model,
        responsibilities=responsibilities,
        fit=Fit(method=method, seed=seed, n_effective=customers.n_effective),
        densities=fitted.document(customers.columns),
        names=names,
        warnings=list(warnings),
    )
