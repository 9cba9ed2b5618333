from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.grammar import second_job
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW102", words=True)
def compound_job(view: View) -> Iterator[Finding]:
    """A job statement holds two jobs.

    ## What it checks

    Needs of kind `job` in which a second verb follows "and", "or" and the like. Circumstances
    (after "when", "without", "so that") and fixed pairs ("buy and sell") do not count, and a word
    that may be a noun ("plan") counts only before a word such as "the" or "my".

    ## Why it matters

    Two jobs in one statement have two importances, two satisfactions, and often two segments.
    Whoever rates the statement rates one of the two, and nobody knows which. Source: Ulwick, "What
    Customers Want" (2005): one verb, one object, one context.

    ## Example

    ```yaml
    needs:
      - {id: hire, statement: Find good freelancers and pay them on time}
    ```

    ## Better

    ```yaml
    needs:
      - {id: find, statement: Find good freelancers}
      - {id: pay, statement: Pay freelancers on time}
    ```
    """
    for location, statement, _, core in view.jobs:
        second = second_job(core, view.words)
        if second:
            yield Finding(
                location,
                f'{brief(statement)} is two jobs: it goes on with "{second}".',
                "Make two needs of it, so that each can be rated and answered by itself.",
            )
