"""A canvas: its board, history, comments, files, what comes next, and who may only look."""
