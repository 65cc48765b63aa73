"""Operating Tocsin: whether the sums are right, and what is wrong where they are not."""
