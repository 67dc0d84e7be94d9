"""Measurements of the promises that are ratios or tolerances; `python -m tests.benchmarks` prints them all."""
