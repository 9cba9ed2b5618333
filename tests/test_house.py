"""The house itself: rooms, sizes, docstrings, what the help loads, which names are public."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import forwhom

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forwhom"
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = {
    "cli",
    "web",
    "assistants",
    "workspace",
    "pipeline",
    "customers",
    "choices",
    "report",
    "lint",
    "personas",
    "evidence",
    "alignment",
    "features",
    "lifetimes",
    "mixture",
    "funders",
    "statistics",
    "texts",
    "tables",
    "documents",
    "wording",
    "languages",
    "errors",
    "suffixes",
    "progress",
    "version",
}


def identify(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def parsed() -> Iterator[tuple[str, int, ast.Module]]:
    """The name of every module, its number of lines, and its tree."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        yield identify(path), len(text.splitlines()), ast.parse(text)


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without its docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_rooms_are_the_ones_that_the_layers_name() -> None:
    found = {
        p.stem if p.suffix == ".py" else p.name for p in SOURCE.iterdir() if p.suffix != ".typed"
    }
    assert found - {"__init__", "__pycache__"} == ROOMS
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c for c in contracts if c["type"] == "layers")
    assert layers["exhaustive"]
    assert {room.strip() for layer in layers["layers"] for room in layer.split("|")} == ROOMS


def test_no_public_name_is_hidden_by_a_room() -> None:
    assert not ROOMS & set(forwhom.__all__)  # importing forwhom.x replaces the attribute x


def test_no_room_is_empty() -> None:
    for room in ROOMS - {"errors", "progress", "suffixes", "version", "wording"}:
        assert len(list((SOURCE / room).glob("*.py"))) > 1, f"{room} holds nothing"


def test_files_and_functions_stay_small() -> None:
    files, long = dict[str, int](), dict[str, int]()
    for name, lines, tree in parsed():
        if lines > 500:
            files[name] = lines
        long |= {f"{name} {f.name}": n for f in functions(tree) if (n := length(f)) > 40}
    assert not files, "split these: one plain noun per module"
    assert not long, "split these functions"


def test_files_of_tests_stay_small_too() -> None:
    long = {
        path.name: lines
        for path in Path(__file__).parent.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, "split these by subject"


def test_a_module_is_named_by_what_it_holds() -> None:
    words = {"util", "utils", "helper", "helpers", "misc", "common", "tools", "stuff"}
    assert [identify(path) for path in MODULES if words & set(path.stem.split("_"))] == []


def test_what_is_public_has_a_docstring() -> None:
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    silent, bare = list[str](), list[str]()
    for name, _, tree in parsed():
        public = [n for n in tree.body if isinstance(n, definitions) and not n.name.startswith("_")]
        if not (ast.get_docstring(tree) or public):
            silent.append(name)
        told = [n for n in public if "overload" not in map(ast.unparse, n.decorator_list)]
        bare += [f"{name} {n.name}" for n in told if not ast.get_docstring(n)]
    assert not silent, "a module, or its public name, says what it holds"
    assert not bare


def test_the_help_loads_neither_engine_nor_tables() -> None:
    heavy = [
        "duckdb",
        "numba",
        "sklearn",
        "scipy",
        "pyarrow",
        "narwhals",
        "numpy",
        "jinja2",
        "rich",
    ]
    code = (
        "import sys\n"
        "from forwhom.cli.main import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        f"print('loaded:', sorted(set({heavy!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage:" in done.stdout
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_the_public_names() -> None:
    assert forwhom.__all__ == [
        "AlignmentResult",
        "BetaGeoBetaBinomModel",
        "BetaGeoModel",
        "Canvas",
        "ExperimentPlan",
        "ForwhomError",
        "Framework",
        "Funding",
        "GammaGammaModel",
        "LatentSegments",
        "MembershipModel",
        "Result",
        "SegmentOutcomes",
        "Segmentation",
        "SelectedSegments",
        "ShiftedBetaGeoModel",
        "Study",
        "accept_claims",
        "align",
        "assess_fit",
        "audit_fairness",
        "compare",
        "compare_canvases",
        "compare_curves",
        "convert_canvas",
        "customer_features",
        "decide_segments",
        "defense_of",
        "discover",
        "draft_study",
        "draw_canvas",
        "draw_purchase_map",
        "export_canvas",
        "features_sql",
        "features_table",
        "find_voices",
        "flows_csv",
        "funding",
        "funding_html",
        "import_canvas",
        "lint_canvas",
        "map_jobs",
        "market_type",
        "new_canvas",
        "next_steps",
        "open_table",
        "parse_canvas",
        "plan_experiment",
        "profile_table",
        "propose_needs",
        "propose_participants",
        "purchase_map",
        "rank_needs",
        "read_canvas",
        "read_experiment",
        "read_framework",
        "read_history",
        "read_ledger",
        "read_plan",
        "read_segmentation",
        "read_study",
        "refresh",
        "rename_segment",
        "report_html",
        "sankey_svg",
        "score",
        "scoring_sql",
        "seed_canvas",
        "segment_outcomes",
        "select_segments",
        "separate_segments",
        "summary_text",
        "tell_stories",
        "value_segments",
        "write_alignment",
        "write_canvas",
        "write_choices",
        "write_comparison",
        "write_drawing",
        "write_experiment",
        "write_flows",
        "write_funding",
        "write_next_steps",
        "write_plan",
        "write_report",
        "write_segmentation",
        "write_stories",
        "write_strategies",
        "write_voices",
        "write_workshop",
    ]
    assert set(forwhom.__all__) <= set(dir(forwhom))


def test_each_public_name_belongs_to_one_subject_of_few() -> None:
    named = [name for names in forwhom.SUBJECTS.values() for name in names]
    assert sorted(named) == forwhom.__all__
    assert all(len(names) <= 20 for names in forwhom.SUBJECTS.values())
    assert all(
        f"{subject}: {names[0]}" in forwhom.__doc__ for subject, names in forwhom.SUBJECTS.items()
    )


@pytest.mark.parametrize("name", forwhom.__all__)
def test_a_public_name_and_its_methods_have_docstrings(name: str) -> None:
    found = getattr(forwhom, name)
    assert found.__doc__
    methods = inspect.getmembers(found, inspect.isfunction) if inspect.isclass(found) else []
    ours = [m for n, m in methods if not n.startswith("_") and m.__module__.startswith("forwhom")]
    assert [m.__qualname__ for m in ours if not m.__doc__] == []


def test_the_version_is_said_once() -> None:
    line = f'__version__ = "{forwhom.__version__}"'
    said = [path for path in MODULES if line in path.read_text("utf-8")]
    assert [identify(path) for path in said] == ["version.py"]
    assert "version" not in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert forwhom.__version__ in (ROOT / "CHANGELOG.md").read_text()


def test_no_test_looks_at_the_clock() -> None:
    clock = re.compile(r"perf_counter|time\.sleep|time\.time\(|timeout=\d|deadline=\d")
    tests = (path for path in ROOT.glob("tests/**/*.py") if path != Path(__file__))
    found = [path.name for path in tests if clock.search(path.read_text(encoding="utf-8"))]
    assert not found, "time.thread_time() is the same on a busy machine"


def test_quick_has_tests_of_every_room() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    quick = re.search(r"^QUICK := (.*)$", makefile, re.MULTILINE)
    assert quick is not None
    names = quick[1].split()
    assert not [name for name in names if not (ROOT / "tests" / f"{name}.py").exists()]
    rooms = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert {name.split("/")[0] for name in names if "/" in name} == rooms
