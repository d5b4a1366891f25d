"""Approvals: what waits for whom, and deciding it: approve or return, by the chain's rules."""
