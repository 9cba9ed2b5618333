"""Labels of variables, short and calm enough for a name."""

import re

from forwhom.wording import lowered

#: Words of a question that say nothing in a name.
_ASKING = (
    "a an and any are as at be been being by can did do does for from had has have he her his how "
    "i if in is it its me my of on or our she so some that the their them there these they this to "
    "us was we were what when where which who why will with would you your yourself"
)
_EDGES = " .:;?!–-'\"“”‘’"
_EMPTY_WORDS = frozenset(_ASKING.split())


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
        telling = [w for w in words if w.lower() not in _EMPTY_WORDS]
        plain = fit(" ".join((telling or words)[:3]), limit)
    return lowered(plain or label.strip())


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
