"""The linter and the alignment exercise agree on what is badly misaligned."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom import align
from forwhom.documents.canvas import parse_canvas
from forwhom.lint import lint_canvas

SEGMENTS = ("a", "b", "c")

ratings = st.lists(
    st.fixed_dictionaries(
        {
            "rater": st.sampled_from("xyz"),
            "mode": st.sampled_from(["direct", "proxy"]),
            "segment": st.sampled_from(SEGMENTS),
            "item": st.sampled_from(["i", "j"]),
            "value": st.sampled_from([-5, -4, -2, 0, 3, 5]),
            "round": st.integers(1, 2),
        }
    ),
    min_size=4,
    max_size=16,
    unique_by=lambda r: (r["rater"], r["segment"], r["item"], r["round"]),
)
powers = st.lists(st.sampled_from([0.1, 0.5, 1.0]), min_size=3, max_size=3)


@settings(max_examples=30)
@given(ratings, powers, st.booleans())
def test_what_is_high_for_one_is_found_by_the_other(said, power, listed) -> None:
    text = json.dumps(
        {
            "forwhom": 1,
            "kind": "canvas",
            "segments": [
                {"id": s, "name": s, "power": p, "buti": ["target-impact"] if s == "c" else []}
                for s, p in zip(SEGMENTS, power, strict=True)
            ],
            "needs": [
                {"id": "i", "statement": "First"},
                {"id": "j", "statement": "Second", "importance": 7},
            ],
            "alignment": {"ratings": said, "items": [said[0]["item"]] if listed else []},
        }
    )
    canvas = parse_canvas(text)
    high = {
        "First" if item.item == "i" else "Second"
        for item in align(canvas, replicates=100).overall.items
        if item.severity is not None and item.severity.level == "high"
    }
    found = [d.message for d in lint_canvas(canvas, select=["FW901"]).diagnostics]
    assert len(found) == len(high)
    assert all(any(f'"{need}"' in message for message in found) for need in high)
