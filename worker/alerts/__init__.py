"""Alerts: one real-world event each, linked from what many articles say."""
