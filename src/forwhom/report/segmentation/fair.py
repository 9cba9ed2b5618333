"""What the segments have to do with protected attributes, as it stands among the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.defense import statements
from forwhom.documents.segmentation import Segmentation


@dataclass(frozen=True)
class Fair:
    """What is known of fairness, a sentence each."""

    sentences: tuple[str, ...]

    @property
    def briefly(self) -> str:
        """The sentences in one line."""
        return " ".join(self.sentences)


def fair(segmentation: Segmentation) -> Fair | None:
    """Return what is known of fairness; ``None`` without a protected attribute."""
    known = [e for e in segmentation.evidence if e.id.startswith("fairness.")]
    return Fair(tuple(statements(known))) if known else None
