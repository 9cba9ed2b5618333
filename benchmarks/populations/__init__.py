"""Simulated customers of whom it is known whether they form groups."""

from populations.groups import GROUPS
from populations.hard_scales import HARD_SCALES
from populations.independent import INDEPENDENT
from populations.population import WEIGHT, Customers, Kind, Population, is_scale
from populations.scales import SCALES

#: By name: first those without groups.
POPULATIONS = {p.name: p for p in (*INDEPENDENT, *SCALES, *HARD_SCALES, *GROUPS)}

__all__ = ["POPULATIONS", "WEIGHT", "Customers", "Kind", "Population", "is_scale"]
