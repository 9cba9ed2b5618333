"""Kinds or degrees: whether the segments of a fit are groups, or slices of a sliding scale."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document

#: What the data say about structure. ``clear``: groups, clearer than a continuum would give;
#: ``likely``: groups that overlap; ``scale``: a sliding scale describes the customers better;
#: ``unclear``: no evidence for groups; ``one``: one kind of customer.
Verdict = Literal["clear", "likely", "scale", "unclear", "one"]


class ScaleVariable(Document):
    """How one variable, or one of its levels, moves along a scale."""

    variable: str
    level: str | None = Field(default=None, description="The level whose share moves (discrete).")
    dimension: int = Field(
        default=1, description="Which of several scales it moves along most, from 1."
    )
    loading: float = Field(description="Signed correlation with the scale.")
    low: float = Field(
        description="Expected value, or share of the level, at the lower tenth of the scale, in "
        "units of the data."
    )
    middle: float = Field(description="The same in the middle of the scale.")
    high: float = Field(description="The same at the upper tenth of the scale.")
    borders: list[float] = Field(
        default_factory=list, description="The same at each border between two bands."
    )


class Scale(Document):
    """What goes up and down together: a score for each customer."""

    dimensions: int = 1
    curved: bool = False
    reliability: float | None = Field(
        default=None,
        description="Share of the (first) scale's variance that a customer's values determine.",
    )
    variables: list[ScaleVariable] = Field(
        default_factory=list, description="What moves along it, scale by scale, strongest first."
    )
    borders: list[float] = Field(
        default_factory=list,
        description="Where one band ends and the next begins, in standard deviations from the mean "
        "of the scale; none without bands.",
    )
    kept: float | None = Field(
        default=None,
        description="Share of the scale's variance that the bands keep; None without bands.",
    )


class Structure(Document):
    """The verdict on structure, and the figures behind it."""

    verdict: Verdict
    rows: int = Field(description="Customers looked at.")
    difference: float | None = Field(
        default=None,
        description="BIC of the best continuum minus BIC of the best groups, on the same bins; "
        "above 10 speaks for kinds, under -10 for degrees.",
    )
    continuum: str | None = Field(
        default=None,
        description="Which continuum came nearest: 'one factor', 'two factors', 'three factors', "
        "'curved', 'curved twice', 'curved surface' or 'closed'.",
    )
    islands: list[list[int]] = Field(
        default_factory=list, description="Ids of the segments that hang together."
    )
    certainty_z: float | None = Field(
        default=None,
        description="How much surer membership is than a continuum with the same margins and "
        "correlations would give, in standard deviations.",
    )
    separation_z: float | None = Field(
        default=None,
        description="How much farther apart the islands are than such a continuum would give, in "
        "standard deviations.",
    )
    null_sets: int = Field(default=0, description="Sets of data that such a continuum gave.")
    cut: str | None = Field(
        default=None,
        description="The one variable whose values are being cut, where no pair of variables "
        "depends on each other.",
    )
    clumps: list[str] = Field(
        default_factory=list, description="Variables that fall into two clumps by themselves."
    )
    scale: Scale | None = Field(default=None, description="The scale, where one wins.")
    style: Scale | None = Field(
        default=None,
        description="What goes up and down together in all groups, where groups and such a common "
        "factor win: response style, size of customer.",
    )

    @property
    def tells(self) -> bool:
        """Whether it tells kinds or degrees, so that segments may be called slices of a scale."""
        return self.verdict in ("clear", "likely", "scale")

    def standing(self, segment: int) -> tuple[Literal["own", "slice"] | None, list[int]]:
        """Whether a segment is alone on its island, and with whom it is a slice of one continuum.

        Examples
        --------
        >>> found = Structure(verdict="clear", rows=90, islands=[[1], [3, 2]])
        >>> found.standing(1), found.standing(3), found.standing(4)
        (('own', []), ('slice', [2]), (None, []))
        """
        for island in self.islands:
            if segment in island:
                others = sorted(set(island) - {segment})
                return ("slice" if others else "own"), others
        return None, []
