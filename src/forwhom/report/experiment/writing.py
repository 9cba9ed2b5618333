from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.experiment import ExperimentReading
from forwhom.errors import OptionError
from forwhom.report.experiment.forest import forest_svg
from forwhom.report.experiment.page import experiment_html
from forwhom.report.forms import Forms, as_json, drawn


def _forest(found: ExperimentReading) -> str:
    if found.blocked:
        raise OptionError(
            "there is no verdict, so that there are no effects to draw.",
            "Write the page (.html), which says why.",
        )
    return forest_svg(found)


#: What an experiment can be written as.
FORMS = Forms(html=experiment_html, **drawn(_forest), json=as_json)


def write_experiment(
    found: ExperimentReading, path: str | PathLike[str], *, overwrite: bool = False
) -> Path:
    """Write what an experiment shows as a page, a drawing or data, by the ending of the file.

    Parameters
    ----------
    found
        The ``reading`` of what :func:`forwhom.read_experiment` returned.
    path
        Where to write: ``.html`` is the page, ``.svg``, ``.png`` and ``.pdf`` are the drawing of
        the effects, ``.json`` is everything. Its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        This is no reading, the file has another ending, or there are no effects to draw.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    """
    expect(found, ExperimentReading, "A reading", "forwhom.read_experiment(...).reading")
    return FORMS.write(found, path, overwrite=overwrite)
