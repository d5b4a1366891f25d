"""Styles: the one stylesheet of the desk, and how often it is read."""
