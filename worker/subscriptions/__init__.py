"""Subscriptions: who wants to be told of what."""
