from collections.abc import Iterator

from forwhom.documents.repairs import quoted
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

#: Quotation marks of printers, which YAML takes for letters: how they open, and how they close.
PAIRS = {"“": "”", "„": "“", "‘": "’", "‚": "‘", "«": "»", "»": "«", "‹": "›", "›": "‹", "”": "”"}


@rule("FW115")
def curly_quotes(view: View) -> Iterator[Finding]:
    """A whole text stands in quotation marks that YAML takes for part of it.

    ## What it checks

    Texts that begin and end with a pair of printers' quotation marks, such as “Ledgerly”, with none
    between; what people said (`quotes`) is left alone.

    ## Why it matters

    A word processor turns straight quotes into curly ones, and those are letters to YAML: a product
    in `names` is then not found in any statement, and a segment is called “Parents”, with the
    marks, in every drawing. Source: YAML 1.2.2, section 7.3, which knows straight quotes only.

    ## Example

    ```yaml
    names: {ours: [“Ledgerly”]}
    ```

    ## Better

    ```yaml
    names: {ours: [Ledgerly]}
    ```
    """
    for location, text in view.texts:
        inside = text.strip()[1:-1]
        marks = (text.strip()[:1], text.strip()[-1:])
        if "quotes" in location or not inside or PAIRS.get(marks[0]) != marks[1]:
            continue
        if not set(inside) & set(marks):
            yield Finding(
                location,
                f"the quotation marks of {text.strip()!r:.60} are part of the text.",
                f"Write {quoted(inside):.80}, with straight quotes, or leave them out.",
            )
