"""The Cells page, a module for each of its sections."""
