"""Widgets that more than one screen uses; each is a file about one thing."""
