"""What stands behind the answer: unexplained pairs, data, computation, terms."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import criterion_name
from forwhom.documents.models import MixtureModel
from forwhom.documents.segmentation import Residual, Segmentation
from forwhom.report.segmentation.notes import gathered
from forwhom.wording import count, counted, decimal, listed, number, opened, percent

#: Pearson chi-square of one degree of freedom at p = 0.05, and a strong association.
_NOTABLE, _STRONG = 3.84, 10.0
_SHOWN_PAIRS = 10
#: Families that a measure suggests for numbers, by the kind of their items.
_FAMILIES = {
    "gaussian": "normal",
    "gaussian-block": "normal with a covariance matrix",
    "positive": "log-normal",
    "poisson": "Poisson",
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
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        shown = ", ".join(names[:_NAMED])
        return f"Left out: {shown}{more}. The report says why." if names else ""


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
        return Pairs(
            f"The {segmentation.noun}s explain how the variables go together: no pair stands out.",
            (),
        )
    found = count(len(notable), "pair of variables is", "pairs of variables are")
    sentence = (
        f"{found} still associated inside the {segmentation.noun}s, though a good segmentation "
        "should explain why variables go together. Read such a pair as one fact, not two. With "
        "many customers even weak associations show."
    )
    if len(notable) > _SHOWN_PAIRS:
        sentence += f" The strongest {_SHOWN_PAIRS}:"
    return Pairs(sentence, tuple(_pair(r, labels) for r in notable[:_SHOWN_PAIRS]))


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
                "–" if s.rows is None else f"{s.rows:,}",
                "–" if s.columns is None else f"{s.columns:,}",
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
            (v.label, v.measure, v.use, v.basis or "–", v.role or "–", v.definition or v.why or "–")
            for v in segmentation.variables
        ),
    )


def _paragraph(segmentation: Segmentation) -> str:
    fit = segmentation.fit
    active = sum(v.use == "active" for v in segmentation.variables)
    base = f"{counted(active, 'active variable')} of {count(segmentation.n, 'customer')}"
    if fit.method == "kmeans":
        return (
            f"{base} were standardized and grouped with k-means, which gives every customer to the "
            "nearest center. Missing values took the mean."
        )
    if fit.method == "rfm":
        return f"{base} were cut into a grid of recency, frequency and monetary value."
    if fit.method == "rules":
        return f"{count(segmentation.n, 'customer')} were placed by the first rule that held."
    numbers = f"{told} " if (told := _numbers(segmentation)) else ""
    chosen = f", their number chosen by {criterion_name(fit.criterion)}" if fit.criterion else ""
    noun = segmentation.noun
    return (
        f"{base} were described by a finite mixture model (latent classes): each {noun} has its "
        f"own distribution of every variable, and a customer belongs to each {noun} with a "
        f"probability. {numbers}The {noun}s were estimated by {_estimation(fit.prior)}{chosen}. "
        "A missing answer is simply not used; the customer’s other answers are. Descriptors and "
        f"protected attributes had no influence on the {noun}s."
    )


def _numbers(segmentation: Segmentation) -> str:
    """Say how numbers were modeled; empty where none are."""
    model = segmentation.model
    if segmentation.fit.method != "mixture" or not isinstance(model, MixtureModel):
        return ""
    kinds = {item.kind for item in model.items}
    named = [name for kind, name in _FAMILIES.items() if kind in kinds]
    noun = segmentation.noun
    by_measure = f"{listed(named)} by measure" if named else ""
    if "tilt" not in kinds:
        return f"Numbers were modeled as {by_measure}." if named else ""
    spread = " and in their spread" if segmentation.fit.degree == 2 else ""
    others = f" Other numbers were {by_measure}." if named else ""
    return (
        f"Numbers were modeled as tilts of a distribution that all {noun}s share, so that the "
        f"shape of one variable alone makes no {noun}s; they differ in where their values stand"
        f"{spread}.{others}"
    )


def _estimation(prior: float) -> str:
    """Name the method: with a prior it is not maximum likelihood."""
    if prior <= 0:
        return "maximum likelihood"
    more = "1 more customer" if prior == 1 else f"{prior:g} more customers"
    return (
        f"penalized likelihood (posterior mode), as if {more}, spread over the segments, had "
        "answered as the whole sample does"
    )


def _settings(segmentation: Segmentation) -> tuple[tuple[str, str], ...]:
    fit = segmentation.fit
    settings: list[tuple[str, str]] = [("Method", fit.method)]
    if fit.criterion:
        settings.append(("Chosen by", criterion_name(fit.criterion)))
    if fit.sample is not None:
        settings.append(("Chosen on", count(fit.sample.customers, "customer")))
    if fit.n_effective is not None:
        settings.append(("Effective number of customers", decimal(fit.n_effective)))
    settings.append(("Seed", str(fit.seed)))
    if fit.n_starts:
        settings.append(("Random starts", f"{fit.n_starts:,}"))
    if fit.best_start_share is not None:
        settings.append(("Starts at the best solution", percent(fit.best_start_share)))
    if fit.method == "mixture":
        settings += [("Prior", f"{fit.prior:g}"), ("Tolerance", f"{fit.tol:g}")]
    if fit.max_iter:
        limit = f"after {fit.n_iter:,} of at most {fit.max_iter:,} steps"
        settings.append(("Converged", f"{'yes' if fit.converged else 'no'}, {limit}"))
    if fit.log_likelihood is not None:
        settings.append(("Log-likelihood", decimal(fit.log_likelihood)))
    if fit.n_parameters is not None:
        settings.append(("Parameters", f"{fit.n_parameters:,}"))
    settings += [
        ("Withheld under", count(segmentation.threshold, "customer")),
        ("Version of forwhom", segmentation.version),
        ("Created", segmentation.created),
    ]
    return tuple(settings)
