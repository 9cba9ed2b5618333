"""Words of the rules on texts as data, one YAML file a language."""
