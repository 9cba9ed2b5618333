"""A need in the words of the one who has it, as somebody else says it: "my" becomes "their".

Only English, and only where the words leave no doubt; anything else stays a quotation.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from forwhom.documents.phrases import language_of
from forwhom.wording import lowered

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Said of oneself, and the same said of others.
_OTHERS = {
    "my": "their",
    "our": "their",
    "me": "them",
    "us": "them",
    "ours": "theirs",
    "myself": "themselves",
    "ourselves": "themselves",
    "we": "they",
    "we're": "they're",
    "we've": "they've",
    "we'll": "they'll",
    "we'd": "they'd",
    "i": "they",
    "i'm": "they're",
    "i've": "they've",
    "i'll": "they'll",
    "i'd": "they'd",
}
#: The verbs whose form changes with "I".
_VERBS = {"am": "are", "was": "were"}
#: Words before "I" with which a clause begins; elsewhere it may be a numeral, as in "type I".
_OPENERS = {
    "after", "although", "as", "because", "before", "how", "if", "once", "since", "so", "than",
    "that", "though", "unless", "until", "what", "when", "whenever", "where", "wherever",
    "whether", "which", "while", "who", "why",
}  # fmt: skip
#: Whoever reads it is meant, or a mine.
_DOUBTFUL = {"you", "you're", "your", "yours", "yourself", "yourselves", "mine"}
#: Others who are named beside oneself; "my children ... they" stays clear, "they ... I" does not.
_THIRD = {"they", "they're", "they've", "they'll", "they'd", "them", "theirs", "themselves"}
_OWNERS = {"my", "our"}
#: Beginnings of statements that speak of oneself.
_FIRST_PERSON = {"i", "we", "my", "our", "i'm", "i’m", "i'd", "i’d"}
_QUOTED = re.compile(r"[\"“”„«»]")


def job_of_others(statement: str, language: str) -> str | None:
    """Return a job as what stands after "they need to"; None where it stays a quotation."""
    first, _, rest = " ".join(statement.split()).rstrip(".;, ").partition(" ")
    if language_of(language) != "en" or not first.isalpha() or first.lower() in _FIRST_PERSON:
        return None
    return in_third_person(f"{lowered(first)} {rest}".rstrip())


def in_third_person(text: str) -> str | None:
    """Return an English text about oneself as it is said of several others; None where in doubt."""
    found = list(_WORD.finditer(text))
    words = [match.group().lower().replace("’", "'") for match in found]
    if _in_doubt(words):
        return None
    said, end = list[str](), 0
    for match, word, before in zip(found, words, ["", *words], strict=False):
        said += [text[end : match.start()], _of_others(match.group(), word, before)]
        end = match.end()
    changed = "".join([*said, text[end:]])
    return None if changed != text and _QUOTED.search(text) else changed


def _in_doubt(words: Sequence[str]) -> bool:
    there = set(words)
    numeral = any(one == "i" and before not in _OPENERS for before, one in pairwise(["", *words]))
    mixed = bool(there & _THIRD) and bool(there & (_OTHERS.keys() - _OWNERS))
    return numeral or mixed or bool(there & _DOUBTFUL)


def _of_others(written: str, word: str, before: str) -> str:
    other = _VERBS.get(word) if before == "i" else _OTHERS.get(word)
    if other is None or written == "US":  # the country
        return written
    return other.replace("'", "’") if "’" in written else other
