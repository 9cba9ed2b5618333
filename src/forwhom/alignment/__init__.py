"""Statistics of ratings: classes of alignment, severity, agreement. Arrays in, values out."""
