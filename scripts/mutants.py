"""Change the code at random, one place at a time, and count how many changes the tests notice.

``python scripts/mutants.py [--rooms tables,lint] [--each 10] [--seed 7] [--tests DIRS]`` draws so
many places of each room, afresh unless a seed is given, and runs the room's tests on a copy with
the change, then those of the rooms that use the file. What no test notices is printed: cover its
kind, or see that it makes no difference. It takes hours for all rooms; give it few.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_COMPARED: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.LtE(), ast.LtE: ast.Lt(), ast.Gt: ast.GtE(), ast.GtE: ast.Gt(), ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(), ast.In: ast.NotIn(), ast.NotIn: ast.In(), ast.Is: ast.IsNot(),
    ast.IsNot: ast.Is(),
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult(),
    ast.FloorDiv: ast.Mult(), ast.Mod: ast.Mult(),
}  # fmt: skip
_SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


@dataclass(frozen=True)
class Mutant:
    """One change: a place in a file, and what stands there instead."""

    file: Path
    node: ast.expr | ast.stmt
    instead: str

    @property
    def text(self) -> str:
        """The changed file."""
        lines = self.file.read_bytes().splitlines(keepends=True)
        first, last = self.node.lineno - 1, (self.node.end_lineno or self.node.lineno) - 1
        before = b"".join(lines[:first]) + lines[first][: self.node.col_offset]
        after = lines[last][self.node.end_col_offset :] + b"".join(lines[last + 1 :])
        return (before + self.instead.encode() + after).decode()

    def __str__(self) -> str:
        place = f"{self.file.relative_to(ROOT / 'src' / 'forwhom')}:{self.node.lineno}"
        return f"{place}: {ast.unparse(self.node)[:70]!r} → {self.instead[:70]!r}"


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every change of a file that a test should notice; what only types see is left alone."""
    tree = ast.parse(file.read_bytes())
    checked = [
        n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)
    ]
    apart = {id(inner) for node in checked for inner in ast.walk(node)}
    for node in ast.walk(tree):
        # Inside an f-string, places are not told before Python 3.12.
        if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.arguments):
            hints = [node] if isinstance(node, ast.JoinedStr) else _annotations(node)
            apart |= {id(inner) for hint in hints for inner in ast.walk(hint)}
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            apart |= {id(inner) for inner in ast.walk(node.returns)}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt) and id(node) not in apart:
            for instead in _instead(node):
                yield Mutant(file, node, instead)


def _annotations(node: ast.AnnAssign | ast.arguments) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    named = [*node.posonlyargs, *node.args, *node.kwonlyargs]
    return [one.annotation for one in named if one.annotation is not None]


def _instead(node: ast.expr | ast.stmt) -> Iterator[str]:
    match node:
        case ast.Compare(left, [operator], [right]):
            yield f"({ast.unparse(ast.Compare(left, [_COMPARED[type(operator)]], [right]))})"
        case ast.BinOp(left, operator, right) if type(operator) in _COMPUTED:
            yield f"({ast.unparse(ast.BinOp(left, _COMPUTED[type(operator)], right))})"
        case ast.BoolOp(operator, values):
            other = ast.And() if isinstance(operator, ast.Or) else ast.Or()
            yield f"({ast.unparse(ast.BoolOp(other, values))})"
            yield f"({ast.unparse(values[0])})"  # a term is dropped
        case ast.UnaryOp(ast.Not(), operand) | ast.UnaryOp(ast.USub(), operand):
            yield f"({ast.unparse(operand)})"
        case ast.Constant(bool() as value):
            yield str(not value)
        case ast.Constant(int() | float() as value):
            yield repr(value + 1)
        case ast.Continue():
            yield "break"
        case ast.Break():
            yield "continue"
        case ast.Raise():
            yield "pass"
        case ast.Call(ast.Name(name), [_, *_]) if name in _SWAPPED:
            yield ast.unparse(ast.Call(ast.Name(_SWAPPED[name]), node.args, node.keywords))


def is_noticed(mutant: Mutant | None, copy: Path, tests: list[str], limit: float) -> bool:
    """Whether tests fail, or do not end, on a copy with a change; with none, on the copy."""
    place = copy / mutant.file.relative_to(ROOT) if mutant else None
    before = place.read_text() if place else ""
    if mutant and place:
        place.write_text(mutant.text)
    said = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*run, *tests], cwd=copy, env=said, capture_output=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        if place:
            place.write_text(before)
    return done.returncode != 0


def tests_above(file: Path, room: str) -> list[str]:
    """Return the tests of other rooms whose code or tests import a file."""
    module = ".".join(file.relative_to(ROOT / "src").with_suffix("").parts)
    found = set()
    for folder in (ROOT / "src" / "forwhom", ROOT / "tests"):
        for other in folder.rglob("*.py"):
            part = other.relative_to(folder).parts[0]
            if part != room and (ROOT / "tests" / part).is_dir() and module in other.read_text():
                found.add(f"tests/{part}")
    return sorted(found) or ["--version"]


def _try_room(
    room: str, each: int, rng: random.Random, tests: list[str], copy: Path
) -> tuple[int, int]:
    files = sorted((ROOT / "src" / "forwhom" / room).rglob("*.py"))
    everywhere = [mutant for file in files for mutant in mutants_of(file)]
    drawn = rng.sample(everywhere, min(each, len(everywhere)))
    start = time.monotonic()
    if is_noticed(None, copy, tests, 3600):
        raise SystemExit(f"{room}: the tests fail without any change.")
    limit = 5 * (time.monotonic() - start) + 30
    unnoticed = [
        m
        for m in drawn
        if not is_noticed(m, copy, tests, limit)
        and not is_noticed(m, copy, tests_above(m.file, room), 10 * limit)
    ]
    noticed = len(drawn) - len(unnoticed)
    print(f"{room}: {noticed} of {len(drawn)} changes noticed", *unnoticed, sep="\n  ", flush=True)
    return noticed, len(drawn)


def main() -> None:
    """Try the rooms and print the share."""
    rooms = sorted(
        p.name for p in (ROOT / "src" / "forwhom").iterdir() if (p / "__init__.py").exists()
    )
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rooms", default=",".join(rooms))
    asked.add_argument("--each", type=int, default=10)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--tests", default="", help="more folders or files of tests, with commas")
    given = asked.parse_args()
    rng, noticed, tried = random.Random(given.seed), 0, 0
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        skipped = shutil.ignore_patterns(".*", "demo-output", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=skipped, symlinks=True)
        for room in given.rooms.split(","):
            tests = [f"tests/{room}", f"src/forwhom/{room}", *filter(None, given.tests.split(","))]
            found, drawn = _try_room(room, given.each, rng, tests, copy)
            noticed, tried = noticed + found, tried + drawn
    print(f"{noticed} of {tried} changes noticed ({noticed / max(tried, 1):.0%})")


if __name__ == "__main__":
    main()
