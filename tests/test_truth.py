"""Populations of `benchmarks/truth.py` are what they say, its run goes on, its tables add up."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from forwhom import draft_study

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = ("populations", "answerers", "verdicts", "truth", "margins")
sys.path.insert(0, str(BENCHMARKS))
NAMES = tuple(importlib.import_module("populations").POPULATIONS)
sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts, imported as they import each other."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield {name: importlib.import_module(name) for name in SCRIPTS}
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCHMARKS)):
            del sys.modules[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_population_is_a_table_of_customers(name: str, scripts: dict[str, ModuleType]) -> None:
    population = scripts["populations"].POPULATIONS[name]
    table, segment = population.draw(300, 1)
    assert len(table) == 300
    assert table.shape[1] >= 3
    assert (table.nunique() > 1).all()
    again, same = population.draw(300, 1)
    pd.testing.assert_frame_equal(table, again)
    assert not table.equals(population.draw(300, 2).table)
    if population.kind == "groups":
        assert np.array_equal(segment, same)
        assert len(segment) == 300
        assert len(np.unique(segment)) >= 2
    else:
        assert segment is None


def test_there_are_enough_of_each(scripts: dict[str, ModuleType]) -> None:
    kinds = [p.kind for p in scripts["populations"].POPULATIONS.values()]
    assert kinds.count("independent") + kinds.count("scale") >= 25
    assert kinds.count("groups") >= 15
    assert len(set(NAMES)) == len(kinds)


def test_a_study_drafted_from_it_uses_every_column(scripts: dict[str, ModuleType]) -> None:
    """Else forwhom would be asked about another population than its peers."""
    seen = set[tuple[str, ...]]()
    for population in scripts["populations"].POPULATIONS.values():
        table = population.draw(300, 0).table
        if tuple(table) in seen:
            continue
        seen.add(tuple(table))
        uses = {name: said.use for name, said in draft_study(table).study.variables.items()}
        assert uses == {c: "weight" if c == "weight" else "active" for c in table}, population.name


def test_only_the_independent_ones_are_independent(scripts: dict[str, ModuleType]) -> None:
    for population in scripts["populations"].POPULATIONS.values():
        table = population.draw(4000, 0).table.drop(columns="weight", errors="ignore")
        codes = table.apply(lambda x: x if x.dtype.kind in "if" else pd.factorize(x)[0])
        ranks = codes.rank().fillna(codes.rank().mean())
        # Spreads may depend on each other where the values do not.
        both = np.hstack([ranks, (ranks - ranks.mean()).abs()])
        related = np.abs(np.corrcoef(both.T))
        p = ranks.shape[1]
        between = ~np.tile(np.eye(p, dtype=bool), (2, 2))
        strongest = related[between].max()
        assert (strongest < 0.08) == (population.kind == "independent"), population.name


def test_peers_get_numbers_and_categories(scripts: dict[str, ModuleType]) -> None:
    answerers = scripts["answerers"]
    table = pd.DataFrame(
        {
            "spend": [1.0, 2.0, 3.0, np.nan],
            "q1": [2, 4, 4, 5],
            "plan": ["a", "b", None, "b"],
            "weight": [1.0, 1.0, 2.0, 4.0],
        }
    )
    rows = answerers.standardized(table)
    assert rows.shape == (4, 3)
    assert rows.mean(axis=0) == pytest.approx(0)
    assert rows[3, 0] == 0
    coded, kinds = answerers.measured(table)
    assert kinds == {
        "continuous_nan": ["spend"],
        "categorical": ["q1"],
        "categorical_nan": ["plan"],
    }
    assert coded["q1"].tolist() == [0, 1, 1, 2]
    assert coded["plan"].isna().tolist() == [False, False, True, False]


@pytest.mark.parametrize("answerer", ["k-means", "GaussianMixture", "HDBSCAN"])
def test_peers_find_groups_that_nobody_overlooks(
    answerer: str, scripts: dict[str, ModuleType]
) -> None:
    rng = np.random.default_rng(0)
    segment = rng.integers(3, size=300)
    table = pd.DataFrame(10 * np.eye(3)[segment] + rng.normal(size=(300, 3)), columns=list("abc"))
    said = scripts["answerers"].ask(answerer, table)
    assert said.groups
    assert said.k == 3
    sizes = np.bincount(segment)
    members = np.unique(said.labels[said.labels >= 0], return_counts=True)[1]
    assert sorted(members) == pytest.approx(sorted(sizes), abs=6)


@pytest.mark.parametrize(
    ("structure", "groups"),
    [(None, True), ("clear", True), ("likely", True), ("scale", False), ("unclear", False)],
)
def test_the_word_of_forwhom_is_its_verdict(
    structure: str | None,
    groups: bool,
    scripts: dict[str, ModuleType],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segmentation = SimpleNamespace(segments=[1, 2])
    if structure is not None:
        segmentation.structure = SimpleNamespace(verdict=structure)
    members = {"segment": SimpleNamespace(to_numpy=lambda: np.array([1, 2, 2]))}
    result = SimpleNamespace(segmentation=segmentation, members=members)
    monkeypatch.setattr("forwhom.discover", lambda table: result, raising=False)
    said = scripts["answerers"].ask("forwhom", pd.DataFrame({"a": [1, 2, 3]}))
    assert (said.groups, said.k, said.verdict) == (groups, 2, structure)
    assert said.labels.tolist() == [1, 2, 2]


def test_forwhom_is_asked_with_a_table_alone(scripts: dict[str, ModuleType]) -> None:
    truth = scripts["truth"]
    line = truth.answer(truth.Question("bimodal", 60, 0, "now"), "now")
    assert line["answerer"] == "now"
    assert line["k"] == 2
    assert line["ari"] > 0.8


def test_a_run_goes_on_where_it_stopped(
    tmp_path: Path,
    scripts: dict[str, ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers, page = tmp_path / "answers.jsonl", tmp_path / "page.md"
    page.write_text("above\n<!-- groups: begin -->\n<!-- groups: end -->\nbelow\n")
    command = [
        "truth.py", str(answers), "--populations", "bimodal", "normal", "--sizes", "100",
        "--replicates", "2", "--answerers", "HDBSCAN", "--write", str(page),
    ]  # fmt: skip
    monkeypatch.setattr(sys, "argv", command)
    scripts["truth"].main()
    assert "4 questions" in capsys.readouterr().err
    lines = answers.read_text().splitlines(keepends=True)
    first, written = [json.loads(line) for line in lines], page.read_text()
    assert {(x["population"], x["replicate"]) for x in first} == {
        (p, r) for p in ("bimodal", "normal") for r in (0, 1)
    }
    assert not any("error" in x for x in first)
    assert written.startswith("above\n")
    assert written.endswith("below\n")
    assert "| bimodal |" in written

    answers.write_text("".join(lines[:3]) + lines[3][:20])
    monkeypatch.setattr(sys, "argv", [*command, "--minutes", "0"])
    scripts["truth"].main()
    assert len(scripts["truth"].read_lines(answers)) == 3
    monkeypatch.setattr(sys, "argv", [*command, "--workers", "2"])
    scripts["truth"].main()
    assert "1 questions" in capsys.readouterr().err
    again = scripts["truth"].read_lines(answers)
    assert [x | {"seconds": 0} for x in again] == [x | {"seconds": 0} for x in first]


def _line(population: str, kind: str, n: int, answerer: str, **said: object) -> dict[str, object]:
    line = {"population": population, "kind": kind, "n": n, "replicate": 0, "answerer": answerer}
    return {**line, "verdict": None, "seconds": 1.0, **said}


def test_tables_of_made_up_answers(scripts: dict[str, ModuleType]) -> None:
    line = [
        _line("normal", "independent", 500, "forwhom", groups=False, k=1, verdict="one"),
        _line("RFM", "scale", 500, "forwhom", groups=False, k=3, verdict="scale"),
        _line("RFM", "scale", 500, "forwhom", groups=True, k=4, verdict="likely"),
        _line("bimodal", "groups", 500, "forwhom", groups=True, k=2, verdict="clear", ari=0.96),
        _line("normal", "independent", 500, "k-means", groups=False, k=7),
        _line("RFM", "scale", 500, "k-means", groups=True, k=2),
        _line("bimodal", "groups", 500, "k-means", groups=True, k=3, ari=0.5),
        _line("bimodal", "groups", 500, "k-means", groups=False, k=2, ari=0.7),
        _line("bimodal", "groups", 500, "StepMix", error="ValueError: no"),
    ]
    page = list(scripts["verdicts"].tables(line, list(scripts["populations"].POPULATIONS.values())))
    assert "| forwhom | 500 | 33 % | 100 % | 100 % | 0.96 | 1.00 | 4 |" in page
    assert "| k-means | 500 | 50 % | 100 % | 50 % | 0.60 | 1.00 | 4 |" in page
    [rfm] = [x for x in page if x.startswith("| RFM | a year")]
    assert rfm.endswith("| 50 % · 3.5 | 100 % · 2.0 |")
    [bimodal] = [x for x in page if x.startswith("| bimodal | two")]
    assert bimodal.endswith("| 100 % · 2.0 · 0.96 | 50 % · 2.5 · 0.60 |")
    assert "| RFM | 500 |  | 50 % |  | 50 % |  | 2 |" in page
    assert "| bimodal | 500 | 100 % |  |  |  |  | 1 |" in page
    assert "| all: independent | 500 |  |  |  |  | 100 % | 1 |" in page
    assert "- forwhom: RFM (500)" in page
    assert "- k-means: RFM (500)" in page
    assert page[-1] == "StepMix gave no answer in 1 draws; the first error: `ValueError: no`."
    assert list(scripts["verdicts"].tables([], []))[:2] == ["### All in all", ""]


def test_what_is_said_of_one_margin_is_counted(scripts: dict[str, ModuleType]) -> None:
    margins = scripts["margins"]
    lines = list(margins.tables(1, np.random.default_rng(1)))
    shares = {line.split(" | ")[0]: line.split(" | ")[1:] for line in lines if "%" in line}
    assert len(shares) == len(margins.ONE_MODE) + len(margins.TWO_MODES) + 5
    assert shares["| normal"] == ["0.0%", "0.0%", "0.0% |"]
    assert shares["| two normals, 4 SD apart"][-1] == "100.0% |"
    assert shares["| two numbers with r = .4"][-1] == "100.0% |"
    assert len(list(margins.limits(1, np.random.default_rng(1)))) == len(margins.LIMIT_SIZES)
