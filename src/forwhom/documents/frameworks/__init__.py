"""Canvas frameworks as data, one YAML file each."""
