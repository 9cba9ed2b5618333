import re
from collections.abc import Iterator
from functools import cache

from forwhom.documents.phrases import in_small_letters
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief
from forwhom.lint.vocabulary import words_of


@rule("FW103", words=True)
def solution_in_job(view: View) -> Iterator[Finding]:
    """A job statement is a solution in disguise.

    ## What it checks

    Needs of kind `job` that want to have or use a solution ("use an app", "get a dashboard"), or
    that say by which solution something is done ("with one platform"). Choosing or repairing a tool
    is a job like any other and is not found.

    ## Why it matters

    Nobody wants the app; they want what the app is for. A solution in the statement closes the
    question that the canvas should open: which answer is best? Source: Ulwick, "What Customers
    Want" (2005); Christensen et al., "Competing Against Luck" (2016).

    ## Example

    ```yaml
    needs:
      - {id: budget, statement: Have an app for the household budget}
    ```

    ## Better

    ```yaml
    needs:
      - {id: budget, statement: Know what is left of the household budget}
    ```
    """
    having, means = _patterns(view.words.language)
    for location, statement, _, core in view.jobs:
        text, small = in_small_letters(core)
        found = having.search(small) or means.search(small)
        if found:
            wanted = text[found.start() : found.end()].strip()
            yield Finding(
                location,
                f'{brief(statement)} wants a solution: "{wanted}".',
                "Ask what that is for, and state this; the solution belongs to a proposition.",
            )


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = words_of(language)
    assert words is not None
    lists = {name: pattern.pattern for name, pattern in words.patterns.items()}
    thing = rf"{lists['solutions']}(?=\W*$|[.,;]|\W+{lists['after_things']})"
    if words.last_verb:  # "eine App nutzen"
        first = rf"{thing}\s+{lists['having']}\W*$"
    else:  # "use an app"
        first = rf"^\W*{lists['having']}\s+(?:\w+\s+){{0,3}}{thing}"
    return re.compile(first), re.compile(rf"{lists['means']}\s+(?:\w+\s+){{0,2}}{thing}")
