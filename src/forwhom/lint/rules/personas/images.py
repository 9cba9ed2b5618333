from collections.abc import Iterator

from forwhom.documents.canvas.personas import Image
from forwhom.documents.yamlfile import Location
from forwhom.lint.view import View


def images(view: View) -> Iterator[tuple[Location, Image]]:
    """Yield the pictures of personas, with where each stands."""
    for index, persona in enumerate(view.canvas.personas):
        if persona.image is not None:
            yield ("personas", index, "image"), persona.image
        for position, image in enumerate(persona.world):
            yield ("personas", index, "world", position), image
