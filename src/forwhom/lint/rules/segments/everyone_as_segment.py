import re
from collections.abc import Iterator

from forwhom.documents.phrases import in_small_letters
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.lint.vocabulary import Everyone, everyone_in

_WORD = re.compile(r"\w+")


@rule("FW201")
def everyone_as_segment(view: View) -> Iterator[Finding]:
    """A segment is everyone.

    ## What it checks

    Names and descriptions of segments that begin with "everyone", "all people", "the general
    public" or the like, names that are only "people" or "users", and bounds that are none ("of all
    sizes"). "Anyone who …" and "people with …" exclude somebody and are not found, unless nearly
    everybody has it: a smartphone, the internet. It knows English, German, French, Spanish,
    Portuguese, Italian, Dutch and Arabic, whatever language the canvas says.

    ## Why it matters

    A product for everyone is designed for nobody in particular, and no channel reaches everyone.
    The text on customer segments of CANVAS-13 warns against going to market with such a claim: even
    products that anybody could use tell each group its own story.

    ## Example

    ```yaml
    segments:
      - {id: all, name: Everyone}
    ```

    ## Better

    ```yaml
    segments:
      - {id: parents, name: Parents who want their kids to handle money}
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        for field in ("name", "description"):
            found = _everyone(getattr(segment, field), view.canvas.language)
            if found:
                yield Finding(
                    ("segments", index, field),
                    f'the segment {segment.id!r} is "{found}", which excludes nobody.',
                    "Say what its members share and others do not: a job, a habit, a situation.",
                )
                break


def _everyone(text: str, language: str) -> str:
    text, small = in_small_letters(text)
    ends = filter(None, (_end(small, words) for words in everyone_in(language)))
    return " ".join(text[: next(ends, 0)].split())


def _end(small: str, words: Everyone) -> int:
    """Return where what excludes nobody ends; 0 where somebody is excluded."""
    found = words.patterns["everyone"].search(small) or words.patterns["boundless"].search(small)
    if found is None:
        return 0
    end = found.end()
    if _excludes(small, end, words):
        # What nearly everybody has excludes nobody either, unless more is said.
        shared = words.patterns["shared"].search(small, end)
        if shared is None or _excludes(small, shared.end(), words):
            return 0
        end = shared.end()
    return end


def _excludes(small: str, end: int, words: Everyone) -> bool:
    after = _WORD.search(small, end)
    return after is not None and after[0] in words.qualifiers
