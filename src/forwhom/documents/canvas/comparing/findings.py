from __future__ import annotations

from forwhom.documents.canvas.comparing.differences import Difference, Happened
from forwhom.documents.canvas.comparing.places import Where
from forwhom.documents.canvas.comparing.texts import Texts
from forwhom.documents.canvas.model import Canvas


class Findings:
    """What was found so far, and how it is said."""

    def __init__(self, texts: Texts) -> None:
        self.found: list[Difference] = []
        self.texts = texts
        #: Citations of the same evidence with another fingerprint, and where.
        self.looked_again: list[tuple[Where, list[str], list[str]]] = []

    def tell(
        self, kind: Happened, where: Where, sentence: str, before: str = "", after: str = ""
    ) -> None:
        """Keep a difference."""
        self.found.append(
            Difference(
                kind=kind,
                sentence=sentence,
                where=list(where.words),
                item=where.item,
                path=list(where.after),
                path_before=list(where.before),
                before=before,
                after=after,
            )
        )

    def in_order(self) -> None:
        """Bring differences into the order of a canvas; those of no one part come last."""
        order = [field.alias or name for name, field in Canvas.model_fields.items()]
        self.found.sort(key=lambda d: order.index(str(d.path[0])) if d.path else len(order))
