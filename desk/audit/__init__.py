"""Audit: prove the log offline, from its entries, the pinned root and signed checkpoints."""
