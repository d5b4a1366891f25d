"""Releases: plan, confirm, move, sign, hold, lift, recall, withdraw; views of the calendar."""
