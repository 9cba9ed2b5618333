"""What helps to choose: needs ranked, fit, value curves, and which segments come first."""

from forwhom.documents.results.curves import Curve, Curves, SegmentCurves
from forwhom.documents.results.fits import (
    AnsweredNeed,
    FitOffer,
    Fits,
    PositioningPart,
    PositioningPiece,
    PositioningStatement,
    SegmentFit,
    Unmatched,
)
from forwhom.documents.results.opportunities import NeedRanking, Opportunities, RankedNeed
from forwhom.documents.results.priorities import (
    Agreement,
    CriticalWeight,
    Disagreement,
    Frequency,
    JudgedSegment,
    JudgeView,
    Priorities,
    WeighedCriterion,
)

#: Any of the results that a page or a drawing can be made of.
Choices = Opportunities | Fits | Curves | Priorities

__all__ = [
    "Agreement",
    "AnsweredNeed",
    "Choices",
    "CriticalWeight",
    "Curve",
    "Curves",
    "Disagreement",
    "FitOffer",
    "Fits",
    "Frequency",
    "JudgeView",
    "JudgedSegment",
    "NeedRanking",
    "Opportunities",
    "PositioningPart",
    "PositioningPiece",
    "PositioningStatement",
    "Priorities",
    "RankedNeed",
    "SegmentCurves",
    "SegmentFit",
    "Unmatched",
    "WeighedCriterion",
]
