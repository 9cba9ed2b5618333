"""The engine: a finite mixture of exponential families, fitted by accelerated EM."""
