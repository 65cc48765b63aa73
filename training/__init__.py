"""Trains the semantic scorer; run from the repository's top, never imported by the worker."""
