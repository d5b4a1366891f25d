"""The demo's newsroom with a filled board of contacts, for the tests of its room."""

from __future__ import annotations

from tests.screens.contacts_world import board, filled, newsroom  # noqa: F401 (fixtures)
