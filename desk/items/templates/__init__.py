"""Templates of what editors see before it is public."""
