"""Benchmarks: the budgets of the design, measured on this machine. Never part of the tests."""
