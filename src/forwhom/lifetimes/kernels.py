"""The sum over customers that BG/NBD is fitted by, compiled."""

from __future__ import annotations

import math

import numba as nb
import numpy as np

_jit = nb.njit(nogil=True, cache=True, error_model="numpy")


@_jit
def beta_geo_sums(repeat, recency, T, weight, late, r, alpha, a):
    """Return the sums over rows of the part of BG/NBD that depends on recency and T.

    That is the logarithm of the mixture of two kinds of customers, alive and gone, with its
    gradient and the upper triangle of its Hessian over (r, alpha, a, b): 1 + 4 + 10 numbers.
    ``late`` is b + frequency - 1 of each row. Who has not come again can only be alive; ``late`` is
    that of one repeat there.
    """
    out = np.zeros(15)
    log_a = math.log(a)
    for i in range(len(repeat)):
        x = repeat[i]
        w = weight[i]
        shape = r + x
        alive = 1.0 / (alpha + T[i])
        gone = 1.0 / (alpha + recency[i])
        log_alive = math.log(alpha + T[i])
        log_gone = math.log(alpha + recency[i])
        b1 = late[i]
        first = -shape * log_alive
        second = log_a - math.log(b1) - shape * log_gone if x > 0.0 else -math.inf
        top = max(first, second)
        total = top + math.log1p(math.exp(min(first, second) - top))
        p = math.exp(second - total)
        q = 1.0 - p
        # The slopes of the two kinds: over a and b, those of customers who are alive are 0.
        g0, g1, g2, g3 = -log_gone, -shape * gone, 1.0 / a, -1.0 / b1
        h0, h1 = -log_alive, -shape * alive
        d0, d1 = g0 - h0, g1 - h1
        pq = p * q
        out[0] += w * total
        out[1] += w * (p * g0 + q * h0)
        out[2] += w * (p * g1 + q * h1)
        out[3] += w * p * g2
        out[4] += w * p * g3
        out[5] += w * pq * d0 * d0
        out[6] += w * (pq * d0 * d1 - p * gone - q * alive)
        out[7] += w * pq * d0 * g2
        out[8] += w * pq * d0 * g3
        out[9] += w * (pq * d1 * d1 + shape * (p * gone * gone + q * alive * alive))
        out[10] += w * pq * d1 * g2
        out[11] += w * pq * d1 * g3
        out[12] += w * (pq - p) * g2 * g2
        out[13] += w * pq * g2 * g3
        out[14] += w * (pq + p) * g3 * g3
    return out
