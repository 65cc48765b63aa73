"""Places: where an event happens."""
