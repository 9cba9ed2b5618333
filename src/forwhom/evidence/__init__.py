"""What is computed about a segmentation, never only claimed."""

from forwhom.evidence.comparison import Comparison, compare
from forwhom.evidence.items import collect_evidence
from forwhom.evidence.overlap import overlap_matrix

__all__ = ["Comparison", "collect_evidence", "compare", "overlap_matrix"]
