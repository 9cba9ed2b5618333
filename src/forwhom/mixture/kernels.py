"""The two matrix products of EM, compiled.

One *task* is one start on one chunk of rows: it takes a column block of natural parameters and
returns sums of responsibilities times sufficient statistics. Discrete variables are never stored
as one-hot columns: they are packed into groups of joint codes, a group costs one table look-up
per row on the way to the responsibilities and one scatter-add on the way back.

Segments are padded to a multiple of ``LANES`` so that the inner statements become vector
instructions; a padded segment has weight zero. The eight statements in a row are written out on
purpose: a loop over a local array would go through memory, since LLVM cannot prove that it does
not overlap the tables.

Arrays are copied number by number: an assignment of one array to a slice of another brings the
message of its error with it, and takes numba several seconds to compile.

Kernels release the GIL, so that threads share tasks; which thread runs a task never changes its
result, and results are added in the order of tasks.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

# The eight statements become vector instructions only with LLVM's straight-line vectorizer, which
# numba leaves off. It halves the time of a pass and does not change results.
nb.config.SLP_VECTORIZE = 1

#: Segments are padded to a multiple of this: eight float64 fill a 512-bit register.
LANES = 8
#: Rows of one block: its responsibilities stay in the first-level cache.
BLOCK = 256
#: Below this the product of probabilities has lost digits, and the row is done in logarithms.
TINY = 1e-150

# "contract" allows fused multiply-add; nothing that reorders sums, so that results are the same
# at any number of threads.
_options = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}
_jit = nb.njit(cache=True, **_options)
# What only kernels call is compiled with them and kept in them; Python has no way in.
_part = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_options)


@_part
def _expand_tables(probs, first, size, group_first, item_codes, tables):
    """Multiply item probabilities into one table per group of joint codes.

    ``first[j]`` is the row of item j's first level in ``probs``; a code beyond its ``size[j]``
    levels means "missing" and has factor 1.
    """
    for g in range(len(group_first) - 1):
        table = tables[g]
        width = 1
        table[0] = 1.0
        for j in range(group_first[g], group_first[g + 1]):
            # Highest code first: the block of code 0 is the source and is overwritten last.
            for c in range(item_codes[j] - 1, -1, -1):
                for t in range(width):
                    for k in range(LANES):
                        p = probs[first[j] + c, k] if c < size[j] else 1.0
                        table[c * width + t, k] = table[t, k] * p
            width *= item_codes[j]


@_part
def _collect_levels(joint, first, size, group_first, item_codes, levels):
    """Add the joint sums of each group up to sums per item and level."""
    for g in range(len(group_first) - 1):
        total = 1
        for j in range(group_first[g], group_first[g + 1]):
            total *= item_codes[j]
        width = 1
        for j in range(group_first[g], group_first[g + 1]):
            span = width * item_codes[j]
            for begin in range(0, total, span):
                for c in range(size[j]):
                    for t in range(begin + c * width, begin + (c + 1) * width):
                        for k in range(LANES):
                            levels[first[j] + c, k] += joint[g, t, k]
            width = span


@_part
def _log_densities(stats, coefs, const, n, logs):
    """``logs = stats @ coefs + const`` for the rows of one block."""
    n_stats = len(coefs)
    for b in range(n):
        row = stats[b]
        l0 = const[0]
        l1 = const[1]
        l2 = const[2]
        l3 = const[3]
        l4 = const[4]
        l5 = const[5]
        l6 = const[6]
        l7 = const[7]
        for q in range(n_stats):
            t = row[q]
            h = coefs[q]
            l0 += t * h[0]
            l1 += t * h[1]
            l2 += t * h[2]
            l3 += t * h[3]
            l4 += t * h[4]
            l5 += t * h[5]
            l6 += t * h[6]
            l7 += t * h[7]
        out = logs[b]
        out[0] = l0
        out[1] = l1
        out[2] = l2
        out[3] = l3
        out[4] = l4
        out[5] = l5
        out[6] = l6
        out[7] = l7


@_part
def exponentials(flat, scratch, n):
    """Replace each value x <= 0 of ``flat`` by exp(x), vectorized, to about one ulp.

    Cody and Waite's reduction with a Taylor polynomial of degree 13 on |r| <= ln(2)/2. The
    integer part is read from the low bits of a number shifted by 1.5 * 2**52, which needs no
    conversion instruction and so vectorizes on every processor.
    """
    bits = scratch.view(np.int64)
    for i in range(n):
        x = max(flat[i], -700.0)
        shifted = x * 1.4426950408889634 + 6755399441055744.0
        scratch[i] = shifted
        whole = shifted - 6755399441055744.0
        r = (x - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10
        p = 1.6059043836821613e-10
        p = p * r + 2.08767569878681e-09
        p = p * r + 2.505210838544172e-08
        p = p * r + 2.755731922398589e-07
        p = p * r + 2.7557319223985893e-06
        p = p * r + 2.48015873015873e-05
        p = p * r + 0.0001984126984126984
        p = p * r + 0.001388888888888889
        p = p * r + 0.008333333333333333
        p = p * r + 0.041666666666666664
        p = p * r + 0.16666666666666666
        p = p * r + 0.5
        p = p * r + 1.0
        p = p * r + 1.0
        flat[i] = 0.0 if flat[i] < -700.0 else p
    for i in range(n):
        bits[i] = (bits[i] + 1023) << 52
    for i in range(n):
        flat[i] *= scratch[i]


@_part
def _fill_statistics(numeric, source, power, lo, n, stats):
    """Sufficient statistics of the numeric variables for one block: 1, x or x**2; 0 if missing."""
    for q in range(len(source)):
        column = numeric[source[q]]
        exponent = power[q]
        for b in range(n):
            x = column[lo + b]
            value = 1.0 if exponent == 0 else (x if exponent == 1 else x * x)
            stats[b, q] = 0.0 if np.isnan(x) else value


@_part
def _shift_by_maximum(logs, n, shift):
    """Subtract each row's maximum over all tiles, so that the largest term becomes exp(0)."""
    for b in range(n):
        top = -np.inf
        for tile in range(len(logs)):
            for k in range(LANES):
                top = max(top, logs[tile, b, k])
        shift[b] = top
        for tile in range(len(logs)):
            for k in range(LANES):
                logs[tile, b, k] -= top


