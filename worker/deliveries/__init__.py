"""Deliveries: telling them, signed, at least once, with one stable id."""
