"""How long customers stay, how often they buy and what they spend: models of lifetimes."""

from forwhom.lifetimes.betageo import BetaGeoModel
from forwhom.lifetimes.betageobetabinom import BetaGeoBetaBinomModel
from forwhom.lifetimes.coming import BG_BB, BG_NBD, MODELS, SBG, Coming
from forwhom.lifetimes.gammagamma import GammaGammaModel
from forwhom.lifetimes.outlook import (
    Expected,
    Histories,
    Horizon,
    Lifetimes,
    Moved,
    expect,
    fit_lifetimes,
    spread,
)
from forwhom.lifetimes.shiftedbetageo import ShiftedBetaGeoModel

__all__ = [
    "BG_BB",
    "BG_NBD",
    "MODELS",
    "SBG",
    "BetaGeoBetaBinomModel",
    "BetaGeoModel",
    "Coming",
    "Expected",
    "GammaGammaModel",
    "Histories",
    "Horizon",
    "Lifetimes",
    "Moved",
    "ShiftedBetaGeoModel",
    "expect",
    "fit_lifetimes",
    "spread",
]
