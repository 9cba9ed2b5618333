"""Decisions of the pipeline, each by itself: what is tried, kept, left out, rounded and refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.tries import Tries
from forwhom.documents.fitting import Candidate, ChoiceSample, Fit
from forwhom.documents.segmentation import Variable
from forwhom.documents.structure import Structure
from forwhom.errors import DataError, OptionError, OutputError
from forwhom.mixture import FitOptions
from forwhom.pipeline import comparison, methods
from forwhom.pipeline.describing import _coarse, _rounded, _rounded_fit, _standing
from forwhom.pipeline.discovery import _members, _modeled, check_folder
from forwhom.pipeline.methods import (
    REPLICATES,
    Found,
    _chosen,
    _fewest,
    _fit,
    _kept,
    _of_role,
    _refits,
    _varies,
    find_kmeans,
    find_rules,
)
from forwhom.pipeline.options import check_options
from forwhom.pipeline.scoring import Scored
from forwhom.tables.columns import Column

CANDIDATE = Candidate(
    k=3, log_likelihood=-1234.5678, n_parameters=30, bic=2500.1234, aic=1, aic3=1, caic=1, sabic=1,
    icl=2600.5678, entropy_r2=0.9876, classification_error=0.1, smallest_share=0.1234,
    converged=False, n_iter=7, best_start_share=0.5, n_starts=20, degree=2,
)  # fmt: skip


def found_in(labels: list[int], k: int, method: str = "mixture", **more: Any) -> Found:
    """Return k segments of these customers; -1 is in none."""
    nothing: Any = None
    chances = np.vstack([np.eye(k), np.zeros(k)])[labels]
    fit = Fit.model_validate({"method": method, "seed": 0})
    return Found(nothing, chances, fit, nothing, **more)


# --- rules, roles, k-means


@pytest.mark.parametrize(
    ("sizes", "threshold", "gone"),
    [
        ([20, 10, 30], 10, None),
        ([20, 9, 30], 10, 1),
        ([8, 9, 30], 10, 0),
        ([9, 8, 5], 10, 1),
        ([20, 0, 30], 10, None),
        ([20, 10, 9], 10, 1),
        ([20, 0, 9], 10, 0),
        ([20, 30, 0], 10, None),
        ([1, 2, 3], 1, None),
    ],
)
def test_which_rule_is_left_out(sizes: list[int], threshold: int, gone: int | None) -> None:
    assert _fewest(np.array(sizes, dtype=float), threshold) == gone


def test_rules_that_take_few_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"a": 50, "b": 4, "c": 0}

    def fit_rules(columns: Any, rules: list[Any], otherwise: str) -> tuple[Any, Any]:
        counts = [sizes[rule.name] for rule in rules]
        labels = np.repeat(np.arange(len(rules) + 1), [*counts, 100 - sum(counts)])
        return SimpleNamespace(rules=rules, otherwise=otherwise), np.eye(len(rules) + 1)[labels]

    monkeypatch.setattr(methods, "fit_rules", fit_rules)
    monkeypatch.setattr(methods, "_baseline", lambda *given, **more: (*given[1:2], more))
    rules: list[Any] = [SimpleNamespace(name=name) for name in "abc"]
    customers: Any = SimpleNamespace(columns={})
    method, more = find_rules(customers, rules, "Others", 10)  # type: ignore[misc]
    assert (method, more["names"]) == ("rules", ["a", "c", "Others"])
    assert more["warnings"] == [
        "No customer is in 'c'.",
        "Fewer than 10 customers would be in 'b', or be left over by it: the rule was left out, so "
        "that no number describes so few.",
    ]
    assert [rule.name for rule in rules] == ["a", "b", "c"]
    _, more = find_rules(customers, rules[:1], "Others")  # type: ignore[misc]
    assert more["warnings"] == []
    with pytest.raises(DataError, match="every rule leaves fewer than 10 customers on one side"):
        find_rules(customers, rules[1:2], "Others", 10)


def variable(name: str, **more: Any) -> Variable:
    given = {"name": name, "label": name.upper(), "measure": "continuous", "use": "active"}
    return Variable.model_validate(given | more)


def test_a_role_is_that_of_the_study_then_of_events_then_likely() -> None:
    money = [variable("a", role="revenue"), variable("b", role="revenue", definition="Sum.")]
    levels = variable("l", role="revenue")
    columns = {v.name: Column(v.name, np.arange(3.0)) for v in money}
    columns["l"] = Column("l", np.zeros(3, np.int32), ("x",))

    def taken(variables: list[Variable], **said: str) -> tuple[str, list[str]]:
        study = SimpleNamespace(
            variables={name: SimpleNamespace(role=role) for name, role in said.items()}
        )
        customers: Any = SimpleNamespace(
            variables=variables, columns=columns, study=study if said else None
        )
        warnings: list[str] = []
        return _of_role(customers, "revenue", warnings), warnings

    assert taken(money) == ("b", [])
    assert taken(money, a="revenue") == ("a", [])
    assert taken(money, a="recency") == ("b", [])
    assert taken([levels, money[0]]) == ("a", [])
    name, warnings = taken([money[0], variable("b", role="revenue")])
    assert name == "a"
    assert warnings == [
        "Several variables look like revenue ('a', 'b'), and the grid is cut by the first. Say "
        "which one by 'role: revenue' in the study."
    ]
    with pytest.raises(DataError, match="needs a variable whose role is 'revenue'"):
        taken([levels, variable("a", role="recency")])


def test_k_means_needs_a_number_of_segments_and_numbers() -> None:
    customers: Any = SimpleNamespace(
        active=[variable("l")], columns={"l": Column("l", np.zeros(3, np.int32), ("x",))}
    )
    with pytest.raises(OptionError, match="k-means does not say how many segments there are"):
        find_kmeans(customers, None, 0)
    with pytest.raises(DataError, match="k-means needs numbers, and every active variable"):
        find_kmeans(customers, 2, 0)
    assert _varies(Column("x", np.array([np.nan, 1.0, 2.0])))
    assert not _varies(Column("x", np.array([np.nan, 1.0, 1.0])))


# --- what is kept of the mixtures that were fitted


def fit(k: int, binds: bool = True) -> Any:
    return SimpleNamespace(
        k=k, data=SimpleNamespace(layout=SimpleNamespace(binds=binds), design="d")
    )


def chosen(
    monkeypatch: pytest.MonkeyPatch, ks: tuple[int, ...], k: int = 2, *, line: str | None = None,
    styled: bool = False, binds: bool = True,
) -> Any:  # fmt: skip
    def fit_bands(design: str, line: str, degree: int, numbers: list[int], **more: Any) -> Any:
        assert (design, line, degree, more) == ("d", "line", 2, {"prior": 3.0, "n_threads": None})
        return ("bands", numbers)

    monkeypatch.setattr(methods, "fit_bands", fit_bands)
    monkeypatch.setattr(methods, "with_factor", lambda plain, *, prior: ("factor", plain.k, prior))
    fits = [fit(one, binds) for one in ks]
    seen: Any = SimpleNamespace(k=k, line=line, styled=styled, degree=2)
    choice: Any = SimpleNamespace(selection=SimpleNamespace(fits=fits), best=fit(9, binds))
    return _chosen(seen, choice, Tries(ks), FitOptions(prior=3.0))


def test_bands_are_three_to_five_as_far_as_they_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def bands(*ks: int) -> Any:
        return chosen(monkeypatch, ks, line="line")

    assert bands(*range(1, 9)) == ("bands", [3, 4, 5])
    assert bands(1, 2, 3, 4) == ("bands", [3, 4])
    assert bands(1, 2) == ("bands", [2])
    assert bands(7) == ("bands", [7])
    assert bands(1).k == 9
    assert chosen(monkeypatch, (1, 2, 3), line="line", binds=False).k == 2


def test_segments_with_a_scale_besides_are_kept_where_they_describe_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert chosen(monkeypatch, (1, 2, 3), styled=True) == ("factor", 2, 3.0)
    assert chosen(monkeypatch, (1, 2, 3)).k == 2
    assert chosen(monkeypatch, (1, 2, 3), 1, styled=True).k == 1
    assert chosen(monkeypatch, (1, 2, 3), 5).k == 9


def test_what_was_kept_stands_among_the_candidates() -> None:
    tested = CANDIDATE.model_copy(update={"blrt_p": 0.04, "bic": 2.0})
    assert _kept(tested, CANDIDATE) == CANDIDATE.model_copy(update={"blrt_p": 0.04})
    other = CANDIDATE.model_copy(update={"k": 4})
    assert _kept(other, CANDIDATE) is other


def refitted(
    monkeypatch: pytest.MonkeyPatch, best: int, stability: int | None
) -> tuple[dict[int, Any], list[int], list[tuple[str, float]]]:
    drawn: list[int] = []

    def replicate(design: Any, replicates: int, seed: int) -> str:
        assert (design, seed) == ("d", 7)
        drawn.append(replicates)
        return "sample"

    monkeypatch.setattr(methods, "replicate", replicate)
    monkeypatch.setattr(methods, "refit", lambda fit, sample, options: (fit.k, sample))
    told: list[tuple[str, float]] = []
    selection: Any = SimpleNamespace(fits=[fit(k) for k in (1, 2, 3)])
    found = _refits(
        selection, fit(best), FitOptions(seed=7), stability, lambda *said: told.append(said)
    )
    return found, drawn, told


def test_replicates_are_fitted_with_what_is_kept_or_with_every_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, drawn, told = refitted(monkeypatch, 3, None)
    assert (found, drawn) == ({3: (3, "sample")}, [REPLICATES])
    assert told == [(f"seeking 3 segments again in {REPLICATES} replicates", 0.0)]
    found, drawn, told = refitted(monkeypatch, 3, 50)
    assert (list(found), drawn) == ([2, 3], [50])
    assert told == [
        ("seeking 2 segments again in 50 replicates", 0.0),
        ("seeking 3 segments again in 50 replicates", 0.4),
    ]
    assert refitted(monkeypatch, 3, 0) == ({}, [], [])
    assert refitted(monkeypatch, 1, None) == ({}, [], [])


def test_how_the_mixture_was_computed_is_written() -> None:
    customers: Any = SimpleNamespace(n_effective=123.0)
    options = FitOptions(n_starts=17, tol=1e-5, max_iter=99, prior=2.0, seed=5)
    choice: Any = SimpleNamespace(selection=SimpleNamespace(criterion="aic"), drawn=None)
    known = Fit(
        method="mixture", criterion="aic", seed=5, n_starts=17, tol=1e-5, max_iter=99, prior=2.0,
        converged=False, n_iter=7, best_start_share=0.5, log_likelihood=-1234.5678,
        n_parameters=30, degree=2, n_effective=123.0,
    )  # fmt: skip
    assert _fit(customers, CANDIDATE, options, choice) == known
    # Asked for one number, nothing chose it.
    assert _fit(customers, CANDIDATE, options, None) == known.model_copy(update={"criterion": ""})
    contest = {3: SimpleNamespace(candidate=CANDIDATE)}
    some: Any = SimpleNamespace(
        selection=choice.selection, drawn=SimpleNamespace(n=20_000), contest=contest
    )
    sample = ChoiceSample(customers=20_000, all_customers=[CANDIDATE])
    assert _fit(customers, CANDIDATE, options, some) == known.model_copy(update={"sample": sample})
    (told,) = _rounded_fit(_fit(customers, CANDIDATE, options, some)).sample.all_customers  # type: ignore[union-attr]
    assert told.log_likelihood == -1234.6


# --- what is written of them


def test_figures_of_the_likelihood_have_one_decimal() -> None:
    told = _rounded(CANDIDATE)
    assert (told.log_likelihood, told.bic, told.icl) == (-1234.6, 2500.1, 2600.6)
    assert told.entropy_r2 == 0.9876
    assert _rounded(Fit(method="kmeans", seed=0)) == Fit(method="kmeans", seed=0)


@pytest.mark.parametrize(
    ("missing", "unasked", "told"),
    [
        (0.0, 0.0, (0.0, 0.0)),
        (0.04, 0.0, (0.0, 0.0)),
        (0.06, 0.0, (0.1, 0.0)),
        (0.5, 0.5, (0.6, 0.5)),  # 25 of 50
        (1.0, 1.0, (1.0, 1.0)),  # nobody was asked
        (0.9, 0.04, (86 / 96, 0.0)),  # 86 of 96
    ],
)
def test_who_has_no_value_is_told_in_tens(
    missing: float, unasked: float, told: tuple[float, float]
) -> None:
    found = _coarse(variable("a", missing=missing, unasked=unasked), 100, 10)
    assert (found.missing, found.unasked) == pytest.approx(told)


def test_a_segment_says_with_whom_it_hangs_together() -> None:
    class Segment:
        id = 2
        update: dict[str, Any] | None = None

        def model_copy(self, update: dict[str, Any]) -> Segment:
            self.update = update
            return self

    plain, joined, own = (Segment() for _ in range(3))
    untold: Any = found_in([0], 1)
    assert _standing(plain, untold) is plain  # type: ignore[arg-type,comparison-overlap]
    assert plain.update is None
    for segment, islands in ((joined, [[1], [2, 3]]), (own, [[1, 3], [2]])):
        structure = Structure(verdict="clear", rows=9, islands=islands)
        _standing(segment, found_in([0], 1, structure=structure))  # type: ignore[arg-type]
    assert joined.update == {"standing": "slice", "neighbors": [3]}
    assert own.update == {"standing": "own", "neighbors": []}


def test_members_are_where_they_are_most_likely_or_in_none() -> None:
    customers: Any = SimpleNamespace(ids=pa.array(["a", "b", "c"]), id_name="who")
    table = _members(customers, found_in([1, -1, 0], 2, place=np.array([0.5, -1.0, 2.0])))
    assert table.column_names == ["who", "segment", "p1", "p2", "certainty", "scale"]
    assert table["segment"].to_pylist() == [2, 0, 1]
    assert table["certainty"].to_pylist() == [1.0, 0.0, 1.0]


def scored(*segments: int, notes: list[str]) -> Scored:
    known = [SimpleNamespace(id=1, name="<A>"), SimpleNamespace(id=2, name="B")]
    segmentation: Any = SimpleNamespace(segments=known)
    return Scored(pa.table({"segment": list(segments)}), notes, segmentation)


def test_scored_customers_show_how_many_are_where() -> None:
    some = scored(1, 1, 0, notes=["a < b"])
    assert some.counts() == {0: 1, 1: 2, 2: 0}
    head = "<table><thead><tr><th></th><th>Segment</th><th>Placed here</th></tr></thead><tbody>"
    ones = "<tr><td>1</td><td>&lt;A&gt;</td><td>2</td></tr><tr><td>2</td><td>B</td><td>0</td></tr>"
    none = "<tr><td>0</td><td>None of these</td><td>1</td></tr>"
    assert some._repr_html_() == (f"{head}{none}{ones}</tbody></table><ul><li>a &lt; b</li></ul>")
    assert scored(1, 1, notes=[])._repr_html_() == f"{head}{ones}</tbody></table>"


# --- options and folders


def options(**changes: Any) -> None:
    usable = {
        "k": None, "k_max": 8, "method": "mixture", "criterion": "bic", "covariance": "diagonal",
        "numbers": "tilts", "n_starts": None, "prior": 1.0, "stability": None, "sample": None,
        "seed": 0, "threshold": 10,
    }  # fmt: skip
    check_options(**(usable | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("usable", "refused", "message"),
    [
        ({"k": 1}, {"k": 0}, "k is 0. Give a whole number of at least 1."),
        ({"k": 1000}, {"k": 1001}, "k is 1001. Give at most 1,000."),
        ({"k_max": 1}, {"k_max": 0}, "k_max is 0. Give a whole number of at least 1."),
        ({"threshold": 1}, {"threshold": 0}, "threshold is 0. Give a whole number of at least 1."),
        ({"n_starts": 1}, {"n_starts": 0}, "n_starts is 0. Give a whole number of at least 1."),
        ({"n_starts": 100_000}, {"n_starts": 100_001}, "n_starts is 100001. Give at most 100000."),
        ({"prior": 0}, {"prior": -0.1}, "Give 0 (maximum likelihood) to 1,000,000,000, such as 1."),
        ({"prior": 1e9}, {"prior": 1.1e9}, "prior is 1100000000.0."),
        ({"stability": 0}, {"stability": -1}, "Give 0 (none) to 1,000, such as 100."),
        ({"stability": 1000}, {"stability": 1001}, "stability is 1001."),
        ({"seed": 0}, {"seed": -1}, "seed is -1. Give a whole number of at least 0."),
        ({"criterion": "icl"}, {"criterion": "xyz"}, "Choose one of: bic, aic, aic3, caic, sabic"),
        ({"covariance": "tied"}, {"covariance": "tid"}, "Did you mean 'tied'?"),
        ({"numbers": "measured"}, {"numbers": "qqq"}, "there is no numbers 'qqq'."),
        ({"method": "rfm"}, {"method": "qqq"}, "there is no method 'qqq'."),
    ],
)
def test_options_end_where_they_make_no_sense(
    usable: dict[str, Any], refused: dict[str, Any], message: str
) -> None:
    options(**usable)
    with pytest.raises(OptionError) as raised:
        options(**refused)
    assert message in str(raised.value)


def test_what_stays_outside_of_a_covariance_matrix_is_told() -> None:
    class Customers:
        def __init__(self, *active: Variable) -> None:
            self.active = active
            self.asked: str | None = None

        def with_numbers(self, numbers: str) -> Customers:
            self.asked = numbers
            return self

    plain = Customers(variable("a"))
    assert _modeled(plain, "measured", "diagonal") is plain  # type: ignore[arg-type,comparison-overlap]
    assert plain.asked == "measured"
    inside = Customers(
        variable("a"), variable("b", measure="count", family="gaussian"),
        variable("c", measure="nominal"),
    )  # fmt: skip
    assert _modeled(inside, "measured", "full") is inside  # type: ignore[arg-type,comparison-overlap]
    assert inside.asked is None


def test_folders_that_hold_something_else_are_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "run"
    check_folder(place, overwrite=True)
    place.mkdir()
    check_folder(place, overwrite=True)
    (place / "segmentation.json").write_text('{"kind": "segmentation"}')
    check_folder(place, overwrite=True)
    with pytest.raises(OutputError):
        check_folder(place, overwrite=False)
    (place / "segmentation.json").write_text('{"kind": "canvas"}')
    with pytest.raises(OutputError, match="holds files, but no earlier run of forwhom"):
        check_folder(place, overwrite=True)
    (place / "segmentation.json").unlink()
    (place / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds files, but no earlier run of forwhom"):
        check_folder(place, overwrite=True)


# --- two runs side by side


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    said: dict[str, Any] = {}

    def compared(*given: Any, **more: Any) -> None:
        said.update(more)

    monkeypatch.setattr(comparison, "compare_members", compared)
    return said


def side(title: str, threshold: int | None, segments: list[tuple[int, str]]) -> Any:
    members = pa.table({"id": ["a"], "segment": [1]})
    known = None
    if threshold is not None:
        named = [SimpleNamespace(id=i, name=name) for i, name in segments]
        known = SimpleNamespace(threshold=threshold, segments=named)
    return comparison._Side(members, known, title)  # type: ignore[arg-type]


def test_the_higher_threshold_counts_and_equal_titles_are_told_apart(
    sides: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "_side", lambda given: given)
    comparison.compare(side("May", 5, [(1, "A")]), side("June", 20, [(1, "B"), (2, "C")]))
    assert (sides["a_title"], sides["b_title"], sides["threshold"]) == ("May", "June", 20)
    assert (sides["a_names"], sides["b_names"]) == ({1: "A"}, {1: "B", 2: "C"})
    comparison.compare(side("run", 3, []), side("run", None, []))
    assert (sides["a_title"], sides["b_title"], sides["threshold"]) == ("run (A)", "run (B)", 3)
    assert sides["b_names"] is None
    comparison.compare(side("x", None, []), side("y", None, []))
    assert sides["threshold"] == 10
