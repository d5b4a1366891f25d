"""What a restored newsroom must not forget, although its log no longer says it; in the ledger.

Portals told it in quarantine. It stays in force after `resume`: what they have released, recalled
or withdrawn does not come back to life.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from desk.errors import Reason, TrustError, because
from desk.portal.contract.stagecrypt import bundle_address
from desk.publisher.ledger import Ledger
from desk.trust.record import Record
from desk.trust.state import SignOff

_META = "restored"


@dataclass
class Kept:
    """By what it is about, the channel that told it.

    `nonce`, `taken`, `restored`: the last restore (64 hex), when its backup was made, when it was
    laid down; `seq`: where the log in it ends; `resumed`: the log's entry that
    ended its quarantine, 0 until then; `roster`: the version that a sign-off must name at least.
    `closed`: releases that went out under a sign-off that the
    log lacks; `public`: digests of contents that did; `withdrawn`: digests of revisions;
    `recalled`: addresses. `lift`: how far public calendars are ahead of the log's numbers.
    """

    nonce: str = ""
    taken: str = ""
    restored: str = ""
    seq: int = 0
    resumed: int = 0
    roster: int = 0
    closed: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    recalled: dict[str, str] = field(default_factory=dict)
    lift: int = 0

    @classmethod
    def load(cls, ledger: Ledger) -> Kept:
        """What the ledger holds. Raises TrustError when it makes no sense."""
        try:
            value: dict[str, Any] = json.loads(ledger.meta(_META, "{}"))
            return cls(**value)
        except (ValueError, TypeError):
            raise TrustError(
                "The ledger is damaged", "what was kept of a restore cannot be read",
                "Restore the backup again; nothing goes out meanwhile",
            ) from None  # fmt: skip

    def save(self, ledger: Ledger) -> None:
        """Keep it, synced; nothing is written when nothing has changed."""
        text = json.dumps(asdict(self), sort_keys=True)
        if ledger.meta(_META) != text:
            ledger.set_meta(_META, text)

    @property
    def quarantined(self) -> bool:
        """Whether administrators have yet to sign `resume`."""
        return bool(self.nonce) and not self.resumed

    def against(self, record: Record, release_id: str) -> list[Reason]:
        """Why a release may not go out, beyond what the log says."""
        release = record.releases.get(release_id)
        if not self.nonce or release is None:
            return []
        found = []
        if release_id in self.closed:
            text = "{channel} has opened it under a sign-off that was lost"
            found.append(because("released-elsewhere", text, channel=self.closed[release_id]))
        signoff = release.signoff
        if signoff is None:
            return found
        if self.bars(signoff):
            text = "signed before the restore, and may be held since: recall it, sign it again"
            found.append(Reason("restored", text))
        for channel in signoff.fields["channels"]:
            address = bundle_address(record.newsroom, channel, signoff.digest)
            if address in self.recalled:
                text = "{channel} says that it was recalled"
                found.append(because("recalled", text, channel=channel))
        for entry in signoff.fields["items"]:
            revision = record.revisions.get(entry["revision"])
            if entry["revision"] in self.withdrawn:
                text, on = "{item} was withdrawn on {places}", self.withdrawn[entry["revision"]]
                found.append(because("withdrawn", text, item=entry["item"], places=on))
            if revision is not None and revision.content in self.public:
                text, at = "{item} is public already: {places}", self.public[revision.content]
                found.append(because("released-elsewhere", text, item=entry["item"], places=at))
        return found

    def bars(self, signoff: SignOff | None) -> bool:
        """Whether a sign-off is from before the restore (None: one that the log lacks).

        A hold or a recall that came after the backup is lost with it, and no portal has seen it. So
        leads recall and sign again what had not gone out. Which sign-offs are new does not follow
        from their place in the log, where a lost one can be put again, but from the roster version
        in their signed bytes: administrators renew the roster when they resume.
        """
        if not self.nonce:
            return False
        return signoff is None or int(signoff.fields["roster_version"]) < self.roster
