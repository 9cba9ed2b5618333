"""Bands of a scale, and segments that have a scale in common: models whose segments are classes."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from forwhom.documents.models import ClassesAlong, MixtureModel
from forwhom.mixture import Column, Design, FitOptions, FittedMixture, build_design, fit_mixture
from forwhom.mixture.bands import borders, fit_bands, gauss, points, with_factor
from forwhom.mixture.continuum import CONTINUA
from forwhom.mixture.design import Whole
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.information import Information
from forwhom.mixture.scoring import score
from forwhom.mixture.sql_mixture import mixture_sql

LINE, CURVE = CONTINUA[:2]


def ratings(latent: np.ndarray) -> dict[str, Column]:
    codes = (latent[:, :, None] > np.array([-1.2, -0.4, 0.4, 1.2])).sum(axis=2)
    return {
        f"q{j}": Column(f"q{j}", column.astype(np.int32), tuple("12345"))
        for j, column in enumerate(codes.T)
    }


def scale_of(n: int, variables: int = 5, seed: int = 0) -> tuple[dict[str, Column], np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    noise = rng.normal(size=(n, variables))
    return ratings(z[:, None] + 0.8 * noise), z


def styled_of(n: int, seed: int = 0) -> tuple[dict[str, Column], np.ndarray]:
    rng = np.random.default_rng(seed)
    z, style = rng.choice(2, n, p=[0.6, 0.4]), rng.normal(size=(n, 1))
    tastes = np.array([[1.2, 1.2, 1.2, -1.2, -1.2], [-1.2, -1.2, -1.2, 1.2, 1.2]])
    return ratings(tastes[z] + 0.7 * style + 0.8 * rng.normal(size=(n, 5))), z


def design_of(columns: dict[str, Column], weights: np.ndarray | None = None) -> Design:
    return build_design(list(columns.values()), dict.fromkeys(columns, "ordinal"), weights)


def bands_of(columns: dict[str, Column], *numbers: int) -> FittedMixture:
    return fit_bands(design_of(columns), LINE, 1, numbers or (3,), n_threads=1)


def styled(columns: dict[str, Column]) -> FittedMixture:
    return with_factor(fit_mixture(design_of(columns), 2, FitOptions(n_starts=5)))


def test_borders_are_those_that_lose_least_of_a_normal_scale() -> None:
    # Max 1960, table I.
    assert borders(2).tolist() == [0.0]
    assert borders(4) == pytest.approx([-0.9816, 0.0, 0.9816], abs=1e-4)
    assert borders(5) == pytest.approx([-1.2444, -0.3823, 0.3823, 1.2444], abs=1e-4)


def test_points_are_gauss_and_hermite_s_where_nothing_is_cut() -> None:
    z, share = gauss(-8.0, 8.0, 7)
    expected, weight = np.polynomial.hermite_e.hermegauss(7)
    assert z == pytest.approx(expected, abs=1e-3)
    assert share == pytest.approx(weight / weight.sum(), abs=1e-5)


def test_points_of_bands_make_a_standard_normal_distribution() -> None:
    z, logs, band = points(borders(5))
    share = np.exp(logs)
    assert share @ z == pytest.approx(0.0, abs=1e-9)
    assert share @ z**2 == pytest.approx(1.0, abs=1e-4)
    assert share @ z**4 == pytest.approx(3.0, abs=1e-2)
    assert (np.diff(band) >= 0).all()
    assert np.bincount(band, share)[2] == pytest.approx(0.2977, abs=1e-3)


def test_bands_follow_the_scale_from_low_to_high() -> None:
    columns, z = scale_of(1_000)
    found = bands_of(columns)
    assert found.form == "scale"
    assert found.k == 3
    assert found.weights == pytest.approx([0.27, 0.46, 0.27], abs=0.01)
    assert np.corrcoef(found.places()[:, 0], z)[0, 1] > 0.88
    means = [found.places()[found.labels() == band].mean() for band in range(3)]
    assert means == sorted(means)


def test_there_are_as_many_bands_as_customers_can_be_placed_in() -> None:
    assert bands_of(scale_of(600, variables=3)[0], 3, 4, 5).k == 3
    assert bands_of(scale_of(600, variables=40)[0], 3, 4, 5).k == 5


def test_more_customers_than_the_scale_is_learned_from_correct_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns, _ = scale_of(1_500)
    every = bands_of(columns)
    monkeypatch.setattr("forwhom.mixture.bands.ROWS", 500)
    some = bands_of(columns)
    assert some.log_likelihood == pytest.approx(every.log_likelihood, abs=0.05)
    assert np.abs(some.responsibilities() - every.responsibilities()).max() < 0.02


def test_segments_keep_what_they_have_in_common_apart() -> None:
    columns, z = styled_of(1_000)
    found = styled(columns)
    assert found.form == "segments and scale"
    assert found.weights[0] > found.weights[1]
    assert (found.labels() == z).mean() > 0.9


@pytest.mark.parametrize("kind", ["bands", "styled"])
def test_another_order_is_the_same_model(kind: str) -> None:
    columns = scale_of(300)[0] if kind == "bands" else styled_of(300)[0]
    found = bands_of(columns) if kind == "bands" else styled(columns)
    order = np.roll(np.arange(found.k), 1)
    other = found.ordered(order)
    assert other.weights == pytest.approx(found.weights[order])
    assert other.responsibilities() == pytest.approx(found.responsibilities()[:, order])
    assert other.places() == pytest.approx(found.places())


@pytest.mark.parametrize("kind", ["bands", "styled"])
def test_a_document_and_its_sql_place_customers_as_the_fit_does(kind: str) -> None:
    columns = scale_of(300)[0] if kind == "bands" else styled_of(300)[0]
    holes = np.random.default_rng(4).random(300) < 0.2
    q0 = columns["q0"]
    columns["q0"] = replace(q0, values=np.where(holes, -1, q0.values).astype(np.int32))
    found = bands_of(columns) if kind == "bands" else styled(columns)
    model = found.document(columns)
    assert MixtureModel.model_validate_json(model.model_dump_json()) == model
    assert not list(model.impossible(found.k))
    scores = score(model, columns)
    assert scores.probabilities == pytest.approx(found.responsibilities(), abs=1e-9)
    assert scores.place == pytest.approx(found.places()[:, 0], abs=1e-9)
    table = {n: [None if c < 0 else str(c + 1) for c in x.values] for n, x in columns.items()}
    written = placed_by_sql(model, table)
    assert written["scale"] == pytest.approx(scores.place, abs=1e-9)
    assert written["segment"].tolist() == scores.segment.tolist()
    for s in range(found.k):
        assert written[f"p{s + 1}"] == pytest.approx(scores.probabilities[:, s], abs=1e-9)


def placed_by_sql(model: MixtureModel, table: dict[str, list[str | None]]) -> dict[str, np.ndarray]:
    import pyarrow as pa

    with duckdb.connect() as connection:
        connection.register("people", pa.table({"n": range(len(table["q0"])), **table}))
        query = mixture_sql(model, '"n"', '"n"', "people")
        found: dict[str, np.ndarray] = connection.sql(f"{query} ORDER BY n").fetchnumpy()
    return found


def test_a_customer_of_whom_nothing_is_known_has_no_place() -> None:
    columns, _ = scale_of(300)
    model = bands_of(columns).document(columns)
    blank = {name: replace(c, values=np.array([-1], np.int32)) for name, c in columns.items()}
    scores = score(model, blank)
    assert scores.place is not None
    assert np.isnan(scores.place[0])
    row = placed_by_sql(model, {name: [None] for name in columns})
    assert np.ma.is_masked(row["scale"][0])


def test_classes_that_cannot_be_are_found() -> None:
    columns, _ = scale_of(200)
    model = bands_of(columns).document(columns)
    assert model.classes is not None
    short = ClassesAlong(segment=[1, 2], place=[0.0])
    problems = dict(model.model_copy(update={"classes": short}).impossible(3))
    assert problems["classes", "segment"] == "the classes are not those of segments 1 to 3."
    assert problems["classes", "place"] == "there are not 2 places."
    assert problems["weights",] == "there are not 2 weights."


def shares_of(n: int) -> tuple[dict[str, Column], Whole]:
    rng = np.random.default_rng(2)
    z = rng.normal(size=n)
    taste = np.exp(np.outer(z, [0.9, 0.0, -0.9]))
    items = rng.integers(5, 40, n)
    counts = np.array([rng.multinomial(m, p / p.sum()) for m, p in zip(items, taste, strict=True)])
    table = {f"s{j}": column.astype(float) for j, column in enumerate(counts.T)}
    columns = {name: Column(name, values / items) for name, values in table.items()}
    columns["items"] = Column("items", items.astype(float))
    return columns, Whole("basket", ("s0", "s1", "s2"), "items")


def test_shares_of_a_whole_are_cut_as_other_variables_are() -> None:
    columns, whole = shares_of(400)
    measures = {"s0": "continuous", "s1": "continuous", "s2": "continuous"}
    design = build_design(list(columns.values()), measures, wholes=[whole])  # type: ignore[arg-type]
    found = fit_bands(design, LINE, 1, (3,))
    assert_influence_is_what_a_customer_changes(found)


@pytest.mark.parametrize("kind", ["bands", "styled", "curved"])
def test_the_influence_of_a_customer_is_what_more_weight_changes(kind: str) -> None:
    columns = styled_of(300)[0] if kind == "styled" else scale_of(300)[0]
    if kind == "curved":
        found = fit_bands(design_of(columns), CURVE, 1, (3,))
    else:
        found = bands_of(columns) if kind == "bands" else styled(columns)
    assert_influence_is_what_a_customer_changes(found)


def assert_influence_is_what_a_customer_changes(found: FittedMixture) -> None:
    """Refit with more and with less weight on some rows: the size of the first segment changes."""
    found = refitted(found, found.data.design.row_weights)
    design, step = found.data.design, 0.2
    weights = design.row_weights
    n, share = float(weights.sum()), share_of_first(found)
    one = np.ones((found.n_customers, 1))
    about = Information(found, prior=1.0)
    told = about.influence(0, one * (1 - share) / n, one * -share / n)[:, 0]
    rows = np.arange(found.n_customers) if design.rows is None else design.rows
    chosen = np.argsort(told)[[0, 40, -40, -1]]
    changes = []
    for customer in chosen:
        extra = step * (np.arange(design.n_rows) == rows[customer])
        more, less = refitted(found, weights + extra), refitted(found, weights - extra)
        changes.append((share_of_first(more) - share_of_first(less)) / (2 * step))
    assert changes == pytest.approx(told[chosen].tolist(), rel=0.1, abs=0.05 * np.abs(told).max())


def refitted(found: FittedMixture, weights: np.ndarray) -> FittedMixture:
    design = replace(found.data.design, weights=weights, n=float(weights.sum()))
    data = Expectation(design, found.data.layout.shape)
    runs = run_em(data, found.parameters, prior=1.0, tol=1e-13, max_iter=3000)
    return replace(found, data=data, parameters=runs.parameters)


def share_of_first(found: FittedMixture) -> float:
    weights = found.data.design.row_weights
    return float(weights @ found.row_responsibilities[:, 0] / weights.sum())
