"""From a canvas or a table of ratings to where buyer, user and target impact want the same."""

from __future__ import annotations

from forwhom.alignment import analyze
from forwhom.choices.exercise import exercise_of
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.version import __version__


def align(source: object, *, replicates: int = 2000, seed: int = 0) -> AlignmentResult:
    """Say where segments want the same, where they do not, and how sure that is.

    Parameters
    ----------
    source
        A canvas, its path or folder, or a table of ratings: a path or a data frame with columns
        rater, mode (direct or proxy), segment, item, value (-5 to 5) and, if there were several
        rounds, round. A canvas holds its ratings in ``alignment.ratings`` and in the table that
        ``alignment.file`` names.
    replicates
        How often raters are drawn anew for intervals and probabilities.
    seed
        The same seed gives the same answer, whatever the order of the ratings.

    Returns
    -------
    AlignmentResult
        Medians, classes with their probabilities, severity, agreement, and notes in words.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound canvas.
    DataError
        There is no rating, or some rows cannot be used: each is said.
    OptionError
        ``replicates`` or ``seed`` has no usable value.

    Examples
    --------
    >>> import pyarrow as pa
    >>> ratings = pa.table({
    ...     "rater": ["ada", "bo", "ada", "bo"], "segment": ["buyer", "buyer", "user", "user"],
    ...     "item": ["low-price"] * 4, "value": [5, 4, -3, -4],
    ... })
    >>> print(align(ratings, replicates=200))
    the table: 1 item rated by 2 raters
    low-price: misaligned, severity high
    """
    exercise = exercise_of(source)
    return analyze(
        exercise.coded(),
        exercise.segments,
        exercise.items,
        exercise.thresholds,
        replicates=replicates,
        seed=seed,
        title=exercise.title,
        language=exercise.language,
        version=__version__,
        sources=exercise.sources,
        notes=exercise.notes,
    )
