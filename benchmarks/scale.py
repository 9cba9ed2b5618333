"""Time and memory of `discover` as customers become more, from ten thousand to a hundred million.

Run it with ``python benchmarks/scale.py answers.jsonl 1e4 1e5 1e6 1e7 1e8``: each number of
customers, with twenty answers in one Parquet file (`packed.py`), in a process of its own. What is
in the file of answers is not measured again. ``--write`` puts the table and the curve into the
page on large data.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from forwhom.report.drawing.palette import colors
from forwhom.report.drawing.svg import Markup, circle, element, line, picture
from measuring import Answer, ask
from packed import FIRST, write
from run import put

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
PICTURE = PAGE.parent / "pictures" / "scale.svg"
BEGIN, END = "<!-- curves: begin -->\n", "<!-- curves: end -->"
WIDTH, HEIGHT, LEFT, TOP, SIDE = 340, 210, 52, 30, 260
#: Key of an answer, what it is, its marks from the lowest to the highest.
CURVES = (
    ("wall", "seconds of the clock", (1, 10, 100, 1000)),
    ("mb", "MB at the most", (100, 1000, 10_000)),
)
SIZES = ("10⁴", "10⁵", "10⁶", "10⁷", "10⁸")


def main() -> None:
    """Measure what was not measured, and print or write what is known."""
    options = argparse.ArgumentParser()
    options.add_argument("answers", type=Path)
    options.add_argument("sizes", nargs="*", type=float)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    known = _read(given.answers)
    for rows in map(int, given.sizes):
        if rows not in known:
            known[rows] = _measured(rows)
            with given.answers.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"rows": rows, **known[rows]}) + "\n")
    lines = list(_table(known))
    print("\n".join(lines))
    if given.write:
        put(PAGE, lines, BEGIN, END)
        PICTURE.write_text(drawing(known), encoding="utf-8")


def _read(path: Path) -> dict[int, Answer]:
    if not path.exists():
        return {}
    answers = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {answer["rows"]: answer for answer in answers}


def _measured(rows: int) -> Answer:
    """Run ``discover`` once; kernels are compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.parquet"
        few = path.with_name("few.parquet")
        write(few, FIRST)
        ask("packed.py", "fit", path=str(few))
        write(path, rows)
        return {**ask("packed.py", "discover", path=str(path)), "file": path.stat().st_size}


def _table(known: dict[int, Answer]) -> Iterator[str]:
    yield "| customers × 20 | file, MB | processor s | clock s | MB at the most | segments |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for rows, one in sorted(known.items()):
        yield (
            f"| {rows:,} | {one['file'] / 1e6:,.1f} | {one['cpu']:,.0f} | {one['wall']:,.0f} | "
            f"{one['mb']:,.0f} | {one['k']} |"
        )


def drawing(known: dict[int, Answer]) -> Markup:
    """Return both curves side by side, each on logarithmic axes."""
    parts, ink = [], colors()
    for number, (key, said, marks) in enumerate(CURVES):
        points = [(rows, float(one[key])) for rows, one in sorted(known.items())]
        own = _curve(points, said, marks)
        parts.append(element("g", *own, transform=f"translate({number * WIDTH} 0)"))
    told = "; ".join(
        f"{rows:,} customers: {one['wall']:,.0f} seconds, {one['mb']:,.0f} MB"
        for rows, one in sorted(known.items())
    )
    style = element(
        "style",
        Markup(
            f"text{{font:12px sans-serif;fill:{ink['ink']}}}"
            f".axis{{stroke:{ink['line']}}}.curve{{stroke:{ink['accent-1']};stroke-width:2;"
            f"fill:none}}circle{{fill:{ink['accent-1']}}}"
        ),
    )
    ground = element("rect", width="100%", height="100%", fill="#ffffff")
    return picture(
        "scale", "Time and memory of a whole answer, by the number of customers", told, HEIGHT,
        style, ground, *parts, width=len(CURVES) * WIDTH, alone=True,
    )  # fmt: skip


def _curve(
    points: Sequence[tuple[int, float]], said: str, marks: Sequence[int]
) -> Iterator[Markup]:
    bottom = TOP + SIDE // 2

    def across(rows: float) -> float:
        return LEFT + SIDE * (math.log10(rows) - 4) / 4

    def up(value: float) -> float:
        low, high = math.log10(marks[0]), math.log10(marks[-1])
        return bottom - (bottom - TOP) * (math.log10(value) - low) / (high - low)

    yield element("text", said, x=LEFT, y=TOP - 12.0)
    for mark in marks:
        yield line(LEFT, up(mark), LEFT + SIDE, up(mark), "axis")
        yield element("text", f"{mark:,}", x=LEFT - 6, y=up(mark) + 4, text_anchor="end")
    for power, size in enumerate(SIZES, 4):
        yield element("text", size, x=across(10**power), y=bottom + 18, text_anchor="middle")
    yield element("text", "customers", x=LEFT + SIDE, y=bottom + 36, text_anchor="end")
    path = " ".join(f"{across(rows):.1f},{up(value):.1f}" for rows, value in points)
    yield element("polyline", class_="curve", points=path)
    for rows, value in points:
        yield circle(across(rows), up(value), 3)


if __name__ == "__main__":
    main()