@_part
def _multiply_tables(codes, tables, lo, n, resp, total):
    """Multiply the block's terms by the tables of all groups; add the row sums to ``total``."""
    n_groups = codes.shape[1]
    for b in range(n):
        row = resp[b]
        code = codes[lo + b]
        r0 = row[0]
        r1 = row[1]
        r2 = row[2]
        r3 = row[3]
        r4 = row[4]
        r5 = row[5]
        r6 = row[6]
        r7 = row[7]
        for g in range(n_groups):
            f = tables[g, code[g]]
            r0 *= f[0]
            r1 *= f[1]
            r2 *= f[2]
            r3 *= f[3]
            r4 *= f[4]
            r5 *= f[5]
            r6 *= f[6]
            r7 *= f[7]
        row[0] = r0
        row[1] = r1
        row[2] = r2
        row[3] = r3
        row[4] = r4
        row[5] = r5
        row[6] = r6
        row[7] = r7
        total[b] += ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))


@_part
def _row_in_logarithms(code, tables, start, resp, b):
    """Redo one row whose product of probabilities underflowed; return the log of its sum."""
    top = -np.inf
    for tile in range(len(tables)):
        for k in range(LANES):
            v = start[tile, k]
            for g in range(len(code)):
                v += math.log(max(tables[tile, g, code[g], k], 1e-300))
            resp[tile, b, k] = v
            top = max(top, v)
    s = 0.0
    for tile in range(len(tables)):
        for k in range(LANES):
            resp[tile, b, k] = math.exp(resp[tile, b, k] - top)
            s += resp[tile, b, k]
    for tile in range(len(tables)):
        for k in range(LANES):
            resp[tile, b, k] /= s
    return top + math.log(s)


