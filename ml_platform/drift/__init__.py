"""Has the data moved? Frozen references, counts, and the population stability index with its noise."""
