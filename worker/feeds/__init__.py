"""Feeds: where news comes from, and how each is polled politely."""
