"""A founded newsroom for each test, as for the verbs."""

from tests.verbs.conftest import *  # noqa: F403
