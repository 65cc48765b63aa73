"""The whole system under fire: real processes, killed and stopped at random, and what the sink saw of it."""
