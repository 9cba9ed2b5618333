"""Change the code at random, one place at a time, and count how many changes the tests notice.

``python scripts/mutants.py [--rooms tables,lint] [--each 10] [--seed 7] [--tests cli]`` draws
so many places of each room, afresh unless a seed is given, and runs the tests that call the changed
function on a copy with the change: the room's own and quick ones first. What no test notices is
printed: cover its kind, or see that it makes no difference. Which tests call what is found once for
each room of tests and kept in ``.mutants/``; ``--tests`` names the rooms whose tests count, beside
those of everything, which stand in no room.
"""

from __future__ import annotations

import argparse
import ast
import functools
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
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
#: What only speeds up, or only guards against a mistake in the code that stands beside it.
_WITHOUT_EFFECT = {
    "cache",
    "nogil",
    "frozen",
    "slots",
    "strict",
    "maxsize",
    "stacklevel",
    "kw_only",
}
#: Tests of one change may take so many seconds, and the first of them so few.
_LONGEST = 60.0
_QUICK = 5.0
_ALL_PASSED, _NO_TESTS = 0, 5
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
        if isinstance(node, ast.keyword) and node.arg in _WITHOUT_EFFECT:
            apart |= {id(node.value)}
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


def mapped(tests: list[str], copy: Path, kept: Path) -> None:
    """Bring up to date which test calls which functions; only files that changed run again."""
    known = json.loads(kept.read_text()) if kept.exists() else {}
    made = kept.stat().st_mtime if kept.exists() else 0.0
    files = [f for name in tests if name.startswith("tests") for f in _python_in(copy / name)]
    stale = [f.relative_to(copy).as_posix() for f in files if f.stat().st_mtime > made]
    stale += [name for name in tests if name.startswith("src") and not known]
    if not stale:
        return
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "calls.json"
        code = _run(stale, copy, {"CALLED_WRITE": str(written)}, 7200, "--maxfail=1000")
        if not written.exists():
            raise SystemExit(f"{', '.join(tests)}: the tests do not run.")
        if code not in {_ALL_PASSED, _NO_TESTS}:
            print(f"{', '.join(tests)}: some tests fail without any change, and do not count.")
        kept_tests = {t: c for t, c in known.items() if t.split("::")[0] not in stale}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(kept_tests | json.loads(written.read_text())))