@_part
def _scatter_codes(codes, lo, n, resp, joint):
    """Add each row's responsibilities to the joint sums of its codes."""
    n_groups = codes.shape[1]
    for b in range(n):
        row = resp[b]
        code = codes[lo + b]
        r0 = row[0]
        r1 = row[1]
        r2 = row[2]
        r3 = row[3]
        r4 = row[4]
        r5 = row[5]
        r6 = row[6]
        r7 = row[7]
        for g in range(n_groups):
            f = joint[g, code[g]]
            a0 = f[0] + r0
            a1 = f[1] + r1
            a2 = f[2] + r2
            a3 = f[3] + r3
            a4 = f[4] + r4
            a5 = f[5] + r5
            a6 = f[6] + r6
            a7 = f[7] + r7
            f[0] = a0
            f[1] = a1
            f[2] = a2
            f[3] = a3
            f[4] = a4
            f[5] = a5
            f[6] = a6
            f[7] = a7


@_part
def _scatter_statistics(stats, n, resp, sums):
    """``sums += stats.T @ resp`` for one block."""
    n_stats = len(sums)
    for b in range(n):
        row = resp[b]
        values = stats[b]
        r0 = row[0]
        r1 = row[1]
        r2 = row[2]
        r3 = row[3]
        r4 = row[4]
        r5 = row[5]
        r6 = row[6]
        r7 = row[7]
        for q in range(n_stats):
            t = values[q]
            f = sums[q]
            a0 = f[0] + t * r0
            a1 = f[1] + t * r1
            a2 = f[2] + t * r2
            a3 = f[3] + t * r3
            a4 = f[4] + t * r4
            a5 = f[5] + t * r5
            a6 = f[6] + t * r6
            a7 = f[7] + t * r7
            f[0] = a0
            f[1] = a1
            f[2] = a2
            f[3] = a3
            f[4] = a4
            f[5] = a5
            f[6] = a6
            f[7] = a7


@_part
def _normalize(rows, tables, start, lo, n, terms):
    """Turn the block's terms into weighted responsibilities; return its log-likelihood.

    ``total`` holds each row's sum of terms and afterwards the factor that was applied.
    """
    codes, weights = rows
    const, logs, dense = start
    resp, total, shift = terms
    loglik = 0.0
    product = 1.0
    weighted = len(weights) > 0
    for b in range(n):
        w = weights[lo + b] if weighted else 1.0
        s = total[b]
        if s < TINY:
            begin = logs[:, b] if dense else const
            loglik += w * _row_in_logarithms(codes[lo + b], tables, begin, resp, b)
            total[b] = w
        else:
            total[b] = w / s
            if weighted:
                loglik += w * math.log(s)
            else:
                # One logarithm for many rows: their product, taken before it can underflow.
                product *= s
                if product < TINY:
                    loglik += math.log(product)
                    product = 1.0
        loglik += w * shift[b]
    for tile in range(len(resp)):
        for b in range(n):
            for k in range(LANES):
                resp[tile, b, k] *= total[b]
    return loglik + math.log(product)


@_part
def _workspace(n_tiles, n_stats):
    """Scratch of one thread: statistics, log densities, responsibilities, and by-row values."""
    return (
        np.empty((BLOCK, n_stats)),
        np.empty((n_tiles, BLOCK, LANES)),
        np.empty((n_tiles, BLOCK, LANES)),
        np.empty(BLOCK * LANES),
        np.zeros(BLOCK),
        np.empty(BLOCK),
    )


@_part
def _terms_of_numbers(numbers, begin, lo, n, work):
    """Fill the block's terms exp(log density - maximum) and statistics; densities stay in logs."""
    numeric, source, power = numbers
    _, coefs, const, extra = begin
    stats, logs, resp, scratch, shift, _ = work
    _fill_statistics(numeric, source, power, lo, n, stats)
    for tile in range(len(logs)):
        _log_densities(stats, coefs[tile], const[tile], n, logs[tile])
        if len(extra) > 0:
            for b in range(n):
                for k in range(LANES):
                    logs[tile, b, k] += extra[tile, lo + b, k]
    _shift_by_maximum(logs, n, shift)
    for tile in range(len(logs)):
        for b in range(n):
            for k in range(LANES):
                resp[tile, b, k] = logs[tile, b, k]
        exponentials(resp[tile].reshape(BLOCK * LANES), scratch, n * LANES)


