"""Other people's checkpoints: read without running anything, recognised by names and shapes, opened as runs."""
