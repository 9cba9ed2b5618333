"""The rules of the linter: one file each, in a folder for each group."""
