"""The Reading page, a module for each of its sections."""
