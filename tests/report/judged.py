"""Segmentations with a verdict on their structure, of each kind and as bad as they come."""

from __future__ import annotations

from tests.report.made import LONG, NASTY, mass_market, typical, worst

from forwhom.documents.segmentation import Segmentation
from forwhom.documents.structure import Scale, ScaleVariable, Structure


def _moved(
    variable: str, loading: float, values: tuple[float, float, float], level: str | None = None
) -> ScaleVariable:
    low, middle, high = values
    return ScaleVariable(
        variable=variable, level=level, loading=loading, low=low, middle=middle, high=high
    )


_MOVES = [
    _moved("frequency", 0.83, (9.4, 61.0, 151.0)),
    _moved("spend", 0.8, (176.0, 1290.0, 4412.0)),
    _moved("recency", -0.62, (58.0, 8.1, 1.6)),
    _moved("channel", -0.41, (0.65, 0.19, 0.1), "convenience"),
    _moved("produce", 0.2, (0.08, 0.11, 0.14)),
]
#: A verdict of each kind on the grocery customers, and what else a verdict may say.
STRUCTURES = {
    "clear": Structure(
        verdict="clear", rows=2000, difference=214.3, continuum="two factors",
        islands=[[1], [2], [3], [4]], certainty_z=6.2, separation_z=4.1, null_sets=19,
        clumps=["basket"],
    ),
    "clear_slices": Structure(
        verdict="clear", rows=2000, difference=96.0, continuum="curved surface",
        islands=[[1, 2, 3], [4]], certainty_z=3.4, separation_z=5.0, null_sets=19,
    ),
    "likely": Structure(
        verdict="likely", rows=2000, difference=41.7, continuum="one factor",
        islands=[[1], [2], [3], [4]], certainty_z=1.9, separation_z=2.8, null_sets=19,
        style=Scale(reliability=0.7, variables=_MOVES[:2]),
    ),
    "scale": Structure(
        verdict="scale", rows=2000, difference=-82.5, continuum="one factor",
        scale=Scale(reliability=0.84, variables=_MOVES, kept=0.86),
    ),
    "scales": Structure(
        verdict="scale", rows=2000, difference=-140.0, continuum="two factors",
        scale=Scale(dimensions=2, reliability=0.8, variables=_MOVES),
    ),
    "unclear": Structure(
        verdict="unclear", rows=2000, difference=4.2, continuum="curved",
        islands=[[1, 2, 3], [4]],
    ),
    "cut": Structure(verdict="unclear", rows=2000, cut="basket", clumps=["basket"]),
    "one": Structure(verdict="one", rows=2000, difference=-12.0),
    "one_divided": Structure(verdict="one", rows=2000, difference=-12.0),
}  # fmt: skip


def judged(name: str) -> Segmentation:
    """The grocery customers with a verdict on their structure, and how each segment stands."""
    structure = STRUCTURES[name]
    base = mass_market() if name == "one" else typical()
    islands = {i: island for island in structure.islands for i in island}
    segments = [
        s.model_copy(
            update={
                "standing": "own" if len(islands[s.id]) == 1 else "slice",
                "neighbors": [i for i in islands[s.id] if i != s.id],
            }
        )
        if s.id in islands
        else s
        for s in base.segments
    ]
    return base.model_copy(update={"structure": structure, "segments": segments})


def worst_scale() -> Segmentation:
    """Twelve bands of a curved scale along variables whose labels are an attack."""
    moved = [_moved(f"v{i}", 1 - i / 9, (1e6, 3e6 * (i % 2), 1.1e6)) for i in (0, 3, 5, 8, 13)]
    moved += [_moved("v1", -0.2, (0.1, 0.5, 0.1), f"{NASTY[:60]} 0"), _moved(LONG, 0.1, (0, 0, 0))]
    scale = Scale(curved=True, reliability=0.1, variables=moved, kept=0.999)
    structure = Structure(
        verdict="scale", rows=2000, difference=-1e6, continuum=NASTY, cut="v0",
        clumps=["v0", "v1", LONG], scale=scale, style=scale,
    )  # fmt: skip
    return worst().model_copy(update={"structure": structure})


def worst_islands() -> Segmentation:
    """Twelve segments on four islands, one of which is named by none."""
    structure = Structure(
        verdict="likely", rows=2000, islands=[[12, 3, 1, 2, 5, 6, 7], [4], [8, 9, 10]],
        style=Scale(),
    )  # fmt: skip
    return worst().model_copy(update={"structure": structure})
