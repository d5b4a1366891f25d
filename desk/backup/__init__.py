"""Backups: the newsroom in one sealed file, and the way back into quarantine."""
