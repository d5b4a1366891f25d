"""The tables of Desk. No I/O here, and nothing of ours is imported."""
