import re
from collections.abc import Iterator

from forwhom.documents.repairs import quoted
from forwhom.documents.yamlfile import YamlText
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

#: A sign that belongs to what follows it, as in "#1" and "#teams".
_BELONGS = re.compile(r"\s#(?=\w)(?!\s*lint:)")
#: One space and small letters: a sentence that goes on rather than a comment on it.
_GOES_ON = re.compile(r"\s#\s+(?!lint:)[^\W\d_A-Z]")
#: Words from which on a text is a sentence that may go on.
_SENTENCE = 3


@rule("FW114")
def text_after_a_hash(view: View) -> Iterator[Finding]:
    """A text ends at a `#`, and what follows looks like the rest of it.

    ## What it checks

    Texts without quotes that are followed, in their line, by a `#` that touches the next letter or
    digit ("#1"), or, after three words or more, by one space, `#` and a small letter. Two spaces
    before a `#`, or a comment that begins with a capital, say that a comment is meant.

    ## Why it matters

    In YAML, a space and a `#` begin a comment: what follows is not part of the text, and nobody who
    reads the canvas will see it. Source: YAML 1.2.2, section 6.6.

    ## Example

    ```yaml
    segments:
      - id: clinics
        name: Clinics that take the #1 of their town
    ```

    ## Better

    ```yaml
    segments:
      - id: clinics
        name: "Clinics that take the #1 of their town"
    ```
    """
    source = view.canvas._origin.source
    if not isinstance(source, YamlText) or "#" not in source.text:
        return
    for location, text in view.texts:
        rest = source.rest_of_line(location)
        goes_on = len(text.split()) >= _SENTENCE and _GOES_ON.match(rest)
        if _BELONGS.match(rest) or goes_on:
            whole = quoted(f"{text}{rest.rstrip()}")
            yield Finding(
                location,
                f"the text ends at the '#': what follows it, {rest.strip()!r:.60}, is a comment.",
                f"Write: {whole:.120}; or two spaces before the '#', and one after it, for a "
                "comment.",
            )
