"""What a job says while it works, in the language of those who look at it.

Whoever works says it in English, once for all who look, and knows no languages. Here it is
recognized by its words and said again with what stood in its places.
"""

from __future__ import annotations

import re
from functools import cache

from forwhom.languages.catalog import later, tr

#: All that those say who look at tables and who find segments; a test finds what is missing.
SAID = (
    later("beginning"),
    later("done"),
    later("drafted"),
    later("reading the tables"),
    later("reading {table}"),
    later("turning {table} into features"),
    later("deciding what each variable is for"),
    later("bringing customers together"),
    later("finding segments"),
    later("testing {few} against {more} segments"),
    later("{k} segments: trying {n} starts"),
    later("{k} segments: trying {n} more starts"),
    later("{k} segments: settling the best {n}"),
    later("{k} segments: running every start"),
    later("{k} segments: converging on all customers"),
    later("{k} segments: asking all customers"),
    later("{k} segments: done"),
    later("packing {n} customers"),
    later("fitting {n} customers on Spark"),
    later("fitting {n} customers"),
    later("placing {n} customers"),
    later("seeking {k} segments again in {n} replicates"),
    later("comparing with sliding scales"),
    later("looking for what hangs together"),
    later("segmenting what a sliding scale would give"),
    later("finding the few variables that place a customer"),
    later("finding segments without what gives {attribute} away"),
    later("collecting the evidence"),
    later("Profiling segments"),
    later("Finding what distinguishes segments"),
    later("Building typical members"),
    later("Describing segments"),
)
#: Why this server gives a job up, and what to do; what a table itself lacks is said in English.
REFUSED = (
    later("This takes more memory than there is."),
    later("Try with fewer rows or columns."),
    later("Something went wrong that forwhom did not expect ({kind})."),
    later("Please report it, with what you did."),
    later("{table} has {n} rows."),
    later("This server takes at most {n}: give a sample of the customers."),
    later("{table} has {n} rows of {m} columns."),
    later(
        "This server takes at most {n} cells: leave columns out that say nothing of customers, or "
        "give a sample of them."
    ),
    later("This took longer than the {n} minutes that this server allows."),
    later("Try with fewer rows, columns or segments, or raise --most-minutes."),
    later("This took more than the {n} MB of memory that this server allows."),
    later("Try with fewer rows or columns, or raise --most-memory."),
    later("The rows are not on this server any more: no backup holds them."),
    later("Bring the tables again."),
    later("This was begun three times, and its process ended each time without a word."),
    later("The machine may have too little memory: try with fewer rows or columns."),
)


def retold(words: str) -> str | None:
    """Return what a job said in the language that is spoken; None where nobody translated it."""
    for pattern, message in _patterns():
        found = pattern.fullmatch(words)
        if found is not None:
            return tr(message, **found.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognizes each message; the longest words of ours come first."""
    ordered = sorted((*SAID, *REFUSED), key=lambda message: -len(re.sub(r"\{\w+\}", "", message)))

    return tuple((re.compile(_pattern(message), re.DOTALL), message) for message in ordered)


def _pattern(message: str) -> str:
    parts = re.split(r"\{(\w+)\}", message)
    return "".join(f"(?P<{one}>.+?)" if at % 2 else re.escape(one) for at, one in enumerate(parts))
