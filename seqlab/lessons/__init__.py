"""Lessons: one file each, read, checked and driven step by step beside the pages they lead through."""
