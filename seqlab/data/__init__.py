"""Vocabularies, batches, corpora and their download."""
