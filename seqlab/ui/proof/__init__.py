"""The comparison of NumPy with torch that stands beside every picture."""
