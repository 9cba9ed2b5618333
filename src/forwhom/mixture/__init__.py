"""The engine: mixtures of exponential families, selection, scoring, SQL. Arrays in and out."""

from forwhom.mixture.design import Design, Whole
from forwhom.mixture.encoding import build_design
from forwhom.mixture.fitted import FittedMixture, fit_from_responsibilities, fit_mixture
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.selection import Selection, select
from forwhom.tables.columns import Column

__all__ = [
    "Column",
    "Design",
    "FitOptions",
    "FittedMixture",
    "Selection",
    "Whole",
    "build_design",
    "fit_from_responsibilities",
    "fit_mixture",
    "select",
]
