"""Statistics of ratings: classes of alignment, severity, agreement. Arrays in, values out."""

from forwhom.alignment.analysis import analyze
from forwhom.alignment.coefficients import kendall_w, krippendorff_alpha
from forwhom.alignment.ratings import Ratings, coded

__all__ = ["Ratings", "analyze", "coded", "kendall_w", "krippendorff_alpha"]
