"""What one can ask of a trained run; each lens runs on a worker and answers in NumPy."""
