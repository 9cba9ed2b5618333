"""Layouts of exports as data, one YAML file each."""
