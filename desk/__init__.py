"""Desk: a terminal newsroom for a controlled publishing calendar."""

__version__ = "0.1.0"
