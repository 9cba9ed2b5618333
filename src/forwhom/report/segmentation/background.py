"""What stands behind the answer: unexplained pairs, data, computation, terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forwhom.documents.answer import criterion_name
from forwhom.documents.models import MixtureModel
from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Residual, Segmentation
from forwhom.languages.catalog import later, spelled, tr, tr_count, tr_in, whole
from forwhom.report.segmentation.notes import gathered
from forwhom.report.segmentation.terms import term
from forwhom.wording import apart, begun, decimal, joined, listed, number, opened, percent

#: Pearson chi-square of one degree of freedom at p = 0.05, and a strong association.
_NOTABLE, _STRONG = 3.84, 10.0
_SHOWN_PAIRS = 10
#: Families that a measure suggests for numbers, by the kind of their items.
_FAMILIES = {
    "gaussian": later("normal"),
    "gaussian-block": later("normal with a covariance matrix"),
    "positive": later("log-normal"),
    "poisson": later("Poisson"),
}
#: How many columns that were left out are named in a line.
_NAMED = 6


@dataclass(frozen=True)
class Pairs:
    """Pairs of variables whose association the segments do not explain."""

    sentence: str
    pairs: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Data:
    """The data behind the answer."""

    sources: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def briefly(self) -> str:
        """What was left out, in a line; empty for nothing."""
        names = [name for name, _ in self.left_out]
        if not names:
            return ""
        shown, more = joined([apart(name) for name in names[:_NAMED]]), len(names) - _NAMED
        if more > 0:
            shown = tr_count("{names} and {n} more", "{names} and {n} more", more, names=shown)
        return tr("Left out: {names}. The report says why.", names=shown)


@dataclass(frozen=True)
class Computation:
    """How it was computed: a paragraph, the settings, what each variable is."""

    paragraph: str
    settings: tuple[tuple[str, str], ...]
    briefly: str  # how numbers were modeled, in a line; empty without any
    variables: tuple[tuple[str, ...], ...]


def pairs(segmentation: Segmentation) -> Pairs | None:
    """Return the largest bivariate residuals in words; ``None`` when none were computed."""
    if not segmentation.residuals:
        return None
    labels = {v.name: v.label for v in segmentation.variables}
    ordered = sorted(segmentation.residuals, key=lambda r: -r.value)
    notable = [r for r in ordered if r.value > _NOTABLE]
    if not notable:
        said = tr(
            "The {nouns} explain how the variables go together: no pair stands out.",
            **forms_of(segmentation.noun),
        )
        return Pairs(said, ())
    told = " ".join(_associated(segmentation, len(notable)))
    return Pairs(told, tuple(_pair(r, labels) for r in notable[:_SHOWN_PAIRS]))


def _associated(segmentation: Segmentation, n: int) -> Iterator[str]:
    yield tr_count(
        "{n} pair of variables is still associated inside the {nouns}, though a good segmentation "
        "should explain why variables go together.",
        "{n} pairs of variables are still associated inside the {nouns}, though a good "
        "segmentation should explain why variables go together.",
        n,
        **forms_of(segmentation.noun),
    )
    yield tr("Read such a pair as one fact, not two.")
    yield tr("With many customers even weak associations show.")
    if n > _SHOWN_PAIRS:
        yield tr("The strongest {n}:", n=_SHOWN_PAIRS)


def _pair(residual: Residual, labels: dict[str, str]) -> tuple[str, str, str, str]:
    strength = "strongly" if residual.value > _STRONG else "somewhat"
    first, second = (labels.get(name, name) for name in (residual.first, residual.second))
    return first, second, strength, number(residual.value)


def data(segmentation: Segmentation) -> Data:
    """Return sources, notes, missing values and what was left out."""
    gaps = sorted((v for v in segmentation.variables if v.missing > 0), key=lambda v: -v.missing)
    return Data(
        sources=tuple(
            (
                s.name,
                "–" if s.rows is None else whole(s.rows),
                "–" if s.columns is None else whole(s.columns),
                s.fingerprint or "–",
            )
            for s in segmentation.sources
        ),
        notes=tuple(opened(note) for note in gathered(segmentation.quality.notes)),
        missing=tuple((v.label, percent(v.missing)) for v in gaps),
        left_out=tuple((c.name, opened(c.why)) for c in segmentation.quality.left_out),
    )


def computation(segmentation: Segmentation) -> Computation:
    """Return how the segments were computed, in words and as settings."""
    return Computation(
        paragraph=_paragraph(segmentation),
        settings=_settings(segmentation),
        briefly=_numbers(segmentation),
        variables=tuple(
            (
                v.label,
                term("measure", v.measure),
                term("use", v.use),
                term("basis", v.basis) if v.basis else "–",
                term("role", v.role) if v.role else "–",
                v.definition or v.why or "–",
            )
            for v in segmentation.variables
        ),
    )


def _paragraph(segmentation: Segmentation) -> str:
    fit, n = segmentation.fit, segmentation.n
    if fit.method == "rules":
        return tr_count(
            "{n} customer were placed by the first rule that held.",
            "{n} customers were placed by the first rule that held.",
            n,
        )
    if fit.method == "mixture":
        return " ".join(filter(None, _of_mixture(segmentation)))
    active = sum(v.use == "active" for v in segmentation.variables)
    variables = tr_count("{n} active variable", "{n} active variables", active)
    values = {"variables": variables, "customers": _customers(n)}
    if fit.method == "kmeans":
        told = tr(
            "{variables} of {customers} were standardized and grouped with k-means, which gives "
            "every customer to the nearest center.",
            **values,
        )
        missing = tr("Missing values took the mean.")
        return begun(active, f"{told} {missing}")
    told = tr(
        "{variables} of {customers} were cut into a grid of recency, frequency and monetary value.",
        **values,
    )
    return begun(active, told)


def _of_mixture(segmentation: Segmentation) -> Iterator[str]:
    active = sum(v.use == "active" for v in segmentation.variables)
    forms = forms_of(segmentation.noun)
    told = tr(
        "{variables} of {customers} were described by a finite mixture model (latent classes): "
        "each {noun} has its own distribution of every variable, and a customer belongs to each "
        "{noun} with a probability.",
        variables=tr_count("{n} active variable", "{n} active variables", active),
        customers=_customers(segmentation.n),
        **forms,
    )
    yield begun(active, told)
    yield _numbers(segmentation)
    yield _estimated(segmentation)
    yield tr("A missing answer is simply not used; the customer’s other answers are.")
    yield tr("Descriptors and protected attributes had no influence on the {nouns}.", **forms)


def _numbers(segmentation: Segmentation) -> str:
    """Say how numbers were modeled; empty where none are."""
    model = segmentation.model
    if segmentation.fit.method != "mixture" or not isinstance(model, MixtureModel):
        return ""
    kinds = {item.kind for item in model.items}
    named = listed([tr(name) for kind, name in _FAMILIES.items() if kind in kinds])
    if "tilt" not in kinds:
        return tr("Numbers were modeled as {families} by measure.", families=named) if named else ""
    forms = forms_of(segmentation.noun)
    told = (
        tr(
            "Numbers were modeled as tilts of a distribution that all {nouns} share, so that the "
            "shape of one variable alone makes no {nouns}; they differ in where their values stand "
            "and in their spread.",
            **forms,
        )
        if segmentation.fit.degree == 2
        else tr(
            "Numbers were modeled as tilts of a distribution that all {nouns} share, so that the "
            "shape of one variable alone makes no {nouns}; they differ in where their values "
            "stand.",
            **forms,
        )
    )
    others = tr("Other numbers were {families} by measure.", families=named) if named else ""
    return f"{told} {others}".rstrip()


def _estimated(segmentation: Segmentation) -> str:
    """Name the method: with a prior it is not maximum likelihood."""
    fit = segmentation.fit
    values = {**forms_of(segmentation.noun), "criterion": criterion_name(fit.criterion)}
    prior = "" if fit.prior <= 0 else _more(fit.prior)
    if prior and fit.criterion:
        return tr(
            "The {nouns} were estimated by penalized likelihood (posterior mode), as if {prior}, "
            "spread over the segments, had answered as the whole sample does, their number chosen "
            "by {criterion}.",
            prior=prior,
            **values,
        )
    if prior:
        return tr(
            "The {nouns} were estimated by penalized likelihood (posterior mode), as if {prior}, "
            "spread over the segments, had answered as the whole sample does.",
            prior=prior,
            **values,
        )
    if fit.criterion:
        return tr(
            "The {nouns} were estimated by maximum likelihood, their number chosen by {criterion}.",
            **values,
        )
    return tr("The {nouns} were estimated by maximum likelihood.", **values)


def _more(prior: float) -> str:
    """Return how many more customers a prior stands for, which need not be whole."""
    if prior == 1:
        return tr("1 more customer")
    return tr("{number} more customers", number=spelled(f"{prior:g}"))


def _settings(segmentation: Segmentation) -> tuple[tuple[str, str], ...]:
    fit = segmentation.fit
    settings: list[tuple[str, str]] = [(tr("Method"), term("method", fit.method))]
    if fit.criterion:
        settings.append((tr("Chosen by"), criterion_name(fit.criterion)))
    if fit.sample is not None:
        settings.append((tr("Chosen on"), _customers(fit.sample.customers)))
    if fit.n_effective is not None:
        settings.append((tr("Effective number of customers"), decimal(fit.n_effective)))
    settings.append((tr_in("random numbers", "Seed"), str(fit.seed)))
    if fit.n_starts:
        settings.append((tr("Random starts"), whole(fit.n_starts)))
    if fit.best_start_share is not None:
        settings.append((tr("Starts at the best solution"), percent(fit.best_start_share)))
    if fit.method == "mixture":
        settings.append((tr("Prior"), spelled(f"{fit.prior:g}")))
        settings.append((tr("Tolerance"), spelled(f"{fit.tol:g}")))
    if fit.max_iter:
        steps = {"n": whole(fit.n_iter), "most": whole(fit.max_iter)}
        said = (
            tr("yes, after {n} of at most {most} steps", **steps)
            if fit.converged
            else tr("no, after {n} of at most {most} steps", **steps)
        )
        settings.append((tr("Converged"), said))
    if fit.log_likelihood is not None:
        settings.append((tr("Log-likelihood"), decimal(fit.log_likelihood)))
    if fit.n_parameters is not None:
        settings.append((tr("Parameters"), whole(fit.n_parameters)))
    settings += [
        (tr("Withheld under"), _customers(segmentation.threshold)),
        (tr("Version of forwhom"), segmentation.version),
        (tr("Created"), segmentation.created),
    ]
    return tuple(settings)


def _customers(n: int) -> str:
    return tr_count("{n} customer", "{n} customers", n)
