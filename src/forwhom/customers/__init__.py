"""From a study and its tables to one row per customer and the engine's arrays."""
