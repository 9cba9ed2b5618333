import re
from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.texts import is_citation
from forwhom.lint.view import View

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,/-])\+\d{1,3}[ ()/.-]*\d(?:[ ()/.-]{0,2}\d){7,12}(?!\w)")


@rule("FW507", "error")
def personal_data(view: View) -> Iterator[Finding]:
    """A text holds an e-mail address or a telephone number.

    ## What it checks

    All texts of the canvas except citations, for e-mail addresses, and for telephone numbers that
    begin with `+` and the code of a country.

    ## Why it matters

    A canvas is passed on, printed and put under version control. Data of a person do not belong
    there: quotes need a source that only the team can follow ("interview 4"), never an address.

    ## Example

    ```yaml
    needs:
      - id: paid
        statement: Get paid on time
        quotes: [{text: They pay after months., source: ada@example.org}]
    ```

    ## Better

    ```yaml
    needs:
      - id: paid
        statement: Get paid on time
        quotes: [{text: They pay after months., source: interview 4}]
    ```
    """
    for location, text in view.texts:
        if ("@" not in text and "+" not in text) or is_citation(location):
            continue
        found = _ADDRESS.search(text) or _PHONE.search(text)
        if found:
            kind = "an e-mail address" if "@" in found[0] else "a telephone number"
            yield Finding(
                location,
                f"this text holds {kind}.",
                "Write a code name that only the team can follow, such as 'interview 4'.",
            )
