"""forwhom: customer data in, customer segments that can be defended out.

>>> import forwhom as fw
>>> fw.LatentSegments(n_segments=3).n_segments
3

Names are loaded when they are first used, so that the command line starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forwhom.documents import Segmentation as Segmentation
    from forwhom.documents import Study as Study
    from forwhom.documents import read_segmentation as read_segmentation
    from forwhom.documents import read_study as read_study
    from forwhom.documents import rename_segment as rename_segment
    from forwhom.documents import write_segmentation as write_segmentation
    from forwhom.documents.canvas import Canvas as Canvas
    from forwhom.documents.canvas import Framework as Framework
    from forwhom.documents.canvas import accept_claims as accept_claims
    from forwhom.documents.canvas import convert_canvas as convert_canvas
    from forwhom.documents.canvas import new_canvas as new_canvas
    from forwhom.documents.canvas import read_canvas as read_canvas
    from forwhom.documents.canvas import read_framework as read_framework
    from forwhom.documents.canvas import seed_canvas as seed_canvas
    from forwhom.documents.canvas import write_canvas as write_canvas
    from forwhom.errors import ForwhomError as ForwhomError
    from forwhom.features import customer_features as customer_features
    from forwhom.mixture.estimator import LatentSegments as LatentSegments
    from forwhom.mixture.estimator import SelectedSegments as SelectedSegments
    from forwhom.mixture.estimator import select_segments as select_segments
    from forwhom.mixture.sql import scoring_sql as scoring_sql
    from forwhom.pipeline.comparison import compare as compare
    from forwhom.pipeline.discovery import Result as Result
    from forwhom.pipeline.discovery import discover as discover
    from forwhom.pipeline.drafting import draft_study as draft_study
    from forwhom.pipeline.scoring import score as score
    from forwhom.report import report_html as report_html
    from forwhom.report import summary_text as summary_text
    from forwhom.report import write_report as write_report
    from forwhom.tables import open_table as open_table
    from forwhom.tables import profile_table as profile_table

__version__ = "0.1.0"

_HOME = {
    "Canvas": "forwhom.documents.canvas",
    "ForwhomError": "forwhom.errors",
    "Framework": "forwhom.documents.canvas",
    "LatentSegments": "forwhom.mixture.estimator",
    "Result": "forwhom.pipeline.discovery",
    "Segmentation": "forwhom.documents",
    "SelectedSegments": "forwhom.mixture.estimator",
    "Study": "forwhom.documents",
    "accept_claims": "forwhom.documents.canvas",
    "compare": "forwhom.pipeline.comparison",
    "convert_canvas": "forwhom.documents.canvas",
    "customer_features": "forwhom.features",
    "discover": "forwhom.pipeline.discovery",
    "draft_study": "forwhom.pipeline.drafting",
    "new_canvas": "forwhom.documents.canvas",
    "open_table": "forwhom.tables",
    "profile_table": "forwhom.tables",
    "read_canvas": "forwhom.documents.canvas",
    "read_framework": "forwhom.documents.canvas",
    "read_segmentation": "forwhom.documents",
    "read_study": "forwhom.documents",
    "rename_segment": "forwhom.documents",
    "report_html": "forwhom.report",
    "score": "forwhom.pipeline.scoring",
    "scoring_sql": "forwhom.mixture.sql",
    "seed_canvas": "forwhom.documents.canvas",
    "select_segments": "forwhom.mixture.estimator",
    "summary_text": "forwhom.report",
    "write_canvas": "forwhom.documents.canvas",
    "write_report": "forwhom.report",
    "write_segmentation": "forwhom.documents",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'forwhom' has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
