"""What an experiment shows, as a page and as a drawing of the effects."""

from forwhom.report.experiment.writing import FORMS, write_experiment

__all__ = ["FORMS", "write_experiment"]
