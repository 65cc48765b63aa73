"""Triggers: what is looked for in a text, and how it is found."""
