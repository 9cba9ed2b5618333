"""The whole exercise: from ratings to what segments agree on, and how sure that is."""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from forwhom.alignment.agreements import agreements
from forwhom.alignment.cells import cells_of, groups_of, table_of
from forwhom.alignment.components import variance_shares
from forwhom.alignment.notes import notes_of
from forwhom.alignment.proxies import pairs_of, proxy_errors
from forwhom.alignment.ratings import Ratings
from forwhom.alignment.resampling import FEWEST, MOST, replicate_medians
from forwhom.alignment.rounds import changes_of, class_changes, steps_of
from forwhom.alignment.views import Exercise, views
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.results.alignment import AlignmentResult, RatedItem, RatedSegment
from forwhom.documents.segmentation import Source
from forwhom.errors import DataError, OptionError
from forwhom.languages.catalog import speaking


def analyze(
    ratings: Ratings,
    segments: Sequence[RatedSegment],
    items: Sequence[RatedItem],
    thresholds: Thresholds | None = None,
    *,
    replicates: int = 2000,
    seed: int = 0,
    title: str = "",
    language: str = "en",
    version: str = "",
    sources: Sequence[Source] = (),
    notes: Sequence[str] = (),
) -> AlignmentResult:
    """Say where segments want the same."""
    _check(ratings, replicates, seed)
    exercise = Exercise(segments, items, thresholds or Thresholds())
    # Matrices are small: threads of BLAS would wait for each other, and on a busy machine for long.
    with threadpool_limits(limits=1, user_api="blas"), speaking(language):
        result, confounded = _analyzed(ratings, exercise, replicates, seed)
        said = [*notes, *notes_of(result, confounded)]
    kept: dict[str, object] = {"title": title, "language": language, "version": version}
    kept["sources"] = list(sources)
    return result.model_copy(update={**kept, "notes": said})


def _analyzed(
    ratings: Ratings, exercise: Exercise, replicates: int, seed: int
) -> tuple[AlignmentResult, Sequence[str]]:
    """The numbers, and which shares of the variance cannot be told apart."""
    counted = ratings.current().counted()
    strata = ratings.strata()
    groups, pairs, steps = groups_of(counted), pairs_of(ratings.current()), steps_of(ratings)
    both = [group for pair in pairs for group in (pair.guess, pair.own)]
    moved = [group for step in steps for group in (step.before, step.after)]
    drawn = replicate_medians([*groups, *both, *moved], strata, replicates, seed)
    ends = np.cumsum([len(groups), len(both)])
    of_cells, of_pairs, of_steps = np.split(drawn, ends)
    table = table_of(counted, groups, of_cells, strata)
    shares, confounded = variance_shares(counted)
    result = AlignmentResult(
        seed=seed,
        replicates=replicates,
        raters=len(np.unique(ratings.rater)),
        ratings=len(ratings),
        rounds=int(ratings.round.max()),
        thresholds=exercise.thresholds,
        segments=_with_raters(exercise.segments, ratings),
        items=list(exercise.items),
        cells=cells_of(counted, groups, table, exercise.thresholds),
        views=views(exercise, table),
        agreement=agreements(counted, replicates, seed),
        variance=shares,
        proxies=proxy_errors(ratings, pairs, of_pairs, strata),
        changes=changes_of(ratings, steps, of_steps, strata),
        class_changes=class_changes(exercise, ratings),
    )
    return result, confounded


def _check(ratings: Ratings, replicates: int, seed: int) -> None:
    if len(ratings) == 0:
        raise DataError(
            "There is no rating to align.",
            "Let several raters rate every item for every segment, from -5 to 5.",
        )
    if not FEWEST <= replicates <= MOST:
        raise OptionError(
            f"{replicates} replicates are too {'few' if replicates < FEWEST else 'many'}.",
            f"Expected {FEWEST} to {MOST:,}; 2000 are usual.",
        )
    if seed < 0:
        raise OptionError(f"The seed is {seed}.", "Expected a whole number from 0.")


def _with_raters(segments: Sequence[RatedSegment], ratings: Ratings) -> list[RatedSegment]:
    found = []
    for code, segment in enumerate(segments):
        mine = ratings.where(ratings.segment == code)
        counts = {
            "raters": len(np.unique(mine.rater)),
            "direct": len(np.unique(mine.rater[mine.direct])),
        }
        found.append(segment.model_copy(update=counts))
    return found
