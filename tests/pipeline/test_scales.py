"""A sliding scale through the whole way: its bands, and the place of each customer on it."""

import numpy as np
import pyarrow as pa

from forwhom.pipeline.discovery import discover
from forwhom.pipeline.scoring import score


def scores_of(n: int) -> tuple[pa.Table, np.ndarray]:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(n, 1)) + rng.normal(size=(n, 5))
    return pa.table({f"score_{i}": column for i, column in enumerate(scores.T)}), scores


def test_bands_of_a_scale_are_found_again_and_segments_cut_out_of_it_are_not():
    scale, _ = scores_of(400)
    bands = discover(scale, k=5, n_starts=10, stability=10).segmentation
    assert bands.structure.verdict == "scale"
    assert bands.model.classes is not None
    assert bands.stability.reading == "reproducible"
    measured = discover(scale, k=5, n_starts=10, stability=10, numbers="measured").segmentation
    assert measured.model.classes is None
    assert measured.stability.reading == "constructive"
    assert measured.stability.numbers[0].agreement < bands.stability.numbers[0].agreement - 0.1


def test_members_and_newcomers_have_their_place_on_the_scale():
    scale, scores = scores_of(300)
    found = discover(scale, n_starts=4, k_max=3, stability=0)
    place = found.members["scale"].to_numpy()
    assert np.corrcoef(place, scores.mean(axis=1))[0, 1] > 0.9
    assert np.allclose(score(found.segmentation, scale).table["scale"].to_numpy(), place)
    told = found.segmentation.structure.scale
    assert len(told.borders) == len(told.variables[0].borders) == 2
    assert told.kept is not None
    answer = " ".join(found.segmentation.answer.sentences)
    assert "The borders between the bands lie where" in answer