def _python_in(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def tests_of(mutant: Mutant, calls: dict[str, tuple[float, list[str]]], room: str) -> list[str]:
    """Return the tests that call what was changed, the room's own and quick ones first.

    What stands outside of functions, or in one that nobody is seen to call, counts as called by
    tests that call anything in its file, or, where all of that is compiled, in a file that uses it.
    """
    file = mutant.file.relative_to(ROOT / "src" / "forwhom").as_posix()
    around = [
        f"{file}:{n.name}"
        for n in ast.walk(ast.parse(mutant.file.read_bytes()))
        if isinstance(n, ast.FunctionDef)
        and n.lineno <= mutant.node.lineno <= (n.end_lineno or n.lineno)
    ]
    found: dict[str, float] = {}
    functions = [(f"{place}$",) for place in reversed(around)]
    for begin in (*functions, (f"{file}:",), _using(file)):  # what is compiled is called unseen
        found = found or {
            test: seconds
            for test, (seconds, places) in calls.items()
            if any(f"{place}$".startswith(begin) for place in places)
        }
    own = (f"tests/{room}/", f"src/forwhom/{room}/", "tests/test_")
    order = sorted(found, key=lambda test: (not test.startswith(own), found[test], test))
    most, spent = [], 0.0
    for test in order:
        if spent + found[test] <= _LONGEST or not most:
            spent += found[test]
            most.append(test)
    return most


@functools.cache
def _using(file: str) -> tuple[str, ...]:
    """Return how places begin in the files that import one."""
    source, module = ROOT / "src" / "forwhom", file.removesuffix(".py").replace("/", ".")
    said = f"from forwhom.{module} import "
    users = (one for one in _python_in(source) if said in one.read_text(encoding="utf-8"))
    return tuple(f"{one.relative_to(source).as_posix()}:" for one in users)


def is_noticed(mutant: Mutant | None, copy: Path, tests: list[str], limit: float) -> bool:
    """Whether tests fail, or do not end, on a copy with a change; with none, on the copy."""
    if not tests:
        return False
    place = copy / mutant.file.relative_to(ROOT) if mutant else None
    before = place.read_text() if place else ""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "tests.json"
        listed.write_text(json.dumps(tests))
        said = {"CALLED_ONLY": str(listed)}
        if "njit" in before:  # numba keeps what it compiled of callers in other files
            said["NUMBA_CACHE_DIR"] = folder
        try:
            if mutant and place:
                place.write_text(mutant.text)
            code = _run(sorted({_collected(test) for test in tests}), copy, said, limit)
        finally:
            if place:
                place.write_text(before)
    return code not in {_ALL_PASSED, _NO_TESTS}


def _collected(test: str) -> str:
    """Return what pytest is to collect; a file of the code by itself would be one of tests."""
    file = test.split("::", maxsplit=1)[0]
    return "/".join(file.split("/")[:3]) if file.startswith("src") else file


def _run(
    tests: list[str], copy: Path, said: dict[str, str], limit: float, *more: str
) -> int | None:
    """Return the exit code of pytest; none where it did not end."""
    paths = os.pathsep.join([str(copy / "src"), str(Path(__file__).parent)])
    around = {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider"]
    try:
        return subprocess.run(
            [*run, "-p", "called", *more, *tests],
            cwd=copy, env={**os.environ, **around, **said}, timeout=limit, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        return None


def _try_room(
    room: str, each: int, rng: random.Random, calls: dict[str, tuple[float, list[str]]], copy: Path
) -> tuple[int, int]:
    place = ROOT / "src" / "forwhom" / room
    files = _python_in(place if place.is_dir() else place.with_suffix(".py"))
    everywhere = [mutant for file in files for mutant in mutants_of(file)]
    drawn = rng.sample(everywhere, min(each, len(everywhere)))
    unnoticed = []
    for mutant in drawn:
        tests = tests_of(mutant, calls, room)
        seconds = itertools.accumulate(calls[test][0] for test in tests)
        quick = sum(spent <= _QUICK for spent in seconds)  # most changes are noticed by these
        parts = (tests[:quick], tests[quick:])
        if not any(is_noticed(mutant, copy, part, 10 * _LONGEST) for part in parts):
            unnoticed.append(mutant)
    noticed = len(drawn) - len(unnoticed)
    print(f"{room}: {noticed} of {len(drawn)} changes noticed", *unnoticed, sep="\n  ", flush=True)
    return noticed, len(drawn)


def _bring_up_to_date(copy: Path) -> None:
    """Make the copy as the checkout is; what did not change keeps what was compiled of it."""
    wanted = {
        file.relative_to(ROOT)
        for top in ("src", "tests", "docs", "examples", "schemas", "benchmarks", "scripts", ".")
        for file in (ROOT / top).glob("*" if top == "." else "**/*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    for file in copy.rglob("*.py"):
        if file.relative_to(copy) not in wanted:
            file.unlink()
    for file in wanted:
        there = copy / file
        if not there.exists() or there.read_bytes() != (ROOT / file).read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, there)


def main() -> None:
    """Try the rooms and print the share."""
    rooms = sorted(
        p.stem for p in (ROOT / "src" / "forwhom").iterdir()
        if (p / "__init__.py").exists() or (p.suffix == ".py" and p.stem != "__init__")
    )  # fmt: skip
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rooms", default=",".join(rooms))
    asked.add_argument("--tests", default=",".join(rooms), help="rooms whose tests are run")
    asked.add_argument("--each", type=int, default=10)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = asked.parse_args()
    rng, noticed, tried = random.Random(given.seed), 0, 0
    kept = ROOT / ".mutants"
    copy = kept / "copy"
    _bring_up_to_date(copy)
    calls: dict[str, tuple[float, list[str]]] = {}
    places = {room: [f"tests/{room}", f"src/forwhom/{room}"] for room in given.tests.split(",")}
    places["everything"] = [f"tests/{file.name}" for file in (ROOT / "tests").glob("test_*.py")]
    for room, tests in places.items():
        there = [place for place in tests if (copy / place).exists()]
        if there:
            mapped(there, copy, kept / f"{room}.json")
            calls |= json.loads((kept / f"{room}.json").read_text())
    print(f"seed {given.seed}")
    for room in filter(None, given.rooms.split(",")):
        found, drawn = _try_room(room, given.each, rng, calls, copy)
        noticed, tried = noticed + found, tried + drawn
    print(f"{noticed} of {tried} changes noticed ({noticed / max(tried, 1):.0%})")


if __name__ == "__main__":
    main()
