"""forwhom: customer data in, customer segments that can be defended out.

>>> import forwhom as fw
>>> fw.LatentSegments(n_segments=3).n_segments
3

From customers to segments it takes `discover`, from there to a canvas `seed_canvas`, and from a
canvas to what is weak in it `lint_canvas`. Names are loaded when they are first used, so that the
command line starts at once. They belong to eleven subjects, in the order of the work:
"""

from importlib import import_module
from typing import TYPE_CHECKING

from forwhom.version import __version__ as __version__

if TYPE_CHECKING:
    from forwhom.choices.defending import defense_of as defense_of
    from forwhom.choices.heard import propose_needs as propose_needs
    from forwhom.choices.jobmaps import map_jobs as map_jobs
    from forwhom.choices.purchase.tracing import purchase_map as purchase_map
    from forwhom.choices.questions import assess_fit as assess_fit
    from forwhom.choices.questions import compare_curves as compare_curves
    from forwhom.choices.questions import decide_segments as decide_segments
    from forwhom.choices.questions import rank_needs as rank_needs
    from forwhom.choices.questions import separate_segments as separate_segments
    from forwhom.choices.stories import tell_stories as tell_stories
    from forwhom.choices.strategies import write_strategies as write_strategies
    from forwhom.customers.drafting import draft_study as draft_study
    from forwhom.customers.featuring import features_table as features_table
    from forwhom.customers.history import read_history as read_history
    from forwhom.customers.querying import features_sql as features_sql
    from forwhom.documents import Segmentation as Segmentation
    from forwhom.documents import Study as Study
    from forwhom.documents import read_segmentation as read_segmentation
    from forwhom.documents import read_study as read_study
    from forwhom.documents import rename_segment as rename_segment
    from forwhom.documents import write_segmentation as write_segmentation
    from forwhom.documents.canvas import Canvas as Canvas
    from forwhom.documents.canvas import Framework as Framework
    from forwhom.documents.canvas import accept_claims as accept_claims
    from forwhom.documents.canvas import compare_canvases as compare_canvases
    from forwhom.documents.canvas import convert_canvas as convert_canvas
    from forwhom.documents.canvas import export_canvas as export_canvas
    from forwhom.documents.canvas import new_canvas as new_canvas
    from forwhom.documents.canvas import parse_canvas as parse_canvas
    from forwhom.documents.canvas import read_canvas as read_canvas
    from forwhom.documents.canvas import read_framework as read_framework
    from forwhom.documents.canvas import seed_canvas as seed_canvas
    from forwhom.documents.canvas import write_canvas as write_canvas
    from forwhom.documents.experiment import ExperimentPlan as ExperimentPlan
    from forwhom.documents.experimentfile import read_plan as read_plan
    from forwhom.documents.experimentfile import write_plan as write_plan
    from forwhom.documents.ledger import read_ledger as read_ledger
    from forwhom.documents.results.alignment import AlignmentResult as AlignmentResult
    from forwhom.documents.results.funding import Funding as Funding
    from forwhom.errors import ForwhomError as ForwhomError
    from forwhom.evidence.covariates import MembershipModel as MembershipModel
    from forwhom.evidence.outcomes import SegmentOutcomes as SegmentOutcomes
    from forwhom.evidence.outcomes import segment_outcomes as segment_outcomes
    from forwhom.features import customer_features as customer_features
    from forwhom.funders.proposals import propose_participants as propose_participants
    from forwhom.lifetimes.betageo import BetaGeoModel as BetaGeoModel
    from forwhom.lifetimes.betageobetabinom import BetaGeoBetaBinomModel as BetaGeoBetaBinomModel
    from forwhom.lifetimes.gammagamma import GammaGammaModel as GammaGammaModel
    from forwhom.lifetimes.shiftedbetageo import ShiftedBetaGeoModel as ShiftedBetaGeoModel
    from forwhom.mixture.estimator import LatentSegments as LatentSegments
    from forwhom.mixture.estimator import SelectedSegments as SelectedSegments
    from forwhom.mixture.estimator import select_segments as select_segments
    from forwhom.mixture.sql import scoring_sql as scoring_sql
    from forwhom.pipeline.aligning import align as align
    from forwhom.pipeline.canvases import draw_canvas as draw_canvas
    from forwhom.pipeline.canvases import lint_canvas as lint_canvas
    from forwhom.pipeline.canvases import write_drawing as write_drawing
    from forwhom.pipeline.comparison import compare as compare
    from forwhom.pipeline.discovery import Result as Result
    from forwhom.pipeline.discovery import discover as discover
    from forwhom.pipeline.experiments import plan_experiment as plan_experiment
    from forwhom.pipeline.experiments import read_experiment as read_experiment
    from forwhom.pipeline.fairness import audit_fairness as audit_fairness
    from forwhom.pipeline.funding import funding as funding
    from forwhom.pipeline.importing import import_canvas as import_canvas
    from forwhom.pipeline.market import market_type as market_type
    from forwhom.pipeline.nextsteps import next_steps as next_steps
    from forwhom.pipeline.refreshing import refresh as refresh
    from forwhom.pipeline.scoring import score as score
    from forwhom.pipeline.valuing import value_segments as value_segments
    from forwhom.pipeline.voices import find_voices as find_voices
    from forwhom.report.alignment import write_alignment as write_alignment
    from forwhom.report.canvas import draw_purchase_map as draw_purchase_map
    from forwhom.report.choices import write_choices as write_choices
    from forwhom.report.comparison import write_comparison as write_comparison
    from forwhom.report.experiment import write_experiment as write_experiment
    from forwhom.report.funding import flows_csv as flows_csv
    from forwhom.report.funding import funding_html as funding_html
    from forwhom.report.funding import sankey_svg as sankey_svg
    from forwhom.report.funding import write_funding as write_funding
    from forwhom.report.nextsteps import write_next_steps as write_next_steps
    from forwhom.report.segmentation import report_html as report_html
    from forwhom.report.segmentation import summary_text as summary_text
    from forwhom.report.segmentation import write_flows as write_flows
    from forwhom.report.segmentation import write_report as write_report
    from forwhom.report.stories import write_stories as write_stories
    from forwhom.report.voices import write_voices as write_voices
    from forwhom.report.workshop import write_workshop as write_workshop
    from forwhom.tables import open_table as open_table
    from forwhom.tables import profile_table as profile_table

