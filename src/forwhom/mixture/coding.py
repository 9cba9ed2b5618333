"""Codes of discrete columns and hashes of rows, compiled."""

from __future__ import annotations

import numba as nb
import numpy as np

_jit = nb.njit(nogil=True, cache=True, error_model="numpy")


@_jit
def mark(array, columns, base, present):
    """Set ``present[base + v]`` for every value v of some whole-number columns (n, m)."""
    for i in range(len(array)):
        for c in range(len(columns)):
            present[base[c] + array[i, columns[c]]] = True


@_jit
def look_up(array, columns, base, table, out):
    """Write ``table[base + v]`` to ``out`` (columns, n) for the same columns."""
    for i in range(len(array)):
        for c in range(len(columns)):
            out[c, i] = table[base[c] + array[i, columns[c]]]


@_jit
def pack_column(codes, missing_code, stride, out):
    """Add one item's codes (n,), times its stride, to the joint codes ``out`` (n,)."""
    for i in range(len(out)):
        code = codes[i]
        out[i] += (missing_code if code < 0 else code) * stride


@_jit
def _mix(z):
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@_jit
def hash_rows(codes, numeric_bits):
    """Hash each row's content to 64 bits (splitmix64): the same number in any order of rows."""
    out = np.empty(len(codes), np.uint64)
    for i in range(len(codes)):
        h = np.uint64(0)
        for g in range(codes.shape[1]):
            h = _mix(h ^ np.uint64(codes[i, g]))
        for j in range(len(numeric_bits)):
            h = _mix(h ^ np.uint64(numeric_bits[j, i]))
        out[i] = h
    return out
