"""Measures of the code itself, at any commit: ``python -m tests.house --base REV`` prints them for then and now."""
