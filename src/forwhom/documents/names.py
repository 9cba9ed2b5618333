"""Names that people type again: the same whatever their capitals and spaces."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forwhom.errors import DataError, nearest


def name_key(name: str) -> str:
    """Return a name as it is compared: without capitals, spaces and signs that nobody sees."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in text if sign.isprintable() and sign != " ")


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Return for each spelling of a name the most usual one."""
    counts = Counter(names)
    usual: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        usual.setdefault(name_key(name), name)
    return {name: usual[name_key(name)] for name in counts}


@dataclass(frozen=True)
class Names:
    """Things of one kind that a person may name, by id or by what they are called."""

    what: str
    where: str
    #: Id to name.
    known: Mapping[str, str]
    _ids: dict[str, dict[str, None]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for identity, name in self.known.items():
            for one in (identity, name):
                self._ids.setdefault(name_key(one), {})[identity] = None

    def meant(self, text: str) -> list[str]:
        """Return the ids that may be meant; an id as it is written goes before every name."""
        return [text] if text in self.known else list(self._ids.get(name_key(text), ()))

    def find(self, text: str) -> str:
        """Return the id of what is meant."""
        meant = self.meant(text)
        if len(meant) == 1:
            return meant[0]
        shown = repr(text if len(text) <= 40 else f"{text[:37]}...")
        if meant:
            listed = ", ".join(map(repr, meant[:10]))
            raise DataError(
                f"{shown} may be each of {len(meant)} {self.what}s {self.where}: {listed}.",
                "Write the id of the one that is meant.",
            )
        some = f"Expected one of: {', '.join(list(self.known)[:10])}."
        advice = nearest(text, [*self.known.values(), *self.known])
        raise DataError(
            f"there is no {self.what} {shown} {self.where}.",
            advice or (some if self.known else f"Add the {self.what}."),
        )
