"""The formulas in plain NumPy, one file a cell or a part; this package knows nothing of torch."""
