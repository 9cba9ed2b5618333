"""What is computed about a segmentation, never only claimed."""

from forwhom.evidence.blanks import blanks_evidence
from forwhom.evidence.comparison import Comparison, compare
from forwhom.evidence.doubts import doubts_of, too_small, too_wide
from forwhom.evidence.fairness import audit, fairness_evidence
from forwhom.evidence.items import collect_evidence
from forwhom.evidence.overlap import overlap_matrix
from forwhom.evidence.reference import references_of
from forwhom.evidence.separateness import separateness_evidence, separateness_of
from forwhom.evidence.stability import stability_evidence, stability_of, tempered
from forwhom.evidence.structure import Examination, examine
from forwhom.evidence.verdict import verdict_evidence

__all__ = [
    "Comparison",
    "Examination",
    "audit",
    "blanks_evidence",
    "collect_evidence",
    "compare",
    "doubts_of",
    "examine",
    "fairness_evidence",
    "overlap_matrix",
    "references_of",
    "separateness_evidence",
    "separateness_of",
    "stability_evidence",
    "stability_of",
    "tempered",
    "too_small",
    "too_wide",
    "verdict_evidence",
]
