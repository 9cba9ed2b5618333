"""How long customers stay, how often they buy and what they spend: models of lifetimes."""

from forwhom.lifetimes.coming import BG_BB, BG_NBD, MODELS, SBG, Coming
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

__all__ = [
    "BG_BB",
    "BG_NBD",
    "MODELS",
    "SBG",
    "Coming",
    "Expected",
    "Histories",
    "Horizon",
    "Lifetimes",
    "Moved",
    "expect",
    "fit_lifetimes",
    "spread",
]