@_part
def _terms_of_weights(const, n, resp):
    """Fill the block's terms with the segments' weights."""
    for tile in range(len(resp)):
        for k in range(LANES):
            weight = math.exp(const[tile, k])
            for b in range(n):
                resp[tile, b, k] = weight


@_part
def _run_block(rows, numbers, begin, span, work):
    """Fill the responsibilities of one block of rows; return its log-likelihood."""
    tables, _, const, extra = begin
    lo, n = span
    _, logs, resp, _, shift, total = work
    dense = len(numbers[1]) > 0 or len(extra) > 0
    if dense:
        _terms_of_numbers(numbers, begin, lo, n, work)
    else:
        _terms_of_weights(const, n, resp)
    total[:] = 0.0
    for tile in range(len(resp)):
        _multiply_tables(rows[0], tables[tile], lo, n, resp[tile], total)
    return _normalize(rows, tables, (const, logs, dense), lo, n, (resp, total, shift))


@_part
def _add_rows(resp, n, sums):
    """Add the block's responsibilities to the sizes of the segments."""
    for tile in range(len(resp)):
        for b in range(n):
            for k in range(LANES):
                sums[tile, k] += resp[tile, b, k]


@_part
def _hand_out(resp, lo, n, out):
    """Copy the block's responsibilities to those of all rows."""
    for tile in range(len(resp)):
        for b in range(n):
            for k in range(LANES):
                out[tile, lo + b, k] = resp[tile, b, k]


@_jit
def run_tasks(rows, numbers, groups, parameters, chunk, tasks, results):
    """Run the tasks ``lo <= task < hi``; task = start * number of chunks + chunk.

    With S starts, T tiles of eight segments, G groups and L levels:

    - ``rows``: codes (n, G); weights (1, n) of all starts, (S, n) of each, or (1, 0) for none
    - ``numbers``: numeric (m, n), source (Q,) and power (Q,) of each statistic
    - ``groups``: first, size and codes of the items, first item of each group, codes of a table
    - ``parameters``: probs (S, T, L, 8); coefs (S, T, Q, 8); const (S, T, 8), the log weights
      plus constants of the densities; extra (S, T, n, 8) or empty, more log densities
    - ``results``: levels (tasks, T, L, 8), sums (tasks, T, Q, 8), sizes (tasks, T, 8), loglik
      (tasks,), and responsibilities (S, T, n, 8) unless empty
    """
    codes, weights = rows
    first, size, item_codes, group_first, table_size = groups
    probs, coefs, const, extra = parameters
    levels, sums, sizes, loglik, resp_out = results
    n_tiles, n_groups, n_stats = const.shape[1], codes.shape[1], len(numbers[1])
    n_chunks = max(1, (len(codes) + chunk - 1) // chunk)
    tables = np.empty((n_tiles, n_groups, table_size, LANES))
    joint = np.empty((n_tiles, n_groups, table_size, LANES))
    work = _workspace(n_tiles, n_stats)
    for task in range(tasks[0], tasks[1]):
        s, part = task // n_chunks, task % n_chunks
        sums[task], levels[task], sizes[task], loglik[task] = 0.0, 0.0, 0.0, 0.0
        joint[:] = 0.0
        own = (codes, weights[s % len(weights)])
        for tile in range(n_tiles):
            _expand_tables(probs[s, tile], first, size, group_first, item_codes, tables[tile])
        stop = min(len(codes), (part + 1) * chunk)
        for lo in range(part * chunk, stop, BLOCK):
            n = min(BLOCK, stop - lo)
            more = extra[s] if len(extra) > 0 else extra[0:1].reshape(0, 0, 0)
            begin = (tables, coefs[s], const[s], more)
            loglik[task] += _run_block(own, numbers, begin, (lo, n), work)
            resp = work[2]
            for tile in range(n_tiles):
                _scatter_codes(codes, lo, n, resp[tile], joint[tile])
                _scatter_statistics(work[0], n, resp[tile], sums[task, tile])
            _add_rows(resp, n, sizes[task])
            if len(resp_out) > 0:
                _hand_out(resp, lo, n, resp_out[s])
        for tile in range(n_tiles):
            _collect_levels(joint[tile], first, size, group_first, item_codes, levels[task, tile])
