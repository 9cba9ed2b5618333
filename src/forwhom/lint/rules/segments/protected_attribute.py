from collections.abc import Iterator

from forwhom.documents.protected import spoken
from forwhom.documents.yamlfile import Location
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW209", words=True)
def protected_attribute(view: View) -> Iterator[Finding]:
    """A protected attribute is the basis of a segment.

    ## What it checks

    Names, descriptions and claims of segments, for words of what laws protect: sex and gender,
    religion, ethnic origin, sexual orientation, disability, health, pregnancy, marital status,
    displacement and more; the whole list stands in `documents/protected/`. Each segment is found
    once. Age is left to other rules.

    ## Why it matters

    To offer people something else because of such an attribute can be unlawful, and stands for the
    need behind it only by stereotype. The UNITE text on customer segments warns of assumptions that
    are unfairly biased. Sometimes the attribute is the point (care after birth): then silence the
    line, and say so.

    ## Example

    ```yaml
    segments:
      - {id: women, name: Women who invest small sums}
    ```

    ## Better

    ```yaml
    segments:
      - {id: starters, name: First-time investors with small sums}
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        texts: list[tuple[Location, str]] = [
            (("segments", index, "name"), segment.name),
            (("segments", index, "description"), segment.description),
            *((("segments", index, "claims", i), c.text) for i, c in enumerate(segment.claims)),
        ]
        for location, text in texts:
            told = spoken(text, view.canvas.language)
            if told is not None and told.audited:
                yield Finding(
                    location,
                    f"the segment {segment.id!r} speaks of a protected attribute: "
                    f'"{told.words}" in {brief(text)}.',
                    "Name the need or the behavior behind it; if the attribute is the point, "
                    "say so in a comment that silences this.",
                )
                break
