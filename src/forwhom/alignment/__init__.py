"""Statistics of ratings: classes of alignment, severity, agreement. Arrays in, values out."""

from forwhom.alignment.analysis import analyze
from forwhom.alignment.classes import CLASSES, classify, weighed
from forwhom.alignment.coefficients import gwet_ac2, kendall_w, krippendorff_alpha
from forwhom.alignment.components import variance_shares
from forwhom.alignment.dispersion import camps, consensus
from forwhom.alignment.ratings import Ratings, coded

__all__ = [
    "CLASSES",
    "Ratings",
    "analyze",
    "camps",
    "classify",
    "coded",
    "consensus",
    "gwet_ac2",
    "kendall_w",
    "krippendorff_alpha",
    "variance_shares",
    "weighed",
]
