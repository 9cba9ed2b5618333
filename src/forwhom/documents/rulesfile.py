"""Segments that a person wrote as conditions, read from a YAML file.

::

    rules:
      - {name: Loyal, when: orders_per_month >= 4}
      - {name: Lapsed, when: recency > 90}
    otherwise: Everyone else
"""

from pathlib import Path

from pydantic import ValidationError

from forwhom.documents.mistakes import mistakes_of, refused
from forwhom.documents.models import Rule, RulesModel
from forwhom.documents.yamlfile import parse_yaml, read_text
from forwhom.errors import DocumentError


def read_rules(path: str | Path) -> tuple[list[Rule], str]:
    """Read rules: segments as conditions in SQL on the variables."""
    source = parse_yaml(read_text(path, "rules (YAML)"), str(path))
    if not isinstance(source.data, dict):
        raise DocumentError(
            f"{source.place(())}: there are no rules.",
            "Expected 'rules:' with a list of {name: ..., when: ...}.",
        )
    try:
        model = RulesModel.model_validate(source.data)
    except ValidationError as error:
        raise refused(mistakes_of(RulesModel, error), source.place) from error
    return list(model.rules), model.otherwise
