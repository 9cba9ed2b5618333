from collections.abc import Iterator

from forwhom.documents.canvas.kinds import Standing
from forwhom.documents.yamlfile import Location
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: What a segment is where the data show no group, in words.
_NO_GROUPS: dict[Standing, str] = {
    "slice": "a slice of one continuum",
    "band": "a band of a sliding scale",
    "cut": "a cut through customers who differ by degrees",
    "unproven": "not shown to stand apart",
}


@rule("FW212", words=True)
def band_called_a_type(view: View) -> Iterator[Finding]:
    """A band of a scale is called a type.

    ## What it checks

    Names, descriptions and summaries of segments, and of their personas, that speak of a type, a
    kind or a group of its own, where the segmentation says `standing: band`, `cut`, `slice` or
    `unproven`. Claims are not read: they say what their evidence says.

    ## Why it matters

    Whoever reads of a type expects customers to be it or not. Along a scale there are only more
    and less, and those on both sides of a border hardly differ; what is designed for the type fits
    its middle and nobody at its ends. Dolnicar, Grün and Leisch, "Market Segmentation Analysis"
    (2018), call such segments constructed: useful, and made by the analyst.

    ## Example

    ```yaml
    segments: [{id: often, name: The loyal type, discovered: 1, standing: band}]
    ```

    ## Better

    ```yaml
    segments: [{id: often, name: Those who come most often, discovered: 1, standing: band}]
    ```
    """
    standings = {segment.id: segment.standing for segment in view.canvas.segments}
    for location, who, text in _texts(view):
        standing = standings.get(who)
        known = None if standing is None else _NO_GROUPS.get(standing)
        found = view.words.find("types", text) if known else ""
        if found:
            yield Finding(
                location,
                f'{brief(text)} speaks of "{found}", and the segment {who!r} is {known}.',
                "Say what its customers have more or less of than others.",
            )


def _texts(view: View) -> Iterator[tuple[Location, str, str]]:
    """Yield what a person reads first of a segment: where it stands, of which, and the text."""
    for index, segment in enumerate(view.canvas.segments):
        for field in ("name", "description"):
            yield ("segments", index, field), segment.id, getattr(segment, field)
    for index, persona in enumerate(view.canvas.personas):
        for field in ("name", "summary"):
            yield ("personas", index, field), persona.segment, getattr(persona, field)
