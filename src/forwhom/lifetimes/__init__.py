"""How long customers stay, how often they buy and what they spend: models of lifetimes."""

from forwhom.lifetimes.betageo import BetaGeoModel
from forwhom.lifetimes.betageobetabinom import BetaGeoBetaBinomModel
from forwhom.lifetimes.gammagamma import GammaGammaModel
from forwhom.lifetimes.shiftedbetageo import ShiftedBetaGeoModel

__all__ = [
    "BetaGeoBetaBinomModel",
    "BetaGeoModel",
    "GammaGammaModel",
    "ShiftedBetaGeoModel",
]
