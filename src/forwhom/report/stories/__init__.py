"""Stories of segments as text, Markdown, a page, sheets of paper."""

from forwhom.report.stories.writing import FORMS, stories_text, write_stories

__all__ = ["FORMS", "stories_text", "write_stories"]
