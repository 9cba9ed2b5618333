"""Words that a segmentation holds as keys, as its readers find them."""

from forwhom.languages.catalog import later_in, tr_in

#: By the context in which the catalogs have them; what stands in none is shown as it is.
_TERMS: dict[str, frozenset[str]] = {
    "measure": frozenset({
        later_in("measure", "binary"), later_in("measure", "nominal"),
        later_in("measure", "ordinal"), later_in("measure", "count"),
        later_in("measure", "continuous"), later_in("measure", "positive"),
    }),
    "use": frozenset({
        later_in("use", "active"), later_in("use", "descriptor"), later_in("use", "protected"),
    }),
    "basis": frozenset({
        later_in("basis", "behavioral"), later_in("basis", "psychographic"),
        later_in("basis", "demographic"), later_in("basis", "geographic"),
        later_in("basis", "firmographic"),
    }),
    "role": frozenset({
        later_in("role", "recency"), later_in("role", "frequency"), later_in("role", "revenue"),
        later_in("role", "cost"), later_in("role", "channel"), later_in("role", "outcome"),
    }),
    "criterion": frozenset({
        later_in("criterion", "offer"), later_in("criterion", "channel"),
        later_in("criterion", "relationship"), later_in("criterion", "profitability"),
        later_in("criterion", "price"),
    }),
    "method": frozenset({
        later_in("method", "mixture"), later_in("method", "kmeans"), later_in("method", "rfm"),
        later_in("method", "rules"),
    }),
    "continuum": frozenset({
        later_in("continuum", "one factor"), later_in("continuum", "two factors"),
        later_in("continuum", "curved"), later_in("continuum", "curved twice"),
        later_in("continuum", "closed"), later_in("continuum", "curved surface"),
        later_in("continuum", "three factors"),
    }),
    "verdict": frozenset({
        later_in("verdict", "different"), later_in("verdict", "equivalent"),
        later_in("verdict", "undecided"),
    }),
    "members": frozenset({
        later_in("members", "Customers"), later_in("members", "Most likely here"),
    }),
    "state": frozenset({
        later_in("state", "yes"), later_in("state", "open"), later_in("state", "no"),
    }),
}  # fmt: skip


def term(kind: str, word: str) -> str:
    """Return a word of a segmentation in the language that is spoken.

    Examples
    --------
    >>> term("use", "active"), term("continuum", "of another release")
    ('active', 'of another release')
    """
    return tr_in(kind, word) if word in _TERMS[kind] else word
