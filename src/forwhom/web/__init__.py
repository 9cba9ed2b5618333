"""The web app: pages over the workspace, for teams and workshops; ``forwhom serve`` starts it."""