#: The names of each subject, in the order in which they are used, and of each module.
_NAMES = {
    "Data": {
        "tables": "open_table profile_table",
        "customers.drafting": "draft_study",
        "documents": "read_study Study",
        "features": "customer_features",
        "customers.featuring": "features_table",
        "customers.querying": "features_sql",
    },
    "Segments": {
        "pipeline.discovery": "discover Result",
        "pipeline.scoring": "score",
        "pipeline.comparison": "compare",
        "documents": "Segmentation read_segmentation write_segmentation rename_segment",
        "mixture.sql": "scoring_sql",
        "report.segmentation": "report_html summary_text write_report",
    },
    "Models": {
        "mixture.estimator": "LatentSegments SelectedSegments select_segments",
        "evidence.covariates": "MembershipModel",
        "evidence.outcomes": "SegmentOutcomes segment_outcomes",
        "lifetimes.betageo": "BetaGeoModel",
        "lifetimes.gammagamma": "GammaGammaModel",
        "lifetimes.betageobetabinom": "BetaGeoBetaBinomModel",
        "lifetimes.shiftedbetageo": "ShiftedBetaGeoModel",
    },
    "Evidence": {
        "choices.defending": "defense_of",
        "pipeline.valuing": "value_segments",
        "pipeline.fairness": "audit_fairness",
        "pipeline.market": "market_type",
        "pipeline.voices": "find_voices",
        "report.voices": "write_voices",
    },
    "Over time": {
        "pipeline.refreshing": "refresh",
        "documents.ledger": "read_ledger",
        "customers.history": "read_history",
        "report.segmentation": "write_flows",
    },
    "Experiments": {
        "pipeline.experiments": "plan_experiment read_experiment",
        "report.experiment": "write_experiment",
        "documents.experiment": "ExperimentPlan",
        "documents.experimentfile": "read_plan write_plan",
    },
    "Canvas": {
        "documents.canvas": (
            "Canvas Framework new_canvas read_canvas parse_canvas write_canvas seed_canvas "
            "accept_claims convert_canvas export_canvas compare_canvases read_framework"
        ),
        "pipeline.importing": "import_canvas",
        "report.comparison": "write_comparison",
        "pipeline.canvases": "draw_canvas write_drawing lint_canvas",
        "pipeline.nextsteps": "next_steps",
        "report.nextsteps": "write_next_steps",
    },
    "Choices": {
        "choices.questions": (
            "assess_fit rank_needs compare_curves decide_segments separate_segments"
        ),
        "choices.jobmaps": "map_jobs",
        "choices.purchase.tracing": "purchase_map",
        "report.canvas": "draw_purchase_map",
        "choices.stories": "tell_stories",
        "report.stories": "write_stories",
        "choices.heard": "propose_needs",
        "report.choices": "write_choices",
    },
    "Alignment": {
        "pipeline.aligning": "align",
        "documents.results.alignment": "AlignmentResult",
        "report.alignment": "write_alignment",
        "choices.strategies": "write_strategies",
        "report.workshop": "write_workshop",
    },
    "Funding": {
        "pipeline.funding": "funding",
        "documents.results.funding": "Funding",
        "report.funding": "write_funding funding_html sankey_svg flows_csv",
        "funders.proposals": "propose_participants",
    },
    "Errors": {
        "errors": "ForwhomError",
    },
}
_HOME = dict(
    sorted(
        (name, module)
        for homes in _NAMES.values()
        for module, some in homes.items()
        for name in some.split()
    )
)
#: The names of each subject.
SUBJECTS = {
    subject: tuple(name for some in homes.values() for name in some.split())
    for subject, homes in _NAMES.items()
}

__all__ = list(_HOME)
__doc__ += "".join(f"\n{subject}: {', '.join(names)}\n" for subject, names in SUBJECTS.items())


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'forwhom' has no attribute {name!r}")
    found = getattr(import_module(f"forwhom.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
