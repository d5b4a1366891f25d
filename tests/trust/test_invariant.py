"""Random acts by random people, right and wrong: what the judge lets out is always right.

The judge is compared with a plain model written from the design (`model.py`), under the log's own
roster and, as a portal does, under the roster and policy pinned from elsewhere.
"""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desk.errors import DeskError
from desk.trust.acts import EVERYTHING, FIELDS, Act, write
from desk.trust.envelope import Envelope
from desk.trust.judge import judge, manifest
from desk.trust.record import Record

from .house import AT, CHAIN, GATES, PIN, TIME, WALL, ZONE, House, digest_of, ident, policy_document
from .model import Line, Model

people = st.sampled_from(
    ["writer", "writer-2", "appraiser", "reviewer", "checker", "lead-1", "lead-2", "lead-3",
     "lead-yt", "guest"]
)  # fmt: skip
items = st.sampled_from(["one", "two"])
releases = st.sampled_from(["r1", "r2"])
steps = st.sampled_from(["appraise", "review", "check"])
LEADS = ("lead-1", "lead-2", "lead-3")


class Newsroom(RuleBasedStateMachine):
    """A log to which anybody appends anything."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House()
        self.lines: list[Line] = []
        self.counted: list[Envelope] = []
        self.released: set[str] = set()
        self.gone: set[str] = set()  # releases that went out: nothing stops them any more
        self.let_out = 0

    # -- helpers

    def put(self, made: Act | Envelope) -> bool:
        envelope = made if isinstance(made, Envelope) else made.envelope
        document = self.house.document()
        applied = self.house.put(envelope)
        signatures = tuple((s.keyid, s.sig) for s in envelope.signatures)
        self.lines.append(Line(envelope.payload_type, envelope.payload, signatures, document))
        if not applied.void:
            self.counted.append(envelope)
        return not applied.void

    def act(self, kind: str, subject: str, who: str, **fields: Any) -> bool:
        return self.put(self.house.make(kind, subject, who, **fields))

    def fresh(self) -> str:
        self.house.count += 1
        return digest_of(f"fresh {self.house.count}")

    def revisions(self, item: str) -> list[str]:
        state = self.house.record.items.get(ident("i", item))
        return list(state.revisions) if state else []

    # -- what people do

    @initialize()
    def begin(self) -> None:
        self.put(self.house.revise("one", "writer"))
        self.put(self.house.revise("two", "writer-2", item_kind="statement"))

    @rule(item=items, who=people, stale=st.booleans())
    def revise(self, item: str, who: str, stale: bool) -> None:
        changes = {"number": 1, "parent": None} if stale else {}
        self.put(self.house.revise(item, who, **changes))

    @rule(item=items, who=people, step=steps, back=st.integers(1, 3), fail=st.booleans())
    def approve(self, item: str, who: str, step: str, back: int, fail: bool) -> None:
        known = self.revisions(item)
        if known:
            gates = [g | ({"outcome": "fail"} if fail else {}) for g in GATES]
            self.act("item.approve", ident("i", item), who, revision=known[-min(back, len(known))],
                     step=step, gates=gates, roster=1)  # fmt: skip

    @rule(item=items)
    def approve_as_usual(self, item: str) -> None:
        state = self.house.record.items[ident("i", item)]
        for step, who in CHAIN[state.kind].items():
            self.act("item.approve", state.id, who, revision=state.latest, step=step, gates=GATES,
                     roster=1)  # fmt: skip

    @rule(item=items, who=people, gate=st.sampled_from(["pass", "pass", "fail", ""]))
    def mend(self, item: str, who: str, gate: str) -> None:
        """A quick fix, approved as usual at the last step."""
        self.put(self.house.revise(item, who, quick_fix=True))
        state = self.house.record.items[ident("i", item)]
        step, checker = list(CHAIN[state.kind].items())[-1]
        seen = {"id": "quick-fix", "version": 1, "outcome": gate, "input": digest_of("texts")}
        self.act("item.approve", state.id, checker, revision=state.latest, step=step,
                 gates=[*GATES, seen] if gate else GATES, roster=1)  # fmt: skip

    @rule(item=items, name=releases, who=st.sampled_from(["writer", "writer-2", "lead-3"]),
          gate=st.sampled_from(["pass", "pass", "fail", ""]), approved=st.booleans(),
          leads=st.permutations(LEADS).map(list))  # fmt: skip
    def mend_and_sign_anew(
        self, item: str, name: str, who: str, gate: str, approved: bool, leads: list[str]
    ) -> None:
        """Minutes before: a quick fix of what may or may not be approved, and a new sign-off."""
        if approved:
            self.approve_as_usual(item)
        self.mend(item, who, gate)
        self.go_the_whole_way(name, item, leads)

    @rule(item=items, who=people, kill=st.booleans())
    def take_back(self, item: str, who: str, kill: bool) -> None:
        digest = self.revisions(item)[-1]
        if kill:
            self.act("item.withdraw", ident("i", item), who, revision=digest, mode="kill", note="x")
        else:
            self.act("item.return", ident("i", item), who, revision=digest)

    @rule(name=releases, who=people, chosen=st.sampled_from([["one"], ["two"], ["one", "two"]]))
    def plan(self, name: str, who: str, chosen: list[str]) -> None:
        self.act("release.plan", ident("r", name), who, at=AT, zone=ZONE, wall=WALL, code=name,
                 channels=["portal"], items=[ident("i", item) for item in chosen])  # fmt: skip

    @rule(
        name=releases,
        who=people,
        kind=st.sampled_from(["confirm", "confirm", "edit", "move", "postpone", "cancel"]),
        later=st.booleans(),
    )
    def change_the_plan(self, name: str, who: str, kind: str, later: bool) -> None:
        release = self.house.record.releases.get(ident("r", name))
        if release is None:
            return
        fields: dict[str, Any] = {
            "edit": {"channels": ["portal"], "items": [ident("i", "one")]},
            "move": {"at": "2026-11-21T08:00:00Z" if later else AT, "zone": ZONE, "wall": WALL,
                     "note": "x"},
            "postpone": {"note": "x"},
            "cancel": {"note": "x"},
        }.get(kind, {})  # fmt: skip
        self.act(f"release.{kind}", release.id, who, parent=release.basis, **fields)

    @rule(name=releases, who=people)
    def recall(self, name: str, who: str) -> None:
        release = self.house.record.releases.get(ident("r", name))
        if release and release.signoff:
            self.act("release.recall", release.id, who, parent=release.basis,
                     signoff=release.signoff.digest)  # fmt: skip

    @rule(name=releases, who=st.lists(people, min_size=1, max_size=3, unique=True),
          at=st.sampled_from([AT, "2026-11-19T08:00:00Z"]))  # fmt: skip
    def sign(self, name: str, who: list[str], at: str) -> None:
        if ident("r", name) in self.house.record.releases:
            fields = manifest(self.house.record, ident("r", name)) | {"at": at}
            self.put(write("release.sign", fields, *(self.house.people[w] for w in who)))

    @rule(name=releases, item=items, leads=st.permutations(LEADS).map(list))
    def go_the_whole_way(self, name: str, item: str, leads: list[str]) -> None:
        release = self.house.record.releases.get(ident("r", name))
        if release is None:
            self.plan(name, leads[0], [item])
            release = self.house.record.releases.get(ident("r", name))
        if release is None:
            return
        if not release.confirmed:
            self.act("release.confirm", release.id, leads[1], parent=release.basis)
        self.sign(name, sorted(set(leads[:2])), release.at)

    @rule(
        name=releases,
        item=items,
        author=st.sampled_from(["", "writer", "writer-2", "lead-3"]),
        approvers=st.tuples(*[st.sampled_from(["writer-2", "lead-1", "lead-3", "reviewer"])] * 3),
        spoil=st.sampled_from(["", "", "approver", "signer", "hold", "old key", "claim"]),
        leads=st.permutations(LEADS),
    )
    def go_nearly_the_whole_way(
        self, name: str, item: str, author: str, approvers: tuple[str, ...], spoil: str,
        leads: list[str],
    ) -> None:  # fmt: skip
        """What happens on most days, with one thing that may not be right."""
        if author:
            self.put(self.house.revise(item, author))
        state = self.house.record.items[ident("i", item)]
        if spoil == "claim":
            self.act("publisher.released", ident("r", name), "pub-1", signoff=self.fresh(),
                     channel="portal", address=self.fresh(), opened_ms=1,
                     revisions=list(state.revisions))  # fmt: skip
            self.put(self.house.revise(item, "writer"))
        for (step, usual), other in zip(CHAIN[state.kind].items(), approvers, strict=False):
            who = other if spoil == "approver" else usual
            self.act("item.approve", state.id, who, revision=state.latest, step=step, gates=GATES,
                     roster=1)  # fmt: skip
        key = self.house.document()["people"]["lead-1"]["keys"][0]
        if spoil == "old key" and key["state"] == "active":  # a compromised one stays so
            self.house.rotate("lead-1")
            self.house.people["lead-1"] = self.house.people["lead-1-old"]
        self.go_the_whole_way(name, item, leads if spoil != "signer" else [leads[0], leads[0]])
        if spoil == "hold":
            self.act("release.hold", ident("r", name), "guest", nonce=self.fresh())
            self.lift(name, leads[:1])

    @rule(name=st.sampled_from(["r1", "r2", EVERYTHING]), who=people)
    def hold(self, name: str, who: str) -> None:
        subject = name if name == EVERYTHING else ident("r", name)
        self.act("release.hold", subject, who, nonce=self.fresh())

    @rule(name=st.sampled_from(["r1", "r2", EVERYTHING]), who=st.lists(people, max_size=3))
    def lift(self, name: str, who: list[str]) -> None:
        subject = name if name == EVERYTHING else ident("r", name)
        release = self.house.record.releases.get(subject)
        held = self.house.record.holds if name == EVERYTHING else release.holds if release else {}
        for digest in list(held):
            for person in who:
                self.act("release.lift", subject, person, hold=digest)

    @rule(
        giver=people,
        to=people,
        role=st.sampled_from(["review", "check", "lead", "lead", "author", "admin"]),
        agency=st.sampled_from(["*", "thong-ke", "y-te"]),
        span=st.sampled_from([(TIME, AT), (TIME, AT), (TIME, TIME), (AT, AT),
                              (TIME, "2026-12-21T07:00:01Z")]),
    )  # fmt: skip
    def delegate(self, giver: str, to: str, role: str, agency: str, span: tuple[str, str]) -> None:
        self.act("people.delegate", "people", giver, to=to, role=role, agency=agency,
                 until=span[1], **{"from": span[0]})  # fmt: skip

    @rule(number=st.integers(0, 9), who=people)
    def take_back_a_role(self, number: int, who: str) -> None:
        known = list(self.house.record.delegations.values())
        if known:
            one = known[number % len(known)]
            giver = one.giver if number % 3 else who
            self.act("people.undelegate", "people", giver, delegation=one.digest)

    @rule(
        name=releases,
        item=items,
        role=st.sampled_from(["lead", "review", "check"]),
        deputy=st.sampled_from(["guest", "appraiser", "writer", "writer-2", "lead-1"]),
        beside=st.booleans(),
        spoil=st.sampled_from(["", "", "ended", "role", "key"]),
    )
    def go_the_whole_way_with_a_deputy(
        self, name: str, item: str, role: str, deputy: str, beside: bool, spoil: str
    ) -> None:
        """Somebody is away, or says so and acts all the same (`beside`)."""
        giver = {"lead": "lead-1", "review": "reviewer", "check": "checker"}[role]
        self.delegate(giver, deputy, role, "*", (TIME, AT))
        made = list(self.house.record.delegations)[-1:]
        state = self.house.record.items[ident("i", item)]
        for step, usual in CHAIN[state.kind].items():
            who = deputy if step == role else usual
            self.act("item.approve", state.id, who, revision=state.latest, step=step, gates=GATES,
                     roster=1)  # fmt: skip
        leads = ["lead-1", "lead-2"]
        if role == "lead":
            leads = [deputy, giver if beside else "lead-2"]
        self.go_the_whole_way(name, item, [leads[0], leads[1], "lead-3"])
        if spoil == "ended" and made:
            self.act("people.undelegate", "people", giver, delegation=made[0])
        elif spoil == "role":
            self.take_the_roles(giver)
        elif spoil == "key":
            self.house.key_state(giver, "compromised")

    @rule(name=releases, honest=st.booleans(), item=items)
    def say_it_went_out(self, name: str, honest: bool, item: str) -> None:
        release = self.house.record.releases.get(ident("r", name))
        if release is None or release.signoff is None:
            return
        entries = [entry["revision"] for entry in release.signoff.fields["items"]]
        if honest and judge(self.house.record, release.id).ok:
            self.released |= set(entries)
            self.gone.add(release.id)
            self.put(self.house.released(release.id))
        elif not honest:
            self.put(self.house.released(release.id, revisions=self.revisions(item)[:1],
                                         signoff=self.fresh()))  # fmt: skip

    # -- what an attacker does

    @rule(number=st.integers(0, 500))
    def replay(self, number: int) -> None:
        self.put(self.house.acts[2:][number % len(self.house.acts[2:])])

    @rule(number=st.integers(0, 500), who=people)
    def sign_anothers_act(self, number: int, who: str) -> None:
        line = self.lines[number % len(self.lines)]
        self.put(
            Envelope(line.payload_type, line.payload, ()).signed_also_by(self.house.people[who])
        )

    @rule(number=st.integers(0, 500), kind=st.sampled_from(sorted(FIELDS)))
    def relabel(self, number: int, kind: str) -> None:
        line = self.lines[number % len(self.lines)]
        old = self.house.acts[2:][number % len(self.house.acts[2:])]
        self.put(Envelope(FIELDS[kind].payload_type, line.payload, old.signatures))

    @precondition(lambda self: len(self.lines) > 8)
    @rule(who=people, state=st.sampled_from(["rotated", "revoked", "compromised"]))
    def end_a_key(self, who: str, state: str) -> None:
        key, *newer = self.house.document()["people"][who]["keys"]
        if key["state"] != "compromised" and not newer:  # what was stolen stays so
            self.house.key_state(who, state)

    @precondition(lambda self: len(self.lines) > 8)
    @rule(who=people)
    def take_the_roles(self, who: str) -> None:
        document = self.house.document()
        document["people"][who]["roles"] = []
        self.house.roster(document)

    # -- what must hold

    @invariant()
    def what_may_go_out_is_right(self) -> None:
        record = self.house.record
        if not record.releases:
            return
        model = Model(self.lines, policy_document(), self.house.document(), self.released)
        # A portal is shown what counts: a publisher does not carry void acts to it.
        elsewhere = Record.from_acts(PIN, self.counted, roster=record.roster, policy=record.policy)
        for release in record.releases.keys() - self.gone:
            here, there = judge(record, release), judge(elsewhere, release)
            if here.ok:
                self.let_out += 1
                assert model.wrong(release, here.signoff) == []
            if there.ok and here.ok:
                assert there.signoff == here.signoff


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(
    max_examples=80,
    stateful_step_count=20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a log is read as it is found
)


def test_the_machine_reaches_releases_that_may_go_out() -> None:
    """The invariant says something only if good releases occur."""
    machine = Newsroom()
    machine.begin()
    machine.approve_as_usual("one")
    machine.approve_as_usual("two")
    machine.go_the_whole_way("r1", "one", list(LEADS))
    machine.go_the_whole_way("r2", "two", ["lead-2", "lead-3", "lead-1"])
    machine.what_may_go_out_is_right()
    assert machine.let_out == 2
    other = Newsroom()
    other.begin()
    other.go_the_whole_way_with_a_deputy("r1", "one", "lead", "guest", False, "")
    other.go_the_whole_way_with_a_deputy("r2", "two", "check", "guest", False, "")
    other.what_may_go_out_is_right()
    assert other.let_out >= 1
    third = Newsroom()
    third.begin()
    third.mend_and_sign_anew("one", "r1", "writer-2", "pass", True, ["lead-2", "lead-1"])
    third.what_may_go_out_is_right()
    assert third.let_out == 1
    record = third.house.record
    assert record.items[ident("i", "one")].current.quick_fix
    try:
        machine.say_it_went_out("r1", True, "one")
    except DeskError as error:  # pragma: no cover
        raise AssertionError(error) from None
    assert TIME
