"""A canvas as one flat table (CSV), for spreadsheets and boards."""
