from collections.abc import Iterator

from forwhom.documents.canvas.economy import FundingFlow
from forwhom.lint.view import View


def ours(view: View) -> Iterator[tuple[int, FundingFlow]]:
    """Yield the flows to us, with their position: to a name of ours, or to nobody named."""
    names = {name.strip().lower() for name in view.canvas.names.ours}
    for index, flow in enumerate(view.canvas.funding):
        receiver = flow.receiver.strip().lower()
        if not receiver or receiver in names:
            yield index, flow
