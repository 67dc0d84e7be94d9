"""Checking a person's own NumPy functions: run them apart, compare with the reference, name the classic mistake."""
