"""Thresholds of the contest between kinds and degrees, on fits that are nothing but their BIC."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.evidence import structure
from forwhom.evidence.structure import (
    Examination,
    _alone,
    _best_continuum,
    _confirmed,
    _Contest,
    _contest,
    _continua,
    _fewer_levels,
    _main,
    _mixtures,
    _same_bins,
    _shuffled,
    _varies,
    sampled,
)
from forwhom.mixture import Column, FitOptions, build_design
from forwhom.mixture.continuum import CONTINUA
from forwhom.progress import silent

BY_NAME = {kind.name: kind for kind in CONTINUA}


def fit(bic: float, k: int = 3, **more: Any) -> Any:
    return SimpleNamespace(bic=bic, k=k, **more)


def contest(
    groups: float, continuum: float, *, styled: float | None = None, alone: float = 5000.0,
    kind: str = "one factor",
) -> _Contest:  # fmt: skip
    style = None if styled is None else fit(styled, k=2)
    return _Contest(fit(groups), fit(continuum), BY_NAME[kind], style, alone)


@pytest.mark.parametrize(
    ("difference", "kinds"), [(10.0, True), (9.75, False), (-10.0, False), (30.0, True)]
)
def test_ten_units_of_bic_speak_for_kinds(difference: float, kinds: bool) -> None:
    found = contest(1000.0, 1000.0 + difference)
    assert (found.kinds, found.torn, found.difference) == (kinds, False, difference)


@pytest.mark.parametrize(
    ("continuum", "styled", "torn"),
    [(990.0, 980.0, True), (990.01, 980.0, False), (990.0, 980.01, False), (980.0, None, False)],
)
def test_groups_need_the_style_where_a_scale_beats_them_alone(
    continuum: float, styled: float | None, torn: bool
) -> None:
    found = contest(1000.0, continuum, styled=styled)
    assert found.torn == torn
    assert not found.kinds or not torn


def test_a_style_counts_where_it_describes_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "scale_of", lambda fitted: Scale(dimensions=fitted.k))
    for styled, with_style in ((999.0, True), (1000.0, False), (1001.0, False), (None, False)):
        found = contest(1000.0, 1100.0, styled=styled)
        assert found.with_style == with_style
        assert found.groups == (styled if with_style else 1000.0)
        assert found.segments(5) == (2 if with_style else 5)
        assert found.segments(1) == 1
        assert found.style == (Scale(dimensions=2) if with_style else None)
    # Where the scale is no worse, a style takes no segments away.
    assert contest(1000.0, 1000.0, styled=999.0).segments(5) == 5


def test_margins_say_it_all_where_nothing_is_better() -> None:
    assert contest(1000.0, 1100.0, alone=1000.0).nothing
    assert contest(1100.0, 1000.0, alone=1000.0).nothing
    assert not contest(1000.0, 1100.0, alone=1000.1).nothing
    assert not contest(1100.0, 1000.0, alone=1000.1).nothing
    assert not contest(1100.0, 1100.0, styled=1000.0, alone=1000.1).nothing


def examination(
    found: _Contest, monkeypatch: pytest.MonkeyPatch, *, depends: bool = True
) -> Examination:
    monkeypatch.setattr(structure, "dependent", lambda *margins: depends)
    monkeypatch.setattr(structure, "clumps", lambda *margins: ["x"])
    monkeypatch.setattr(structure, "scale_of", lambda *fitted, curved=False: None)
    sample: Any = SimpleNamespace(margins=({}, {}, None, ()), rows=np.arange(4))
    design: Any = None
    return Examination(sample, design, found, FitOptions(), 3, silent)


def test_a_line_is_one_open_scale_that_wins_by_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    for difference, kind, line in (
        (-10.0, "one factor", True), (-9.9, "one factor", False),
        (-10.0, "curved", True), (-10.0, "two factors", False),
    ):  # fmt: skip
        seen = examination(contest(1000.0, 1000.0 + difference, kind=kind), monkeypatch)
        assert seen.line == (BY_NAME[kind] if line else None)
    alike = contest(1000.0, 980.0, alone=900.0)
    assert examination(alike, monkeypatch, depends=False).line is None
    assert examination(alike, monkeypatch).line is not None
    assert examination(alike, monkeypatch, depends=False).alike
    assert not examination(alike, monkeypatch).alike


def test_groups_are_styled_where_they_win_with_a_style(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examination(contest(1000.0, 1100.0, styled=990.0), monkeypatch).styled
    assert not examination(contest(1000.0, 1100.0), monkeypatch).styled
    assert not examination(contest(1000.0, 995.0, styled=990.0), monkeypatch).styled
    alone = contest(1000.0, 1100.0, styled=990.0, alone=900.0)
    assert not examination(alone, monkeypatch, depends=False).styled


TWO = np.full((4, 2), 0.5)


def test_one_segment_is_one_kind_unless_a_scale_wins_by_ten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = np.ones((4, 1))
    for continuum, verdict in ((990.0, "scale"), (990.1, "one"), (1100.0, "one")):
        seen = examination(contest(1000.0, continuum), monkeypatch)
        found = seen.verdict(one)
        assert (found.verdict, found.rows, found.continuum) == (verdict, 4, "one factor")
        assert found.clumps == ["x"]
        assert found.difference == continuum - 1000.0
    figures = Structure(verdict="unclear", rows=4)
    assert _alone(figures, contest(1000.0, 991.0)).verdict == "one"


def test_customers_who_are_alike_are_one_kind_or_one_variable_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = examination(contest(1000.0, 1000.0, alone=900.0), monkeypatch, depends=False)
    for cut, verdict in ((None, "one"), ("spend", "unclear")):
        monkeypatch.setattr(structure, "only_cut", lambda *given, cut=cut: cut)
        found = seen.verdict(TWO)
        assert (found.verdict, found.cut, found.islands) == (verdict, cut, [])


@pytest.mark.parametrize(
    ("difference", "islands", "verdict"),
    [
        (-10.0, [[0], [1]], "scale"),
        (-9.9, [[0], [1]], "unclear"),
        (9.9, [[0], [1]], "unclear"),
        (10.0, [[0, 1]], "unclear"),
        (10.0, [[1], [0]], "clear"),
    ],
)
def test_groups_are_confirmed_where_two_islands_win_by_ten(
    difference: float, islands: list[list[int]], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = examination(contest(1000.0, 1000.0 + difference), monkeypatch)
    monkeypatch.setattr(structure, "_islands", lambda *given: islands)
    monkeypatch.setattr(
        structure, "_confirmed",
        lambda figures, *given: figures.model_copy(update={"verdict": "clear"}),
    )  # fmt: skip
    found = seen.verdict(TWO)
    assert found.verdict == verdict
    told = [] if verdict == "scale" else [sorted(i + 1 for i in one) for one in islands]
    assert found.islands == told


@pytest.mark.parametrize(
    ("observed", "verdict", "sets"),
    [
        # Sets of the scale stand at 0 and 2 in turn: around 1, with a deviation of about 1.1.
        ((0.0, 0.0), "likely", 7),  # hopeless
        ((30.0, 30.0), "clear", 7),  # plain
        ((30.0, 1.5), "likely", 7),
        ((4.5, 4.5), "clear", 19),
        ((30.0, 3.0), "likely", 19),
        ((3.0, 30.0), "likely", 19),
    ],
)
def test_islands_are_clear_where_both_figures_are_beyond_what_a_scale_gives(
    observed: tuple[float, float], verdict: str, sets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = iter([observed, *[(0.0, 0.0), (2.0, 2.0)] * 20])
    monkeypatch.setattr(structure, "_stands", lambda fitted: next(stands))
    monkeypatch.setattr(structure, "fit_mixture", lambda *given: None)
    drawn: list[int] = []

    def simulate(items: Any, shares: Any, n: int, *, seed: int) -> tuple[dict[str, Column], None]:
        drawn.append(seed)
        return {}, None

    monkeypatch.setattr(structure, "simulate", simulate)
    layout = SimpleNamespace(shape=SimpleNamespace(degree=1))
    continuum = fit(0.0, items=list, class_weights=np.ones(1))
    mixture = fit(0.0, data=SimpleNamespace(layout=layout))
    found = _confirmed(
        Structure(verdict="unclear", rows=4, islands=[[1], [2]]),
        SimpleNamespace(columns={}, rows=np.arange(4), design=lambda columns: None),  # type: ignore[arg-type]
        _Contest(mixture, continuum, CONTINUA[0], None, 0.0),
        FitOptions(seed=2, n_threads=1),
    )
    assert (found.verdict, found.null_sets) == (verdict, sets)
    assert sorted(drawn) == [2 * 1_009 + b for b in range(sets)]
    null = np.array([0.0, 2.0] * 20)[:sets]
    expected = (np.array(observed) - null.mean()) / null.std(ddof=1)
    assert (found.certainty_z, found.separation_z) == pytest.approx(tuple(expected))


def test_a_closed_scale_must_beat_groups_by_itself() -> None:
    open_, closed = (fit(1000.0), CONTINUA[0]), (fit(900.0), BY_NAME["closed"])
    assert _best_continuum([open_, closed], 910.0) == closed
    assert _best_continuum([open_, closed], 909.9) == open_
    assert _best_continuum([open_, (fit(999.0), CONTINUA[1])], 0.0)[1] is CONTINUA[1]


@pytest.mark.parametrize(
    ("items", "degrees", "names"),
    [
        (1, (1, 2), ["one factor 1", "one factor 2"]),
        (2, (1,), ["one factor 1"]),
        (3, (1, 2), ["one factor 1", "one factor 2", "curved 2"]),
        (
            4, (1, 2),
            ["one factor 1", "one factor 2", "curved 2", "curved twice 2", "two factors 2",
             "closed 1", "closed 2", "curved surface 2"],
        ),
        (
            7, (1,),
            ["one factor 1", "curved 2", "curved twice 2", "two factors 2", "closed 1",
             "curved surface 2", "three factors 2"],
        ),
    ],
)  # fmt: skip
def test_which_continua_are_tried(items: int, degrees: tuple[int], names: list[str]) -> None:
    assert [f"{kind.name} {degree}" for kind, degree in _continua(items, 2, degrees)] == names


def tried(
    bics: dict[int, float], k: int, monkeypatch: pytest.MonkeyPatch, *, n: int = 400,
    known: tuple[int, ...] = (),
) -> tuple[list[list[int]], list[int]]:  # fmt: skip
    asked: list[list[int]] = []

    def select(design: Any, numbers: list[int], options: FitOptions, *, degrees: Any) -> Any:
        asked.append(list(numbers))
        assert degrees == (1, 2)
        return SimpleNamespace(fits=[fit(bics.get(i, 1000.0), i) for i in numbers])

    monkeypatch.setattr(structure, "select", select)
    design: Any = SimpleNamespace(n_rows=n)
    found = _mixtures(design, k, [fit(bics.get(i, 1000.0), i) for i in known], FitOptions())
    return asked, [f.k for f in found]


def test_numbers_of_segments_are_tried_past_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    best3, more = {3: 900.0}, {k: 1000.0 - k for k in range(1, 10)}
    assert tried(best3, 3, monkeypatch) == ([[1, 2, 3, 4]], [1, 2, 3, 4])
    assert tried(best3, 1, monkeypatch) == ([[1, 2, 3], [4]], [1, 2, 3, 4])
    assert tried(more, 3, monkeypatch) == ([[1, 2, 3, 4], [5], [6], [7]], [*range(1, 8)])
    assert tried(more, 3, monkeypatch, n=23)[1] == [1, 2, 3, 4, 5]  # four customers for each
    assert tried(more, 3, monkeypatch, n=4)[1] == [1, 2]
    assert tried(best3, 3, monkeypatch, known=(2, 3, 9)) == ([[1, 4]], [1, 2, 3, 4])
    assert tried(best3, 9, monkeypatch, known=(9,)) == ([[*range(1, 8)]], [*range(1, 8), 9])
    assert tried(best3, 3, monkeypatch, known=(1, 2, 3, 4)) == ([], [1, 2, 3, 4])


def moving(variable: str, dimension: int, loading: float) -> ScaleVariable:
    return ScaleVariable(
        variable=variable, dimension=dimension, loading=loading, low=0, middle=0, high=0
    )


def test_each_variable_stands_on_the_scale_that_moves_it_most() -> None:
    def told(*moves: ScaleVariable) -> list[tuple[str, int]]:
        return [(one.variable, one.dimension) for one in _main(moves)]

    first = [moving("a", 1, 0.9), moving("b", 1, -0.8), moving("c", 1, 0.3)]
    second = [moving("c", 2, -0.7), moving("a", 2, 0.2), moving("b", 2, 0.1)]
    assert told(*first, *second) == [("a", 1), ("b", 1), ("c", 2)]
    # A scale that moves none the most keeps the one that it moves most.
    weak = [moving("c", 2, 0.2), moving("a", 2, 0.1), moving("b", 2, 0.1)]
    assert told(*first, *weak) == [("a", 1), ("b", 1), ("c", 1), ("c", 2)]
    # The strongest belongs to the other scale, but not the next one.
    other = [moving("a", 2, 0.95), moving("b", 2, 0.1), moving("c", 2, 0.1)]
    assert told(*first, *other) == [("b", 1), ("c", 1), ("a", 2)]


def nominal(codes: list[int], levels: int) -> Column:
    return Column("x", np.array(codes, dtype=np.int32), tuple("abcdefghijkl"[:levels]))


def test_rare_levels_of_a_nominal_variable_join() -> None:
    codes = [*range(9), 0, 1, 3, 4, 5, 6, 8, 8, -1]
    found = _fewer_levels(nominal(codes, 9), "nominal")
    assert found.levels == ("a", "b", "d", "e", "f", "g", "i", "…")
    assert found.values.tolist() == [0, 1, 7, 2, 3, 4, 5, 7, 6, 0, 1, 2, 3, 4, 5, 6, 6, -1]
    eight = nominal([*range(8)], 8)
    assert _fewer_levels(eight, "nominal") is eight
    nine = nominal(codes, 9)
    assert _fewer_levels(nine, "ordinal") is nine
    assert _fewer_levels(nine, None) is nine
    number = Column("x", np.arange(20.0))
    assert _fewer_levels(number, "nominal") is number


def test_what_is_the_same_for_everybody_does_not_vary() -> None:
    assert _varies(Column("x", np.array([np.nan, 1.0, 2.0])))
    assert not _varies(Column("x", np.array([np.nan, 1.0, 1.0])))
    assert not _varies(Column("x", np.array([np.nan, np.nan])))
    assert not _varies(nominal([-1, 3, 3], 9))


def test_the_order_of_those_looked_at_stays_between_versions() -> None:
    columns = {"x": Column("x", np.arange(6.0)), "y": nominal([0, 0, 1, 1, 2, 2], 3)}
    assert _shuffled(columns, 0).tolist() == [0, 2, 3, 5, 4, 1]
    assert _shuffled(columns, 1).tolist() == [2, 3, 5, 4, 1, 0]
    zeros = {"x": Column("x", np.array([0.0, -0.0, 0.0]))}
    assert _shuffled(zeros, 0).tolist() == [0, 1, 2]


def test_up_to_two_thousand_are_all_looked_at_with_their_weights() -> None:
    def drawn(n: int, weights: NDArray[np.float64] | None = None) -> Any:
        columns = {"x": Column("x", np.arange(float(n))), "c": Column("c", np.ones(n))}
        return sampled(columns, {"x": "continuous", "c": "continuous"}, weights, (), 0)

    everybody = drawn(2_000)
    assert everybody.rows.tolist() == [*range(2_000)]
    assert list(everybody.measures) == ["x"]  # c is the same for everybody
    assert everybody.weights is None
    half = np.full(1_000, 2.0)
    assert drawn(1_000, half).weights is half
    heavy = np.append(half, 1.0)
    assert drawn(1_001, heavy).weights is None
    assert len(drawn(1_001, heavy).rows) == len(drawn(2_001).rows) == 2_000
    # Each stands for as much weight: one with a thousandth of all is drawn about twice.
    big = np.ones(4_000)
    big[7] = 1_000.0
    assert np.bincount(drawn(4_000, big).rows)[7] == pytest.approx(400, abs=1)


def test_fits_to_the_same_bins_are_not_made_again() -> None:
    design = build_design(
        [Column("x", np.arange(30.0))], {"x": "continuous"}, None, families={"x": "tilt"}
    )
    other = build_design(
        [Column("y", np.arange(30.0))], {"y": "continuous"}, None, families={"y": "tilt"}
    )
    shorter: Any = SimpleNamespace(items=design.items, n_rows=29, numerics=[])
    binless: Any = SimpleNamespace(items=design.items, n_rows=design.n_rows, numerics=[1])
    same, *others = (
        SimpleNamespace(data=SimpleNamespace(design=one))
        for one in (design, other, shorter, binless)
    )
    assert _same_bins(design, [same, *others]) == [same]  # type: ignore[list-item]


def contested(
    k: int, ks: range, items: int, monkeypatch: pytest.MonkeyPatch, *, fixed: bool = False,
    spread: bool = True,
) -> tuple[_Contest, list[tuple[str, int]], list[int]]:  # fmt: skip
    """Return the contest, the continua with their degrees, and the segments with a factor."""
    layout = SimpleNamespace(layout=SimpleNamespace(shape=SimpleNamespace(degree=2)))
    fits = [fit(1000.0 - 10 * i, i, data=layout) for i in ks]
    continua: list[tuple[str, int]] = []
    styled: list[int] = []

    def continuum(design: Any, kind: Any, degree: int, *, n_threads: Any) -> Any:
        continua.append((kind.name, degree))
        return fit(900.0 + len(continua))

    def factor(one: Any) -> Any:
        styled.append(one.k)
        return fit(960.0 + one.k, one.k)

    monkeypatch.setattr(structure, "_mixtures", lambda *given: fits)
    monkeypatch.setattr(structure, "fit_continuum", continuum)
    monkeypatch.setattr(structure, "fit_with_factor", factor)
    design: Any = SimpleNamespace(items=range(items), has_spread=spread)
    found = _contest(design, k, [], FitOptions(n_threads=1), fixed=fixed)
    return found, continua, styled


def test_continua_and_segments_with_a_style_are_fitted_to_the_same_customers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, continua, styled = contested(3, range(1, 5), 3, monkeypatch)
    assert continua == [("one factor", 1), ("one factor", 2), ("curved", 2)]
    assert styled == [2, 3, 4]
    assert (found.mixture.k, found.alone, found.continuum.bic) == (4, 990.0, 901.0)
    assert found.kind is CONTINUA[0]
    assert found.styled is not None
    assert found.styled.k == 2
    assert contested(3, range(1, 5), 3, monkeypatch, fixed=True)[2] == [3]
    assert contested(1, range(1, 5), 3, monkeypatch, fixed=True)[2] == []
    assert contested(1, range(1, 5), 3, monkeypatch)[0].mixture.k == 4
    assert contested(3, range(1, 5), 3, monkeypatch, spread=False)[1] == [
        ("one factor", 1), ("curved", 2)
    ]  # fmt: skip
    found, continua, styled = contested(3, range(1, 5), 2, monkeypatch)
    assert (len(continua), styled, found.styled) == (2, [], None)
