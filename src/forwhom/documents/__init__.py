"""Study, segmentation, canvas and results: what people and forwhom write. No arrays."""

from forwhom.documents.files import (
    check_output,
    write_bytes_atomically,
    write_text_atomically,
)
from forwhom.documents.folders import check_folder, clear_leftovers, new_folder
from forwhom.documents.schemas import (
    canvas_schema,
    framework_schema,
    plan_schema,
    schema_text,
    segmentation_schema,
    study_schema,
)
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import (
    AnySegmentation,
    dump_segmentation,
    read_segmentation,
    rename_segment,
    segmentation_of,
    segmentation_path,
    write_segmentation,
)
from forwhom.documents.study import Study
from forwhom.documents.studyfile import check_columns, check_study, read_study, write_study

__all__ = [
    "AnySegmentation",
    "Segmentation",
    "Study",
    "canvas_schema",
    "check_columns",
    "check_folder",
    "check_output",
    "check_study",
    "clear_leftovers",
    "dump_segmentation",
    "framework_schema",
    "new_folder",
    "plan_schema",
    "read_segmentation",
    "read_study",
    "rename_segment",
    "schema_text",
    "segmentation_of",
    "segmentation_path",
    "segmentation_schema",
    "study_schema",
    "write_bytes_atomically",
    "write_segmentation",
    "write_study",
    "write_text_atomically",
]
