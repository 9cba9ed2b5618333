"""What every document shares: a strict pydantic base and the words of the field."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

#: Version of the document format; a file says ``forwhom: 1``.
FORMAT = 1

#: Forms of text that several documents use; messages say them in words.
ID_PATTERN = r"^[^\W_][\w.-]*$"
CITATION_PATTERN = r"^[^\W_][\w.:-]*(@[\w.-]+)?$"
DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"

#: How a variable was measured, which decides its distribution in the mixture.
Measure = Literal["binary", "nominal", "ordinal", "count", "continuous", "positive"]

#: What a variable says about a customer: the five bases of segmentation.
Basis = Literal["behavioral", "psychographic", "demographic", "geographic", "firmographic"]

#: What a variable is for. ``active`` forms segments, ``descriptor`` describes them,
#: ``protected`` is audited and never active.
Use = Literal["active", "descriptor", "protected", "weight", "id", "text", "ignore"]

#: The five criteria that make two groups separate segments.
Criterion = Literal["offer", "channel", "relationship", "profitability", "price"]


class Document(BaseModel):
    """A strict model: unknown keys and wrong types are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
