"""Segments that exclude nobody, as people name them: one YAML file a language."""
