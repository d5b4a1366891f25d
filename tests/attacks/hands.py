"""What an attacker with keys and SQL can put into the log past the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from desk.clock import now
from desk.demo import newsroom as demo
from desk.newsroom import administer
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import plan
from desk.trust.acts import Act, write
from desk.trust.judge import manifest, steps_of

from .harness import AHEAD, Desk


def change_roster(d: Desk, document: dict[str, Any]) -> Act:
    """Enact a roster, properly signed by the administrator."""
    room, admin = d.n.room, d.n.actor(demo.ADMIN)
    with room.reading() as view:
        envelope = administer.propose_roster(view, document, room.instant())
        proposal = administer.countersign(view, envelope, admin)
    return administer.enact(room, proposal.act.envelope)


def unfinished(d: Desk, seconds: int = AHEAD) -> tuple[list[str], str]:
    """Two items that lack the last step of their chain, in a release that both leads have signed,
    past the verbs that would have refused it. Returns the items and the missing step."""
    d.n.items += demo.write_pair(d.n, demo.messages(1)[0])
    for item in d.n.items:
        demo.approve(d.n, item, but_last=True)
    with d.n.room.reading(item) as view:
        state = view.record.items[item]
        missing = steps_of(view.record, state, state.current)[-1].step
    lead = d.n.actor("lead-1")
    with d.n.room.reading() as view:
        zone = str(view.policy.document["zone"])
    at = now(d.n.room.clock).replace(microsecond=0) + timedelta(seconds=seconds + 1)
    planned = plan.plan(
        d.n.room, lead, plan.Moment.of_instant(at, zone), items=d.n.items,
        channels=["portal", "press"], code="SAO-MAI",
    )  # fmt: skip
    plan.confirm(d.n.room, lead, planned.subject)
    d.n.release, d.n.at = planned.subject, str(planned.fields["at"])
    sign_by_hand(d, "lead-1", "lead-2")
    return d.n.items, missing


def sign_by_hand(d: Desk, *people: str) -> Act:
    """A sign-off over the release as it stands, correctly signed, inserted by SQL."""
    record = d.record()
    fields = manifest(record, d.n.release)
    act = write("release.sign", fields, *(d.n.actor(person).identity for person in people))
    d.insert(act.envelope)
    d.address = {
        c: bundle_address(record.newsroom, c, act.digest) for c in fields["channels"]
    }  # fmt: skip
    return act


def approval_fields(d: Desk, item: str, step: str) -> dict[str, Any]:
    """What an approval of the newest revision says, with every gate passed."""
    record = d.record()
    assert record.policy is not None
    state = record.items[item]
    gates = [
        {"id": gate, "version": 1, "outcome": "pass", "input": "0" * 64}
        for gate in record.policy.kinds[state.kind]["gates"]
    ]
    return {"revision": state.latest, "step": step, "gates": gates, "roster": 1}
