"""Labels of variables, short and calm enough for a name."""

import re
from collections.abc import Sequence

from forwhom.wording import lowered

#: Words of a question that say nothing in a name.
_ASKING = (
    "a an and any are as at be been being by can did do does for from had has have he her his how "
    "i if in is it its me my of on or our she so some that the their them there these they this to "
    "us was we were what when where which who why will with would you your yourself"
)
#: Between two words that stay, these say how they belong together.
_LINKS = frozenset(["of", "in", "on", "for", "at", "with", "by", "from", "to"])
_ARTICLES = frozenset(["a", "an", "the", "his", "her", "my", "our", "your", "their", "its"])
#: A label of words may be so much longer where they say how they belong together.
_ROOM = 4
_EDGES = " .:;?!–-'\"“”‘’"
_EMPTY_WORDS = frozenset(_ASKING.split())
_PLURALS = frozenset(["people", "children", "men", "women", "staff", "feet"])


def calm(text: str) -> str:
    """Return a text without brackets, and without the capitals of words that are all capitals."""
    plain = " ".join(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text).split()) or text.strip()
    return " ".join(w.lower() if w.isupper() and len(w) > 3 else w for w in plain.split())


def short_label(label: str, limit: int = 26) -> str:
    """Return the words of a label that carry its meaning, for a name.

    A label that is one word in capitals is a code, and keeps them.
    """
    code = label.strip(_EDGES)
    if code.isupper() and code.isalnum():
        return code
    plain = calm(label.replace("_", " ")).strip(_EDGES)
    if len(plain) > limit:
        words = [w.strip(",.;:?!\"'“”") for w in plain.split()]
        linked = _linked(words, 3) or words[:3]
        room = limit + _ROOM * any(word.lower() in _LINKS for word in linked)
        plain = fit(" ".join(linked), room)
    return lowered(plain or label.strip())


def _linked(words: Sequence[str], most: int) -> list[str]:
    """Return the first telling words, with what links one to the next: "quality of service"."""
    kept: list[str] = []
    link, told = "", 0
    for word in words:
        low = word.lower()
        if low in _LINKS:
            link = word
        elif low not in _ARTICLES and low in _EMPTY_WORDS:
            link = ""
        elif low not in _EMPTY_WORDS and told < most:
            kept += [link, word] if link and kept else [word]
            link, told = "", told + 1
    return kept


def is_plural(label: str) -> bool:
    """Return whether a label names things that there are many or few of: "orders a month"."""
    head = re.split(rf"\s(?:{'|'.join(_LINKS | _ARTICLES)})\s|[:,;(]", label.lower())[0]
    return any(
        word in _PLURALS or re.search(r"[^aisu]s$|(?<!ser)ies$", word) for word in head.split()
    )


def cut(text: str, limit: int) -> str:
    """Cut a text to a length, and mark that it was cut."""
    return text if len(text) <= limit else f"{fit(text, limit)}…"


def fit(text: str, limit: int) -> str:
    """Cut a text to a length, between words where there are some."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0] if " " in text[: limit + 1] else text[:limit]
    cut = cut.rstrip(" ,;:–-")
    # A cut in the middle of "risk of being accused" leaves no dangling "of being".
    while " " in cut and cut.rsplit(" ", 1)[1].lower() in _EMPTY_WORDS:
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–-")
    return cut
