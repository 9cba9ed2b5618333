import re
from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: What is no part of a name: spaces, and quotation marks around it.
_AROUND = " \t\"'“”„‘’‚«»‹›"


@rule("FW101")
def product_in_job(view: View) -> Iterator[Finding]:
    """A job statement names our product, brand or feature.

    ## What it checks

    Needs of kind `job` are compared with the canvas's own `names` (ours, brands, features,
    competitors) and with the names of its propositions, where those have at least two words that
    begin with a capital. A name of one capitalized word must be written just so ("Apple" is not
    "apple"); any other name is found in any case.

    ## Why it matters

    The job was there before the product and stays when the product goes. A statement that holds the
    product can only be answered by that product, so it shows neither competitors nor better
    answers. Source: Ulwick, "What Customers Want" (2005); the text on customer segments of the
    UNITE canvas keeps a company's own products out of jobs.

    ## Example

    ```yaml
    names: {ours: [Penny Path]}
    needs:
      - {id: handle-money, statement: Use Penny Path to teach my kids about money}
    ```

    ## Better

    ```yaml
    names: {ours: [Penny Path]}
    needs:
      - {id: handle-money, statement: Teach my kids how to handle money}
    ```
    """
    names = _names(view)
    for location, statement, *_ in view.jobs:
        for kind, name, pattern in names:
            if pattern.search(statement):
                yield Finding(
                    location,
                    f"{brief(statement)} names {name!r}, {kind}.",
                    "Say what people try to get done, as they would without it.",
                )
                break


def _names(view: View) -> list[tuple[str, str, re.Pattern[str]]]:
    names = view.canvas.names
    offers = [p.name for p in view.canvas.propositions if _is_title(p.name)]
    rivals = [c.name for c in view.canvas.competitors if c.kind == "competitor"]
    lists = (
        (later("our product"), names.ours),
        (later("our brand"), names.brands),
        (later("our feature"), names.features),
        (later("our proposition"), offers),
        (later("the competitor"), [*names.competitors, *rivals]),
    )
    named = [(kind, name.strip(_AROUND)) for kind, found in lists for name in found]
    return [(kind, name, _pattern(name)) for kind, name in named if name]


def _is_title(name: str) -> bool:
    capitals = [word for word in name.split() if word[:1].isupper()]
    return len(name.split()) > 1 and len(capitals) > 1


def _pattern(name: str) -> re.Pattern[str]:
    words = name.split()
    exact = len(words) == 1 and words[0] != words[0].lower()
    body = r"\s+".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w){body}(?!\w)", 0 if exact else re.IGNORECASE)
