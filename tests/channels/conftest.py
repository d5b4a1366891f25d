"""The newsroom of the portal's tests, for the drivers' own tests."""

from portal.conftest import setup, world

__all__ = ["setup", "world"]
