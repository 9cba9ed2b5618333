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
from forwhom.documents.results.jobmaps import (
    JobMap,
    JobMaps,
    MappedNeed,
    MappedStep,
    StatementForm,
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
from forwhom.documents.results.separation import (
    ComparedCriterion,
    Merge,
    SegmentPair,
    Separation,
)

#: Any of the results that a page or a drawing can be made of.
Choices = Opportunities | Fits | Curves | Priorities | Separation | JobMaps

__all__ = [
    "Agreement",
    "AnsweredNeed",
    "Choices",
    "ComparedCriterion",
    "CriticalWeight",
    "Curve",
    "Curves",
    "Disagreement",
    "FitOffer",
    "Fits",
    "Frequency",
    "JobMap",
    "JobMaps",
    "JudgeView",
    "JudgedSegment",
    "MappedNeed",
    "MappedStep",
    "Merge",
    "NeedRanking",
    "Opportunities",
    "PositioningPart",
    "PositioningPiece",
    "PositioningStatement",
    "Priorities",
    "RankedNeed",
    "SegmentCurves",
    "SegmentFit",
    "SegmentPair",
    "Separation",
    "StatementForm",
    "Unmatched",
    "WeighedCriterion",
]
