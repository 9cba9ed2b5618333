"""Where a difference stands: in words, and as a key path in each of the two canvases."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.wording import joined


@dataclass(frozen=True)
class Where:
    """A place in both canvases."""

    words: tuple[str, ...] = ()  # from the outside in
    before: Location = ()
    after: Location = ()
    item: str = ""  # id of the innermost item around it
    noun: str = ""  # what that item is called, without its name

    def key(self, key: str | int, old: str | int | None = None) -> Where:
        """Return what stands under a key, which may have been another one before."""
        return replace(
            self,
            before=(*self.before, key if old is None else old),
            after=(*self.after, key),
        )

    def part(self, key: str | int, said: str, old: str | int | None = None) -> Where:
        """Return a part, by what it is called."""
        return replace(self.key(key, old), words=(*self.words, said), noun="")

    def says(self, what: str) -> str:
        """Return a sentence that begins with the place."""
        if not self.words:
            return what
        return tr("{where}: {what}", where=joined(self.words), what=what)
