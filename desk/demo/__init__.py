"""The demo: a whole newsroom in a temporary folder."""
