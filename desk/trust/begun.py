"""The sign-off that is begun: which signatures count for what would be signed next.

Who signed a text before it was mended, or a release before an item was left out, has to sign
again: that sign-off is about something else, however many stand behind it.
"""

from __future__ import annotations

from desk.trust.judge import manifest, same_manifest
from desk.trust.record import Record
from desk.trust.state import ReleaseState, SignOff


def begun(record: Record, release: ReleaseState) -> SignOff | None:
    """The sign-off that the next signature adds to, with most signers; None when it begins one.

    About a release that may not go out yet; of one that may, the sign-off in force counts. Raises
    Refused while no policy is adopted.
    """
    wanted = manifest(record, release.id)
    same = [one for one in release.resting if same_manifest(one.fields, wanted)]
    return max(same, key=lambda signoff: len(signoff.signers), default=None)
