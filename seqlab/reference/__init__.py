"""The formulas in plain NumPy, one file a cell; this package knows nothing of torch."""
