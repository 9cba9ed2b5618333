"""How sure, how separate and how large, in plain words."""

from __future__ import annotations


def how_sure(probability: float) -> str:
    """Return how sure membership is, in words, from the mean probability of the own segment."""
    for least, word in ((0.9, "very sure"), (0.8, "sure"), (0.7, "fairly sure")):
        if probability >= least:
            return word
    return "unsure"


def how_separate(entropy_r2: float) -> str:
    """Return how far apart the segments are, in words, from the entropy R²."""
    bounds = ((0.8, "clearly separated"), (0.6, "fairly well separated"), (0.4, "overlapping"))
    for least, word in bounds:
        if entropy_r2 >= least:
            return word
    return "strongly overlapping"


def how_large(effect: float) -> str:
    """Return the size of a difference in words, by Cohen's bounds 0.2, 0.5 and 0.8."""
    for least, word in ((0.8, "large"), (0.5, "medium"), (0.2, "small")):
        if abs(effect) >= least:
            return f"{word} difference"
    return "very small difference"
