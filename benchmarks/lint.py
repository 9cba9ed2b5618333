"""A thousand canvases of 200 items each, read and checked by every rule of the linter.

Run it with ``python benchmarks/lint.py [CANVASES] [ITEMS]``. Canvases are generated, with
segments, participants, needs, propositions, notes and hypotheses in the shares of a worked canvas.
*Reading* is from YAML text to a checked canvas, *rules* are all rules on it. Seconds are those of
the processor, on one core.
"""

from __future__ import annotations

import datetime
import random
import sys
import time

from forwhom.documents.canvas import Canvas, canvas_text, items, parse_canvas
from forwhom.lint import lint_canvas

TODAY = datetime.date(2026, 11, 25)
VERBS = ("Keep", "Find", "Teach", "Compare", "Order", "Repair", "Explain", "Plan")
THINGS = ("the accounts of a household", "a supplier nearby", "what a child may spend", "offers")
WHEN = ("before the month ends", "without leaving the shop", "while others wait", "on the way home")


def simulate(n: int, seed: int) -> str:
    """Return a canvas with about ``n`` items, as YAML."""
    rng = random.Random(seed)
    segments = [f"segment-{i}" for i in range(max(1, n // 25))]
    needs = [f"need-{i}" for i in range(n // 3)]

    def some(names: list[str], most: int = 2) -> list[str]:
        return rng.sample(names, min(len(names), rng.randint(1, most)))

    def words() -> str:
        return f"{rng.choice(VERBS)} {rng.choice(THINGS)} {rng.choice(WHEN)}"

    data = {
        "forwhom": 1,
        "kind": "canvas",
        "title": "A generated canvas",
        "names": {"ours": ["Tally"], "competitors": ["Sumly"]},
        "segments": [
            {"id": s, "name": f"People of group {s[8:]}", "bases": ["behavioral"]} for s in segments
        ],
        "participants": [
            {"id": f"person-{i}", "name": f"Person {i}", "segments": some(segments)}
            for i in range(n // 12)
        ],
        "needs": [
            {
                "id": need,
                "statement": words(),
                "segments": some(segments),
                "importance": rng.randint(1, 10),
                "satisfaction": rng.randint(1, 10),
            }
            for need in needs
        ],
        "propositions": [
            {
                "id": f"proposition-{i}",
                "name": f"Offer {i}",
                "segments": some(segments),
                "features": [{"id": f"feature-{i}-{j}", "text": words()} for j in range(3)],
                "fit": [{"need": need, "by": [f"feature-{i}-0"]} for need in some(needs, 4)],
            }
            for i in range(n // 25)
        ],
        "blocks": {
            topic: [
                {"id": f"{topic}-{i}", "text": words(), "segments": some(segments)}
                for i in range(n // 20)
            ]
            for topic in ("channels", "customer_relationships", "revenue_streams", "key_partners")
        },
        "hypotheses": [
            {"id": f"belief-{i}", "statement": words(), "segments": some(segments)}
            for i in range(n // 20)
        ],
        "questions": [{"id": f"question-{i}", "text": words() + "?"} for i in range(n // 20)],
    }
    return canvas_text(Canvas.model_validate(data))


def main(canvases: int = 1000, size: int = 200) -> None:
    """Print a table."""
    texts = [simulate(size, seed) for seed in range(canvases)]
    reading = rules = 0.0
    found = number = 0
    for i, text in enumerate(texts):  # one after the other, as the command does
        start = time.process_time()
        canvas = parse_canvas(text, f"{i}.yaml")
        between = time.process_time()
        found += len(list(lint_canvas(canvas, today=TODAY)))
        reading, rules = reading + between - start, rules + time.process_time() - between
        number += len(list(items(canvas)))
    kilobytes = sum(map(len, texts)) / canvases / 1e3
    print(
        f"{canvases:,} canvases of {number / canvases:.0f} items and {kilobytes:.0f} kB, "
        f"{found:,} findings"
    )
    print()
    print("| work | s |")
    print("|---|---:|")
    print(f"| reading | {reading:.1f} |")
    print(f"| rules | {rules:.1f} |")
    print(f"| both | {reading + rules:.1f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
