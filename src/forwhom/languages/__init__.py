"""Our own words in the language of those who read them: one catalog a language, ``<code>.po``."""
