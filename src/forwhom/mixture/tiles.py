"""Segments in whole tiles, as the kernels take them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.kernels import LANES

Floats = NDArray[np.float64]


def tiles(array: Floats, fill: float) -> Floats:
    """Pad the last axis (segments) to whole tiles: (S, ..., K) becomes (S, T, ..., LANES)."""
    k = array.shape[-1]
    n_tiles = -(-k // LANES)
    padded = np.empty((*array.shape[:-1], n_tiles * LANES))
    padded[..., :k], padded[..., k:] = array, fill
    if n_tiles == 1:
        return padded[:, None]
    split = padded.reshape(*array.shape[:-1], n_tiles, LANES)
    return np.ascontiguousarray(np.moveaxis(split, -2, 1))


def untile(array: Floats, k: int) -> Floats:
    """Undo :func:`tiles`: (S, T, ..., LANES) becomes (S, ..., K)."""
    if array.shape[1] == 1:
        return array[:, 0, ..., :k]
    joined = np.moveaxis(array, 1, -2)
    width = joined.shape[-2] * joined.shape[-1]
    return np.asarray(joined.reshape(*joined.shape[:-2], width)[..., :k])
