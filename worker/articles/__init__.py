"""Articles: one item of a feed, told apart from all others, with its text."""
