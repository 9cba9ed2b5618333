"""Ask forwhom and its peers about customers of whom it is known whether they form groups.

Answers are added to a file, one line each, and what is there is not asked again: a long run may be
stopped and continued, ``benchmarks/truth.py answers.jsonl --minutes 60``. The tables are those of
all answers in the file; ``--minutes 0`` only makes the tables.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from dataclasses import asdict, dataclass
from itertools import product, takewhile
from multiprocessing import get_context
from pathlib import Path

from answerers import ANSWERERS, ask
from populations import POPULATIONS
from run import put
from verdicts import Line, tables

SIZES = (500, 2000, 10_000)
REPLICATES = 40
BEGIN, END = "<!-- groups: begin -->\n", "<!-- groups: end -->"


@dataclass(frozen=True)
class Question:
    """One answerer, asked about one draw of customers; its answer is kept under ``answerer``."""

    population: str
    n: int
    replicate: int
    answerer: str


def main() -> None:
    """Ask what was not asked before, print the tables, and put them into a page when asked."""
    options = _options()
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))
    known = {_question(line) for line in read_lines(options.answers)}
    missing = [q for q in _questions(options) if q not in known]
    print(f"{len(missing)} questions to ask", file=sys.stderr)
    fill(options.answers, missing, options.workers, options.minutes, options.name)
    lines = list(tables(read_lines(options.answers), list(POPULATIONS.values())))
    print("\n".join(lines))
    put(options.write, lines, BEGIN, END)


def read_lines(path: Path) -> list[Line]:
    """Return the answers of a file; a line that a stopped run left unfinished is none."""
    if not path.exists():
        return []
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    return found


def fill(
    path: Path, questions: Iterable[Question], workers: int, minutes: float, name: str
) -> None:
    """Ask the questions until the minutes are over, and append the answers.

    ``name`` is what forwhom's answers are kept under.
    """
    end = time.monotonic() + 60 * minutes
    in_time = takewhile(lambda _: time.monotonic() < end, questions)
    with path.open("a", encoding="utf-8") as file:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            file.write("\n")
        for line in _answers(in_time, workers, name):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()


def _answers(questions: Iterable[Question], workers: int, name: str) -> Iterator[Line]:
    """Answers in the order in which they are ready; no question is taken before it can be asked."""
    if workers == 1:
        yield from (answer(question, name) for question in questions)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        running: set[Future[Line]] = set()
        for question in questions:
            running.add(pool.submit(answer, question, name))
            if len(running) == workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (x.result() for x in done)
        yield from (x.result() for x in as_completed(running))


def answer(question: Question, name: str) -> Line:
    """Draw the customers, ask, and return the line that is kept."""
    from sklearn.metrics import adjusted_rand_score

    population = POPULATIONS[question.population]
    customers = population.draw(question.n, question.replicate)
    line: Line = {**asdict(question), "kind": population.kind}
    asked = "forwhom" if question.answerer == name else question.answerer
    start = time.process_time()
    try:
        said = ask(asked, customers.table)
    except Exception as error:  # a peer that fails has no answer, and the run goes on
        return {**line, "error": f"{type(error).__name__}: {error}"[:200]}
    line |= {
        "groups": bool(said.groups),
        "k": int(said.k),
        "verdict": said.verdict,
        "seconds": round(time.process_time() - start, 3),
    }
    if customers.segment is not None:
        line["ari"] = round(float(adjusted_rand_score(customers.segment, said.labels)), 4)
    return line


def _questions(options: argparse.Namespace) -> Iterator[Question]:
    """All questions, a replicate after the other, so that a run may stop anywhere."""
    for replicate, n in product(range(options.replicates), options.sizes):
        for population, answerer in product(options.populations, options.answerers):
            kept = options.name if answerer == "forwhom" else answerer
            yield Question(population, n, replicate, kept)


def _question(line: Line) -> Question:
    return Question(line["population"], line["n"], line["replicate"], line["answerer"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("answers", type=Path, help="file of answers, one JSON object in a line")
    parser.add_argument(
        "--populations", nargs="+", choices=POPULATIONS, default=tuple(POPULATIONS), metavar="NAME"
    )
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N")
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--answerers", nargs="+", choices=ANSWERERS, default=tuple(ANSWERERS))
    parser.add_argument("--workers", type=int, default=1, help="processes that ask")
    parser.add_argument("--minutes", type=float, default=60.0, help="ask no longer than this")
    parser.add_argument(
        "--name", default="forwhom", help="what forwhom's answers are kept under, such as a version"
    )
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    options = parser.parse_args()
    if options.write is not None and BEGIN not in options.write.read_text(encoding="utf-8"):
        sys.exit(f"{options.write} has no line {BEGIN.strip()!r} to write after.")
    return options


if __name__ == "__main__":
    main()
