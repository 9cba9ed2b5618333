"""The sampler of changes: each is one place, still Python, and a test that looks notices it."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("mutants", ROOT / "scripts" / "mutants.py")
assert spec is not None
assert spec.loader is not None
mutants = importlib.util.module_from_spec(spec)
sys.modules["mutants"] = mutants
spec.loader.exec_module(mutants)

CODE = '''"""A module."""
from typing import Literal

MOST: Literal[3] = 3


def found(values: Literal[1], most=0):
    for value in values:
        if value < 2 and not value == 7:
            continue
        most = max(most, value + 1)
    if most > MOST or not values:
        raise ValueError(f"ä {most + 1}")
    return -most
'''


def test_each_change_is_one_place_and_still_python(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(CODE)
    changes = list(mutants.mutants_of(file))
    assert {change.instead for change in changes} == {
        "4", "3", "8", "1", "2", "(value <= 2)", "(value != 7)", "(value == 7)",
        "(value < 2 or not value == 7)", "(value < 2)", "break", "min(most, value + 1)",
        "(value - 1)", "(most >= MOST)", "(most > MOST and (not values))", "(most > MOST)",
        "(values)", "pass", "(most)",
    }  # fmt: skip
    for change in changes:
        assert change.text != CODE
        ast.parse(change.text)
        assert change.text.count("\n") == CODE.count("\n")
        assert 'f"ä {most + 1}"' in change.text or change.instead == "pass"
        assert "Literal[3]" in change.text


def test_the_tests_of_a_change_call_what_was_changed_the_quick_ones_first() -> None:
    file = ROOT / "src" / "forwhom" / "wording.py"
    calls = {
        "tests/cli/test_a.py::test_quick": (0.1, ["wording.py:percent"]),
        "tests/report/test_b.py::test_slow": (9.0, ["wording.py:percent"]),
        "tests/report/test_b.py::test_own": (0.2, ["wording.py:percent", "wording.py:listed"]),
        "tests/report/test_c.py::test_endless": (99.0, ["wording.py:percent"]),
        "tests/report/test_b.py::test_other": (0.1, ["wording.py:listed"]),
    }
    by_line = {change.node.lineno: change for change in mutants.mutants_of(file)}
    functions = {n.name: n for n in ast.parse(file.read_bytes()).body if hasattr(n, "name")}
    percent, other = functions["percent"], functions["begun"]
    first = next(c for line, c in by_line.items() if percent.lineno <= line <= percent.end_lineno)
    unseen = next(c for line, c in by_line.items() if other.lineno <= line <= other.end_lineno)
    assert mutants.tests_of(first, calls, "report") == [
        "tests/report/test_b.py::test_own",
        "tests/report/test_b.py::test_slow",
        "tests/cli/test_a.py::test_quick",
    ]
    assert "tests/report/test_b.py::test_other" in mutants.tests_of(unseen, calls, "report")


def test_what_is_compiled_is_called_by_the_tests_of_those_who_use_it() -> None:
    file = ROOT / "src" / "forwhom" / "lifetimes" / "kernels.py"
    calls = {
        "tests/lifetimes/test_a.py::test_fit": (0.1, ["lifetimes/buying.py:purchases"]),
        "tests/lifetimes/test_a.py::test_other": (0.1, ["lifetimes/renewals.py:renewals"]),
    }
    change = next(mutants.mutants_of(file))
    assert mutants.tests_of(change, calls, "lifetimes") == ["tests/lifetimes/test_a.py::test_fit"]


def test_a_change_is_noticed_by_a_test_that_looks(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "sums.py").write_text("def half(x):\n    return x / 2\n")
    (tmp_path / "test_looks.py").write_text("import sums\ndef test(): assert sums.half(8) == 4\n")
    (tmp_path / "test_blind.py").write_text("import sums\ndef test(): assert sums.half(8)\n")
    root, mutants.ROOT = mutants.ROOT, tmp_path
    try:
        change = next(
            m for m in mutants.mutants_of(tmp_path / "src" / "sums.py") if "*" in m.instead
        )
        assert not mutants.is_noticed(None, tmp_path, ["test_looks.py::test"], 60)
        assert mutants.is_noticed(change, tmp_path, ["test_looks.py::test"], 60)
        assert not mutants.is_noticed(change, tmp_path, ["test_blind.py::test"], 60)
        assert "x / 2" in (tmp_path / "src" / "sums.py").read_text()
    finally:
        mutants.ROOT = root
