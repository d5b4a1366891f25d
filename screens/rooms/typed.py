"""What somebody typed into a form that has to be of a shape: what is wrong is told in the form."""

from __future__ import annotations

from desk.errors import UsageError
from desk.locales import _, told


def wrong_time(text: str, zone: str) -> str:
    """What is wrong with a wall time in the zone or a UTC instant; "" when it can be read.

    A time that occurs twice can be: which of the two is meant is asked afterwards.
    """
    from desk.releases.placing import read_moment  # late: it knows the database

    try:
        read_moment(text, zone, "earlier")
    except UsageError as error:
        return f"{told(error.title)}: {text[:40]}"
    return ""


def wrong_key(text: str) -> str:
    """What is wrong with a public signing key in hex digits; "" when it is one."""
    from desk.trust.act_shapes import SIGN_KEY

    if SIGN_KEY(text.lower()):
        return ""
    return _("Not a key") + ": " + _("64 hex digits: desk key script-show FILE")
