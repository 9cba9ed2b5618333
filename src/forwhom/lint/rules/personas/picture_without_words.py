from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.personas.images import images
from forwhom.lint.view import View


@rule("FW405")
def picture_without_words(view: View) -> Iterator[Finding]:
    """A picture of a persona is not described in words.

    ## What it checks

    `image` and `world` of personas: that they have an `alt`.

    ## Why it matters

    Who cannot see a picture hears its words, and who can sees what it is meant to show: not the
    person, but the desk full of paper behind them. Source: Web Content Accessibility Guidelines,
    success criterion 1.1.1.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        image: {file: desk.jpg, source: Photo of a visit, license: By consent}
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
        if not image.alt.strip():
            yield Finding(
                place,
                f"the picture {image.file!r} is not described in words.",
                "Say under 'alt' what is to be seen.",
            )
