"""Void: why an act that is well formed and signed counts for nothing."""

from __future__ import annotations

from desk.errors import TrustError


class Void(TrustError):
    """This act counts for nothing, and why."""

    code = "void"
