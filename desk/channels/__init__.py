"""Channels: the driver protocol, and one file for each way to reach a destination."""
