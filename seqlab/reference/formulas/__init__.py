"""Formulas as data: written in LaTeX and NumPy, worked out for one unit at one time, and taken apart."""
