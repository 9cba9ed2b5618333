from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.personas.images import images
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW404")
def picture_without_source(view: View) -> Iterator[Finding]:
    """A picture of a persona does not say whose it is, or what allows to show it.

    ## What it checks

    `image` and `world` of personas: that they have a `source` and a `license`.

    ## Why it matters

    A face from a search engine is somebody, who was not asked and is no customer; a persona should
    represent reality and not taste. Whoever shows a picture without a license may have to take
    everything back that holds it. Source: the UNITE text on customer segments, on visual material.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - {id: weekly, name: Weekly planner, segment: parents, image: {file: desk.jpg, alt: A desk}}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        image: {file: desk.jpg, alt: A desk, source: Photo of a visit, license: By consent}
    ```
    """
    for place, image in images(view):
        lacking = [
            key for key in (later("source"), later("license")) if not getattr(image, key).strip()
        ]
        if lacking:
            yield Finding(
                place,
                f"the picture {image.file!r} has no {listed(lacking, last='or')}.",
                "Say who made it or from where it is, and what allows you to show it.",
            )
